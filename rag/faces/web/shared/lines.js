export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  root.act = (key) => setTriggerValue("acted", key);
  const signature = JSON.stringify(data);
  if (root.signature === signature) return;
  root.signature = signature;
  root.replaceChildren(element("ul", {}, data.rows.map((row, place) => element("li", {},
    element("div", {}, element("bdi", { class: "title", id: `row-${place}` }, row.title),
      row.detail ? element("bdi", { class: "quiet detail" }, row.detail) : null),
    row.action ? element("button", {
      type: "button", "aria-describedby": `row-${place}`, onclick: () => root.act(row.key),
    }, row.action) : null))));
}
