export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const open = (key) => setTriggerValue("opened", key);
  const list = element("ul", {}, data.rows.map((conversation) => {
    const changed = new Date(conversation.changed_at);
    return element("li", {}, element("button", {
      type: "button", class: "conversation", dir: "auto", title: conversation.title,
      "aria-current": conversation.key === data.chosen ? "true" : null,
      onclick: () => open(conversation.key),
    }, element("span", { class: "name" }, conversation.title),
       element("span", { class: "quiet" }, changed.toLocaleString([], { dateStyle: "medium", timeStyle: "short" }))));
  }));
  const focused = root.getRootNode().activeElement?.title;
  root.replaceChildren(element("nav", { "aria-label": "Conversations" }, list));
  if (focused) [...root.querySelectorAll("button")].find((button) => button.title === focused)?.focus();
}
