export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const signature = JSON.stringify([data.label, data.choices]);
  root.choose = (value) => setTriggerValue("chosen", value);
  if (root.signature !== signature) {
    root.replaceChildren(element("fieldset", {}, element("legend", {}, data.label),
      data.choices.map(([value, words]) => element("label", {},
        element("input", { type: "radio", name: "choice", value, onchange: () => root.choose(value) }),
        element("bdi", {}, words)))));
    root.signature = signature;
  }
  for (const input of root.querySelectorAll("input")) input.checked = input.value === data.chosen;
}
