// Questions to begin with. While they are looked for their place is held, so that nothing moves.
// A page with a field for questions scrolls to its end when it opens; a reader begins at its head.
function beginAtTheHead() {
  let touched = false;
  const touch = () => { touched = true; };
  for (const gesture of ["wheel", "touchmove", "keydown", "pointerdown"])
    document.addEventListener(gesture, touch, { once: true, passive: true });
  for (const wait of [0, 150, 400, 900, 1600])
    setTimeout(() => touched || document.querySelector(".stMain")?.scrollTo(0, 0), wait);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  if (!root.begun) {
    root.begun = true;
    beginAtTheHead();
  }
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
