// Data becomes text nodes only: nothing in an article, a question or an answer is ever parsed.
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes ?? {})) {
    if (attribute.startsWith("on")) made[attribute] = value;
    else if (value !== null && value !== undefined && value !== false)
      made.setAttribute(attribute, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

const SHAPES = {
  supported: ["M8 1.2a6.8 6.8 0 1 0 0 13.6A6.8 6.8 0 0 0 8 1.2Z", "m4.9 8.2 2.2 2.2 4-4.6"],
  partly: ["M8 1.2a6.8 6.8 0 1 0 0 13.6A6.8 6.8 0 0 0 8 1.2Z", "M4.8 8.1c1-1.4 2.1-1.4 3.2 0s2.2 1.4 3.2 0"],
  unsupported: ["M8 1.2a6.8 6.8 0 1 0 0 13.6A6.8 6.8 0 0 0 8 1.2Z", "m5.5 5.5 5 5m0-5-5 5"],
  conflicting: ["M1.5 5h10.5m-3-3 3 3-3 3", "M14.5 11h-10.5m3-3-3 3 3 3"],
  close: ["m3 3 10 10M13 3 3 13"],
  fold: ["m4 6 4 4 4-4"],
  previous: ["m10 3-5 5 5 5"],
  next: ["m6 3 5 5-5 5"],
  add: ["M8 3v10M3 8h10"],
  done: ["m3 8.5 3.5 3.5L13 4.5"],
  change: ["M2 8h11m-3.5-3.5L13 8l-3.5 3.5"],
  up: ["M5 7.2 7.6 1.8c1.2 0 1.9.9 1.7 2L8.9 6.2h3.6c.9 0 1.5.8 1.3 1.7l-1 4.6c-.2.8-.8 1.3-1.6 1.3H5", "M5 7.2v6.6H2.4V7.2z"],
  down: ["M11 8.8 8.4 14.2c-1.2 0-1.9-.9-1.7-2l.4-2.4H3.5c-.9 0-1.5-.8-1.3-1.7l1-4.6c.2-.8.8-1.3 1.6-1.3H11", "M11 8.8V2.2h2.6v6.6z"],
  note: ["M8 1.2a6.8 6.8 0 1 0 0 13.6A6.8 6.8 0 0 0 8 1.2Z", "M8 7.4v3.8m0-6.4v.1"],
  alert: ["M8 2 1.3 13.8h13.4z", "M8 6.5v3.5m0 1.7v.1"],
};

function drawn(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [attribute, value] of Object.entries(attributes ?? {})) made.setAttribute(attribute, value);
  made.append(...children.flat());
  return made;
}

function icon(name) {
  return drawn("svg", {
    viewBox: "0 0 16 16", fill: "none", stroke: "currentColor", "stroke-width": "1.6",
    "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true",
  }, SHAPES[name].map((shape) => drawn("path", { d: shape })));
}

// Words in a box that may be too small for them: then the keyboard can reach the box, and scroll it.
function scrolling(box) {
  new ResizeObserver(() => {
    if (box.scrollHeight > box.clientHeight + 1) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }).observe(box);
  return box;
}

// A click that ends a selection of words is no choice.
function endsSelection(node) {
  const selection = node.getRootNode().getSelection?.() ?? document.getSelection();
  return selection !== null && !selection.isCollapsed;
}

