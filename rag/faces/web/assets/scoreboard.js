const SCALE = [0, 25, 50, 75, 100];
// Shapes, so that the plain ways can be told apart without colours; centred on 0, 0.
const MARKS = ["M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0Z", "M0-4.5 4.5 3.5h-9Z", "M-3.5-3.5h7v7h-7Z", "M0-5 5 0 0 5-5 0Z"];
const OURS = "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0Z";
const GOAL = { least: "M0 0V28M0 0l7 3.5-7 3.5Z", most: "M0 0V28M0 0l-7 3.5 7 3.5Z" };
const SMALL_GOAL = "M0 0V16M0 0l7 3.5-7 3.5Z";
// Where the lanes lie, from the top: the goals' flags stand out above ours, the plain ways lie below.
const LANES = { goal: 1, ours: 18, plain: 36, foot: 42 };

const mark = (name, shape, x, y) =>
  drawn("svg", { x, y, overflow: "visible" }, drawn("path", { class: name, d: shape }));
const plainMark = (place, x, y) => mark("plain", MARKS[place % MARKS.length], x, y);
// The mark alone, as it stands before the words that explain it.
const key = (made) => drawn("svg", { class: "key", "aria-hidden": "true" }, made);

function picture(data) {
  const { ours, low, high } = data;
  const known = low !== null && high !== null;
  return drawn("svg", { class: "scale", role: "img", "aria-label": data.words },
    SCALE.map((at) => drawn("line", { class: "grid", x1: `${at}%`, x2: `${at}%`, y1: 6, y2: LANES.foot })),
    drawn("line", { class: "axis", x1: 0, x2: "100%", y1: LANES.ours, y2: LANES.ours }),
    known ? [drawn("rect", { class: "interval", x: `${low}%`, y: LANES.ours - 5, width: `${high - low}%`, height: 10, rx: 4 })] : [],
    data.goals.map((goal) => mark("goal", data.at_most ? GOAL.most : GOAL.least, `${goal}%`, LANES.goal)),
    ours === null ? [] : [mark("ours", OURS, `${ours}%`, LANES.ours)],
    data.plain.flatMap((at, place) => (at === null ? [] : [plainMark(place, `${at}%`, LANES.plain)])));
}

function plainWay(way, place) {
  return element("li", {}, key(plainMark(place, "50%", "50%")), element("bdi", {}, way.name), " ",
    element("span", { class: "number" }, way.figure));
}

function line(row) {
  const { goal } = row;
  return element("tr", { class: "figure" },
    element("th", { scope: "row", class: "metric" }, element("bdi", {}, row.metric),
      row.note ? element("span", { class: "remark", dir: "auto" }, row.note) : null),
    element("td", { class: "count", "data-label": "records" }, row.count),
    element("td", { class: "ours" }, element("span", { class: "number" }, row.ours),
      row.within ? element("span", { class: "within" }, row.within) : null),
    element("td", { class: "picture" }, picture(row.picture),
      row.plain.length ? element("ul", { class: "plain-ways", "aria-label": "Plain ways" }, row.plain.map(plainWay)) : null),
    element("td", { class: goal ? "goal" : "goal none" }, goal ? element("span", { class: "wanted" }, goal.words) : null,
      goal?.reached ? element("span", { class: `reached ${goal.sign}` }, icon(goal.sign), goal.reached) : null),
    element("td", { class: row.published ? "published" : "published none", "data-label": "Published by others: ", dir: "auto" },
      row.published));
}

function group({ benchmark, rows }) {
  return element("tbody", {},
    element("tr", { class: "benchmark" },
      element("th", { scope: "rowgroup", colspan: 6 }, element("bdi", {}, benchmark))),
    rows.map(line));
}

function legend() {
  const entry = (made, words) => element("li", {}, key(made), words);
  return element("ul", { class: "legend", "aria-label": "How to read the pictures" },
    entry([drawn("rect", { class: "interval", x: 0, y: 4, width: 20, height: 10, rx: 4 }), mark("ours", OURS, 10, 9)],
      "ours, with the middle 95 % when records are drawn anew"),
    entry(mark("goal", SMALL_GOAL, 7, 1), "goal, its flag on the good side"),
    entry(plainMark(0, 9, 9), "plain ways, on the same records"),
    element("li", {}, "each line runs from 0 to 100"));
}

function head() {
  const scale = element("span", { class: "marks", "aria-hidden": "true" },
    SCALE.map((at) => element("span", { style: `--at: ${at}%` }, String(at))));
  return element("thead", {}, element("tr", {},
    element("th", { scope: "col" }, "Figure"), element("th", { scope: "col", class: "count" }, "Records"),
    element("th", { scope: "col", class: "ours" }, "Ours, in %"),
    element("th", { scope: "col", class: "picture" }, element("span", { class: "unseen" }, "On the scale from 0 to 100"), scale),
    element("th", { scope: "col" }, "Goal"), element("th", { scope: "col" }, "Published by others")));
}

function missing(sets) {
  return element("section", { class: "missing" }, element("h2", {}, "Not measured"),
    element("ul", {}, sets.map(({ what, note }) =>
      element("li", {}, element("bdi", { class: "what" }, what), ": ", element("bdi", {}, note)))));
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root");
  const signature = JSON.stringify(data);
  if (root.signature === signature) return;
  root.signature = signature;
  root.replaceChildren(
    ...(data.tally.length ? [element("ul", { class: "tally" }, element("li", {}, data.goals),
      data.tally.map(({ sign, words }) => element("li", { class: `reached ${sign}` }, icon(sign), words)))] : []),
    ...(data.groups.length ? [legend(), element("table", {}, head(), data.groups.map(group))] : []),
    ...(data.missing.length ? [missing(data.missing)] : []));
}
