const MOVES = [["earlier", "Earlier", "previous"], ["later", "Later", "next"], ["closer", "Closer", null], ["wider", "Wider", null]];

function controls(root) {
  const { periods, moves } = root.data;
  const glass = (isCloser) => drawn("svg", {
    viewBox: "0 0 16 16", fill: "none", stroke: "currentColor", "stroke-width": "1.6", "stroke-linecap": "round", "aria-hidden": "true",
  }, drawn("path", { d: `M3 8h10${isCloser ? "M8 3v10" : ""}` }));
  return element("div", { class: "controls" },
    element("div", { class: "periods", role: "group", "aria-label": "Part of the time" }, periods.map(({ words, view, pressed }) =>
      element("button", { class: "period", type: "button", "aria-pressed": String(pressed), onclick: () => root.view(view) }, words))),
    element("div", { class: "moves", role: "group", "aria-label": "Move through the time" }, MOVES.map(([name, words, shape]) =>
      element("button", {
        class: "move", type: "button", "aria-label": words, title: words, disabled: !moves[name], onclick: () => root.view(moves[name]),
      }, shape ? icon(shape) : glass(name === "closer")))));
}

function legend() {
  const sample = (kind, shape) => drawn("svg", { class: `sample mark ${kind}`, viewBox: "-8 -8 16 16", "aria-hidden": "true" }, shape);
  const entry = (kind, shape, words) => element("li", {}, sample(kind, shape), words);
  return element("ul", { class: "legend quiet" },
    entry("published", drawn("path", { d: SHAPES_OF.published }), "An article, when it was published"),
    entry("statement", drawn("path", { d: SHAPES_OF.statement }), "A sentence, at the date it names"),
    entry("published", drawn("rect", { class: "span", x: -8, y: -4, width: 16, height: 8, rx: 4 }), "Known to the month or year alone"));
}

function line(root, event) {
  return element("li", {}, element("button", {
    class: `line ${event.kind}`, type: "button", "data-address": event.address,
    "aria-pressed": String(event.address === root.chosen), onclick: () => root.open(event.address),
  }, element("span", { class: "day" }, event.when),
  element("span", { class: "told" },
    element("span", { class: "unseen" }, event.kind === "published" ? "Published: " : ""),
    element("span", { class: "words", dir: "auto" }, event.words), " ",
    element("bdi", { class: "outlet quiet" }, event.outlet))));
}

function list(root) {
  const { list: years, more } = root.data;
  return element("div", { class: "list" },
    years.map(({ year, months }) => element("section", {},
      element("h3", {}, year),
      months.map(({ name, events }) => element("div", { class: "month" },
        name ? element("h4", {}, name) : null,
        element("ol", {}, events.map((event) => line(root, event))))))),
    more ? element("button", { class: "more", type: "button", onclick: () => root.more() },
      `Show more: ${more.toLocaleString("en")} left`) : null);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  root.open = (address) => { if (!root.dragged) setTriggerValue("opened", address); };
  root.view = (view) => { if (!root.dragged) setTriggerValue("viewed", view); };
  root.brushed = (part) => setTriggerValue("brushed", part);
  root.more = () => setTriggerValue("more", true);
  const { chosen, ...rest } = data;
  const signature = JSON.stringify(rest);
  root.chosen = chosen;
  if (root.signature !== signature) {
    root.signature = signature;
    root.data = data;
    const focused = root.getRootNode().activeElement;
    const name = focused?.getAttribute?.("aria-label") ?? (focused?.matches?.(".period") ? focused.textContent : null);
    root.picture ??= element("div", { class: "picture" });
    root.telling = element("p", { class: "telling", dir: "auto" },
      element("span", { class: "quiet" }, "Point at a mark to read it, choose it to open its words. Drag over the picture to look closer."));
    draw(root);
    root.replaceChildren(
      controls(root),
      element("p", { class: "quiet counted", role: "status" }, data.told),
      root.picture, root.telling, legend(), list(root));
    if (name) [...root.querySelectorAll("button")].find((button) =>
      [button.getAttribute("aria-label"), button.textContent].includes(name))?.focus({ preventScroll: true });
  }
  for (const node of root.querySelectorAll("[data-address]"))
    node.setAttribute("aria-pressed", String(node.dataset.address === chosen));
  root.resized ??= new ResizeObserver(() => {
    if (root.drawnAt === root.picture.clientWidth) return;
    root.drawnAt = root.picture.clientWidth;
    draw(root);
  });
  root.resized.observe(root.picture);
  return () => root.resized.disconnect();
}
