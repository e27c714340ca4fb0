// In units of the drawing, which grows and shrinks as a whole.
const WIDE = 360, HIGH = 220, LEFT = 46, RIGHT = 18, TOP = 10, BOTTOM = 26;
const across = (share) => LEFT + share * (WIDE - LEFT - RIGHT);
const up = (share) => HIGH - BOTTOM - share * (HIGH - TOP - BOTTOM);

// Each series has its own dashes and its own dot beside its colour.
const LOOKS = 4;
const DOTS = ["M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0Z", "M0-4.5 4.5 3.5h-9Z", "M-3-3h6v6h-6Z", "M0-4.5 4.5 0 0 4.5-4.5 0Z"];
const look = (place) => place % LOOKS;

function axes(frame) {
  return [
    frame.y.marks.map(({ at, words }) => [
      drawn("line", { class: "grid", x1: across(0), x2: across(1), y1: up(at), y2: up(at) }),
      drawn("text", { x: LEFT - 6, y: up(at) + 4, "text-anchor": "end" }, words),
    ]),
    frame.x.marks.map(({ at, words }) => [
      drawn("line", { class: "grid", x1: across(at), x2: across(at), y1: up(0), y2: up(0) + 4 }),
      drawn("text", { x: across(at), y: HIGH - 6, "text-anchor": "middle" }, words),
    ]),
    drawn("line", { class: "axis", x1: across(0), x2: across(1), y1: up(0), y2: up(0) }),
  ].flat(2);
}

function curve({ points }, place, hasDots) {
  const places = points.map(([x, y]) => `${across(x).toFixed(1)} ${up(y).toFixed(1)}`);
  const dots = hasDots || points.length === 1 ? points : [];
  return [
    drawn("path", { class: `line look-${look(place)}`, d: `M${places.join("L")}` }),
    ...dots.map(([x, y]) => drawn("path", {
      class: `dot look-${look(place)}`, d: DOTS[look(place)], transform: `translate(${across(x)} ${up(y)})`,
    })),
  ];
}

function plot(frame) {
  return drawn("svg", {
    class: "plot", viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": `${frame.title}. ${frame.words}`,
  }, axes(frame),
  frame.has_diagonal ? [drawn("line", { class: "diagonal", x1: across(0), y1: up(0), x2: across(1), y2: up(1) })] : [],
  // Ours is drawn last, so that nothing lies over it.
  frame.series.map((series, place) => curve(series, place, frame.has_dots)).reverse().flat());
}

function sample(name, ...more) {
  return drawn("svg", { class: "sample", viewBox: "0 0 28 10", "aria-hidden": "true" },
    drawn("path", { class: name, d: "M0 5H28" }), more);
}

function legend(frame) {
  const entries = frame.series.map(({ name }, place) => element("li", {},
    sample(`line look-${look(place)}`, ...(frame.has_dots
      ? [drawn("path", { class: `dot look-${look(place)}`, d: DOTS[look(place)], transform: "translate(14 5)" })] : [])),
    element("bdi", {}, name)));
  if (frame.has_diagonal) entries.push(element("li", {}, sample("diagonal"), "as it should be"));
  return element("ul", { class: "legend" }, entries);
}

function table({ head, rows }) {
  return element("div", { class: "points", tabindex: 0, role: "group", "aria-label": "Points" }, element("table", {},
    element("thead", {}, element("tr", {}, head.map((name) => element("th", { scope: "col" }, element("bdi", {}, name))))),
    element("tbody", {}, rows.map(([first, ...rest]) => element("tr", {},
      element("th", { scope: "row" }, first), rest.map((words) => element("td", {}, words)))))));
}

function figure(frame) {
  return element("figure", {},
    element("figcaption", {}, element("h3", { dir: "auto" }, frame.title)),
    legend(frame),
    element("p", { class: "quiet", dir: "auto" }, `${frame.y.label}`),
    plot(frame),
    element("p", { class: "quiet across", dir: "auto" }, `${frame.x.label}`),
    element("details", {}, element("summary", { "aria-label": `Points in figures: ${frame.title}` }, "Points in figures"),
      table(frame.table)));
}

function section(title, about, figures) {
  return element("section", {}, element("h2", {}, title), element("p", { class: "about" }, about),
    element("div", { class: "frames" }, figures));
}

function cell({ count, share, words, agrees }) {
  return element("td", { style: `--share: ${100 * share}%`, class: agrees ? "agrees" : null },
    element("span", { class: "number" }, count), element("span", { class: "share" }, words));
}

function confusion({ title, verdicts, rows }) {
  return element("figure", { class: "confusion" },
    element("figcaption", {}, element("h3", { dir: "auto" }, title)),
    element("div", { class: "points", tabindex: 0, role: "group", "aria-label": title }, element("table", {},
      element("thead", {}, element("tr", {}, element("td", { class: "corner" }, "found ↓  verdict →"),
        verdicts.map((verdict) => element("th", { scope: "col" }, element("bdi", {}, verdict))))),
      element("tbody", {}, rows.map(({ truth, cells }) => element("tr", {},
        element("th", { scope: "row" }, element("bdi", {}, truth)), cells.map(cell)))))));
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root");
  const signature = JSON.stringify(data);
  if (root.signature === signature) return;
  root.signature = signature;
  root.replaceChildren(
    ...data.sections.map(({ title, about, frames }) => section(title, about, frames.map(figure))),
    ...(data.confusions.length ? [section("What people found, and the verdicts given",
      "Each row is what people found of a claim, each column a verdict of ours; shaded by the share of the row. "
        + "Where both say the same the cell has a frame.",
      data.confusions.map(confusion))] : []));
}
