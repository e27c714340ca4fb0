// Questions to begin with. While they are looked for their place is held, so that nothing moves.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const ask = (question) => setTriggerValue("asked", question);
  const { questions } = data;
  if (questions !== null && !questions.length) {
    root.replaceChildren();
    return;
  }
  root.replaceChildren(element("p", { class: "quiet" }, "For example"),
    questions === null
      ? element("p", { class: "quiet looking", role: "status" }, "Looking for questions that the articles answer …")
      : element("ul", {}, questions.map((question) => element("li", {},
          element("button", { class: "example", type: "button", dir: "auto", onclick: () => ask(question) }, question)))));
}
