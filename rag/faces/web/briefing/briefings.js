export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const list = element("ul", {}, data.rows.map((briefing) => {
    const changed = new Date(briefing.changed_at).toLocaleDateString([], { dateStyle: "medium" });
    return element("li", {}, element("button", {
      type: "button", class: "line", dir: "auto", title: briefing.title, "data-key": briefing.key,
      "aria-current": briefing.key === data.chosen ? "true" : null,
      onclick: () => setTriggerValue("opened", briefing.key),
    }, element("span", { class: "name" }, briefing.title),
       element("span", { class: "quiet" }, `${briefing.size === 1 ? "1 entry" : `${briefing.size} entries`} · ${changed}`)));
  }));
  const focused = root.getRootNode().activeElement?.dataset?.key;
  root.replaceChildren(element("nav", { "aria-label": "Briefings" }, list));
  if (focused) root.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}
