// The picture in pixels: its width is measured, the server gives places from 0 to 1.
const NARROW = 640, GUTTER = 152, EDGE = 10;
const DOT = 5, LEVEL = 14, MOST_LEVELS = 12, SPAN_LEVEL = 11, BAR_HIGH = 52, GAP = 16, LABEL = 20, FOOT = 30;
const LEAST_SPAN = 14, LEAST_DRAG = 8;
const SHAPES_OF = {
  published: `M-${DOT} 0a${DOT} ${DOT} 0 1 0 ${2 * DOT} 0a${DOT} ${DOT} 0 1 0-${2 * DOT} 0Z`,
  statement: "M0-6 6 0 0 6-6 0Z",
};

// Each mark on the lowest level on which it touches no other.
function stacked(marks, across) {
  const ends = [];
  return marks.map((mark) => {
    let [x, end] = [across(mark.at), across(mark.to)];
    const least = mark.exact ? 2 * DOT + 2 : LEAST_SPAN;
    if (end - x < least || mark.exact) [x, end] = [(x + end - least) / 2, (x + end + least) / 2];
    let level = ends.findIndex((taken) => taken + 1 <= x);
    if (level < 0) level = Math.min(ends.length, MOST_LEVELS - 1);
    ends[level] = Math.max(end, ends[level] ?? 0);
    return { mark, x, end, level };
  });
}

const said = (mark) => [mark.when, mark.words, mark.outlet].filter(Boolean).join(" · ");

function target(root, mark, kind, shape) {
  const made = drawn("g", {
    class: `mark ${kind}`, role: "button", tabindex: -1, "aria-label": said(mark),
    ...(mark.address ? { "data-address": mark.address, "aria-pressed": String(mark.address === root.chosen) } : {}),
  }, shape);
  const act = () => mark.address ? root.open(mark.address) : root.view(mark.view);
  made.onclick = act;
  made.onkeydown = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act();
  };
  made.onfocus = () => tell(root, mark, made);
  made.onpointerenter = () => tell(root, mark);
  made.at = mark.at;
  made.mark = mark;
  return made;
}

function tell(root, mark, focused) {
  root.telling.replaceChildren(
    element("bdi", { class: "when" }, mark.when), " ", element("span", { dir: "auto" }, mark.words),
    mark.outlet ? element("bdi", { class: "quiet" }, ` ${mark.outlet}`) : null);
  if (!focused) return;
  for (const other of root.marks) other.setAttribute("tabindex", other === focused ? 0 : -1);
}

function row(root, data, across, top, width) {
  const { kind } = data, nodes = [];
  const isBars = data.bars.length || data.spans.length;
  let high;
  if (!isBars) {
    const placed = stacked(data.marks, across);
    const levels = Math.max(1, ...placed.map(({ level }) => level + 1));
    high = levels * LEVEL;
    for (const { mark, x, end, level } of placed) {
      const y = top + high - LEVEL / 2 - level * LEVEL;
      nodes.push(target(root, mark, kind, mark.exact
        ? drawn("path", { d: SHAPES_OF[kind], transform: `translate(${(x + end) / 2} ${y})` })
        : drawn("rect", { class: "span", x, y: y - 4, width: end - x, height: 8, rx: 4 })));
    }
  } else {
    const placed = stacked(data.spans, across);
    const levels = Math.max(0, ...placed.map(({ level }) => level + 1));
    const barHigh = data.bars.length ? BAR_HIGH : 0;
    high = barHigh + levels * SPAN_LEVEL + (levels && barHigh ? 5 : 0);
    for (const mark of data.bars) {
      const x = across(mark.at), tall = Math.max(2, mark.height * BAR_HIGH);
      const wide = Math.max(1.5, across(mark.to) - x - 1.5);
      nodes.push(target(root, mark, kind, [
        // As high as the row, so that a low bar is easily hit.
        drawn("rect", { class: "reach", x, y: top, width: wide, height: BAR_HIGH }),
        drawn("rect", { class: "bar", x, y: top + BAR_HIGH - tall, width: wide, height: tall, rx: Math.min(2, wide / 3) }),
      ]));
    }
    for (const { mark, x, end, level } of placed) {
      const y = top + high - (level + 1) * SPAN_LEVEL + 2;
      nodes.push(target(root, mark, kind, drawn("rect", { class: "span", x, y, width: end - x, height: 7, rx: 3.5 })));
    }
  }
  const isNarrow = width < NARROW;
  const middle = top + high / 2;
  const label = isNarrow ? { x: 0, y: top - 7 } : { x: 0, y: data.scale ? middle - 2 : middle + 4.5 };
  const name = drawn("text", { class: "name", ...label }, data.name);
  name.fit = isNarrow ? width - EDGE : GUTTER - 14;
  const scale = data.scale ? drawn("text", {
    class: "scale", ...(isNarrow ? { x: width - EDGE, y: top - 7, "text-anchor": "end" } : { x: 0, y: middle + 13 }),
  }, data.scale) : null;
  if (scale) scale.fit = isNarrow ? width * 0.4 : GUTTER - 8;
  if (scale && isNarrow) name.fit = width * 0.5;
  return { nodes, labels: [name, scale].filter(Boolean), high };
}

