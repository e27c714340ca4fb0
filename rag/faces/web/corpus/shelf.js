const UNKNOWN = "–";
const HEADS = [
  ["title", "Title", true], ["publisher", "Publisher", true], ["published", "Date", true],
  ["author", "Author"], ["count", "Characters"], ["count", "Left out"], ["acts", ""],
];

function row(article, place, root) {
  const open = () => root.act("opened", article.source);
  const cell = (label, name, ...children) => element("td", {
    "data-label": label, class: children.includes(UNKNOWN) ? `${name} none` : name,
  }, ...children);
  const known = (text) => text ? element("bdi", {}, text) : UNKNOWN;
  const title = element("button", { class: "open", type: "button", id: `title-${place}`, dir: "auto", onclick: open },
    article.title ?? article.file);
  const act = (name, words) => element("button", {
    type: "button", "aria-describedby": `title-${place}`, onclick: () => root.act(name, article.source),
  }, words);
  return element("tr", { "data-source": article.source },
    cell("Title", "title", title, article.is_corrected ? element("span", { class: "mark" }, "corrected") : null,
      article.title ? element("bdi", { class: "file" }, article.file) : null),
    cell("Publisher", "publisher", known(article.publisher)),
    cell("Date", "date", article.date ?? UNKNOWN),
    cell("Author", "author", known(article.author)),
    cell("Characters", "count", article.characters.toLocaleString("en")),
    cell("Left out", "count", article.cuts
      ? element("button", { class: "open", type: "button", "aria-label": `${article.cuts} left out: open`, onclick: open },
          article.cuts.toLocaleString("en"))
      : UNKNOWN),
    cell("", "acts", act("corrected", "Correct"), act("removed", "Remove")));
}

function head(data, root) {
  return element("thead", {}, element("tr", {}, HEADS.map(([name, words, sorts]) => {
    const sorted = data.by === name ? (data.is_down ? "descending" : "ascending") : null;
    return element("th", { scope: "col", class: sorts ? "sorts" : name, "aria-sort": sorted }, sorts
      ? element("button", { type: "button", title: `Sort by ${words.toLowerCase()}`, onclick: () => root.act("sorted", name) },
          words, icon("fold"))
      : words || element("span", { class: "unseen" }, "What can be done"));
  })));
}

function pages(data, root) {
  const number = (value) => value.toLocaleString("en");
  const turn = (words, page) => element("button", {
    type: "button", disabled: page < 1 || page > data.pages, onclick: () => root.act("turned", String(page)),
  }, words);
  return element("nav", { class: "pages", "aria-label": "Pages of the table" },
    element("span", {}, `${number(data.first)}–${number(data.last)} of ${number(data.total)}`),
    element("div", {}, turn("Previous", data.page - 1), turn("Next", data.page + 1)));
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const { opened, ...content } = data;
  const signature = JSON.stringify(content);
  root.act = (name, value) => setTriggerValue(name, value);
  if (root.signature !== signature) {
    const focused = root.getRootNode().activeElement?.textContent;
    root.replaceChildren(element("table", {}, head(content, root),
      element("tbody", {}, content.rows.map((article, place) => row(article, place, root)))),
      ...(content.pages > 1 ? [pages(content, root)] : []));
    if (focused) [...root.querySelectorAll("thead button, .pages button")]
      .find((button) => button.textContent === focused)?.focus();
    root.signature = signature;
  }
  for (const line of root.querySelectorAll("tr[data-source]"))
    line.toggleAttribute("data-chosen", line.dataset.source === opened);
}
