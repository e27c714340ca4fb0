export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const signature = JSON.stringify([data.label, data.choices]);
  root.choose = (value) => setTriggerValue("chosen", value);
  if (root.signature !== signature) {
    const field = element("select", { "aria-label": data.label, onchange: () => root.choose(field.value) },
      data.choices.map(([value, words]) => element("option", { value }, words)));
    root.replaceChildren(element("div", { class: "field" }, element("span", { "aria-hidden": "true" }, data.label),
      element("span", { class: "box" }, field, icon("fold"))));
    root.signature = signature;
  }
  root.querySelector("select").value = data.chosen;
}
