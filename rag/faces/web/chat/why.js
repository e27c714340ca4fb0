// How an answer came about: the question as it was searched, the passages with their ranks in both
// searches, what was read and left out, and how long each stage took.
function opener(item, root, ...shown) {
  return element("button", {
    class: "open", type: "button", title: item.title, "data-address": item.address, "aria-pressed": "false",
    onclick: (event) => root.choose(item.address, event),
  }, ...shown);
}

function bar(share, words) {
  return element("span", { class: "bar" },
    element("span", { class: "filled", style: `inline-size:${Math.round(share * 100)}%` }),
    element("span", { class: "amount" }, words));
}

function passagesFound(passages, root) {
  if (!passages.length) return null;
  const figure = (name, value) => element("span", {}, `${name} `, element("b", {}, value === null ? "–" : String(value)));
  return element("section", {}, element("h4", {}, `Passages that were found (${passages.length})`),
    element("p", { class: "quiet" }, "Ranks in the search by meaning and in the one by keywords, and how likely the passage answers when it is read with the question. The bar is the score that they come to together."),
    element("ol", { class: "left" }, passages.map((passage) => element("li", { class: passage.used ? "used" : null },
      bar(passage.score, passage.percent),
      element("div", {}, opener(passage, root, element("span", { class: "words", dir: "auto" }, passage.text)),
        element("p", { class: "figures quiet" }, element("bdi", {}, passage.label),
          figure("by meaning", passage.by_meaning), figure("by keywords", passage.by_keywords), figure("read with the question", passage.reading),
          element("span", { class: "use" }, passage.used ? "used" : "not used")))))));
}

function passedOver(sentences, root) {
  if (!sentences.length) return null;
  return element("section", {}, element("h4", {}, "Sentences that were read and left out"),
    element("ul", { class: "left" }, sentences.map((likely) => element("li", {},
      bar(likely.score, likely.percent),
      opener(likely, root, element("span", { class: "words", dir: "auto" }, likely.text),
        element("bdi", { class: "from quiet" }, likely.label))))));
}

function stages(took) {
  if (!took) return null;
  const whole = Math.max(took.stages.reduce((sum, [, , value]) => sum + value, 0), 1);
  return element("section", {}, element("h4", {}, "Time"),
    element("table", { class: "details" }, element("tbody", {}, took.stages.map(([what, words, value]) =>
      element("tr", {}, element("th", { scope: "row" }, what), element("td", {}, words),
        element("td", { class: "lane", "aria-hidden": "true" },
          element("span", { class: "filled", style: `inline-size:${(100 * value) / whole}%` })))))),
    took.tokens.length ? element("p", { class: "quiet" }, took.tokens.join(" · ")) : null);
}

function whyPanel(answer, root) {
  const { why } = answer;
  return element("div", { class: "why-panel", hidden: true },
    element("section", {}, element("h4", {}, "Question"),
      element("p", { class: "searched", dir: "auto" }, why.searched),
      why.scope.length ? element("p", { class: "quiet", dir: "auto" }, why.scope.join(" · ")) : null),
    passagesFound(why.passages, root), passedOver(why.passed_over, root), stages(why.took));
}

function unusedBlock(answer, root) {
  const shown = new Set(answer.nearest.map((nearest) => nearest.text));
  const unused = answer.why.passages.filter((passage) => !passage.used && !shown.has(passage.text));
  if (!unused.length) return null;
  return passagesFold(`Found but not used (${unused.length})`, "unused", unused, root);
}

function passageItem(passage, root) {
  return element("li", {}, element("button", {
    class: "passage", type: "button", "aria-pressed": "false", title: passage.title,
    "data-address": passage.address, onclick: (event) => root.choose(passage.address, event),
  }, element("span", { class: "words", dir: "auto" }, passage.text),
     element("bdi", { class: "from" }, passage.label)));
}

function passagesFold(title, id, passages, root) {
  const list = element("ul", { class: "nearest" }, passages.map((passage) => passageItem(passage, root)));
  return element("div", { class: "near" }, disclosure("more", id, title, title, list, root), list);
}

function nearestBlock(answer, root) {
  if (!answer.nearest.length) return null;
  if (answer.kind !== "not_found")
    return passagesFold(`Nearest passages to what is missing (${answer.nearest.length})`, "nearest", answer.nearest, root);
  return element("section", { class: "near" }, element("p", { class: "near-title" }, "Nearest passages"),
    element("ul", { class: "nearest" }, answer.nearest.map((nearest) => passageItem(nearest, root))));
}