// Which marks of the axis have words: years first, and none so near to another that they touch.
function toldTicks(ticks, left, right) {
  const told = new Map();
  const room = ({ words }) => 12 + 7 * words.length;
  const places = ticks.map((tick, place) => place);
  for (const place of [...places.filter((at) => ticks[at].strong), ...places.filter((at) => !ticks[at].strong)]) {
    const tick = ticks[place], half = room(tick) / 2;
    if (tick.x + half > right + 12) continue;
    const isFree = [...told.values()].every((other) => Math.abs(other.x - tick.x) >= half + room(other) / 2);
    if (isFree) told.set(place, tick);
  }
  return told;
}

// A name that is too long is cut; its end can be read in the tooltip.
function cut(label) {
  if (!label.fit || label.getComputedTextLength() <= label.fit) return;
  const whole = label.textContent;
  let length = whole.length;
  while (length > 1 && label.getComputedTextLength() > label.fit) {
    length -= 1;
    label.textContent = `${whole.slice(0, length).trimEnd()}…`;
  }
  label.append(drawn("title", {}, whole));
}

function draw(root) {
  const width = Math.floor(root.picture.clientWidth);
  if (!width) return;
  const { data } = root;
  const isNarrow = width < NARROW;
  const left = isNarrow ? EDGE : GUTTER, right = width - EDGE;
  const across = (place) => left + place * (right - left);
  const made = [], labels = [], lines = [];
  let top = isNarrow ? LABEL + 4 : 8;
  for (const of of data.rows) {
    const { nodes, labels: names, high } = row(root, of, across, top, width);
    made.push(...nodes);
    labels.push(...names);
    top += high + GAP / 2;
    lines.push(drawn("line", { class: "base", x1: left, x2: right, y1: top, y2: top }));
    top += GAP / 2 + (isNarrow ? LABEL : 0);
  }
  const foot = lines.length ? Number(lines.at(-1).getAttribute("y1")) : top;
  const told = toldTicks(data.axis.map((tick) => ({ ...tick, x: across(tick.at) })), left, right);
  const ticks = data.axis.flatMap((tick, place) => {
    const { at, words, strong } = tick, x = across(at);
    return [
      drawn("line", { class: strong ? "grid strong" : "grid", x1: x, x2: x, y1: 0, y2: foot }),
      ...(told.has(place) ? [drawn("text", { class: strong ? "tick strong" : "tick", x, y: foot + 18, "text-anchor": x < left + 24 ? "start" : "middle" }, words)] : []),
    ];
  });
  const brush = drawn("rect", { class: "brush", y: 0, height: foot, width: 0, x: 0 });
  const svg = drawn("svg", {
    class: "drawing", width, height: foot + FOOT, viewBox: `0 0 ${width} ${foot + FOOT}`, role: "group",
    "aria-label": `Timeline. ${data.told}. The arrow keys go from point to point in order of date.`,
  }, ticks, lines, brush, labels, made);
  listen(root, svg, brush, left, right);
  const focused = root.getRootNode().activeElement?.mark;
  root.marks = [...made].sort((a, b) => a.at - b.at);
  root.picture.replaceChildren(svg);
  labels.forEach(cut);
  const again = focused && root.marks.find((mark) => said(mark.mark) === said(focused));
  const first = again ?? root.marks.find((mark) => mark.mark.address === root.chosen && root.chosen) ?? root.marks[0];
  first?.setAttribute("tabindex", 0);
  again?.focus({ preventScroll: true });
}

function listen(root, svg, brush, left, right) {
  const STEP = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 };
  svg.onkeydown = (event) => {
    const at = root.marks.indexOf(root.getRootNode().activeElement);
    const last = root.marks.length - 1;
    const to = event.key === "Home" ? 0 : event.key === "End" ? last
      : STEP[event.key] ? Math.min(last, Math.max(0, at + STEP[event.key])) : -1;
    if (at < 0 || to < 0) return;
    event.preventDefault();
    event.stopPropagation();
    root.marks[to].focus();
  };
  // Dragging over the picture chooses a part of the time.
  const place = (event) => {
    const x = event.clientX - svg.getBoundingClientRect().left;
    return Math.min(right, Math.max(left, x));
  };
  svg.onpointerdown = (event) => {
    if (event.button !== 0) return;
    const from = place(event);
    const move = (moved) => {
      const to = place(moved);
      if (Math.abs(to - from) < LEAST_DRAG && !root.dragged) return;
      root.dragged = true;
      brush.setAttribute("x", Math.min(from, to));
      brush.setAttribute("width", Math.abs(to - from));
    };
    const end = (ended) => {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", end);
      window.removeEventListener("pointercancel", end);
      brush.setAttribute("width", 0);
      if (!root.dragged) return;
      // The click that ends the dragging chooses nothing.
      setTimeout(() => { root.dragged = false; });
      if (ended.type === "pointercancel") return;
      const share = (x) => (x - left) / (right - left);
      const [a, b] = [share(from), share(place(ended))].sort((one, other) => one - other);
      if ((b - a) * (right - left) >= LEAST_DRAG) root.brushed([a, b]);
    };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", end);
    window.addEventListener("pointercancel", end);
  };
}
