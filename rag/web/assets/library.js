const UNKNOWN = "–";

function row(article, root) {
  const open = () => root.open(article.source);
  const cell = (label, name, ...children) => element("td", {
    "data-label": label, class: children.includes(UNKNOWN) ? `${name} none` : name,
  }, ...children);
  const title = element("button", { class: "open", type: "button", dir: "auto", onclick: open },
    article.title ?? article.file);
  const line = element("tr", { "data-source": article.source },
    cell("Title", "title", title, root.short || !article.title
      ? null : element("bdi", { class: "file" }, article.file)),
    cell("Publisher", "publisher", article.publisher ? element("bdi", {}, article.publisher) : UNKNOWN),
    cell("Date", "date", article.date ?? UNKNOWN));
  if (root.short) {
    line.append(cell("", "only", element("button", {
      class: "only", type: "button", "aria-label": `Ask only: ${article.title ?? article.file}`,
      onclick: () => root.only(article.source),
    }, "Ask only this")));
    return line;
  }
  line.append(
    cell("Author", "author", article.author ? element("bdi", {}, article.author) : UNKNOWN),
    cell("Characters", "count", article.characters.toLocaleString("en")),
    cell("Left out", "count", article.cuts
      ? element("button", { class: "open", type: "button", "aria-label": `${article.cuts} left out: open`, onclick: open },
          article.cuts.toLocaleString("en"))
      : UNKNOWN));
  return line;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const signature = JSON.stringify([data.rows, data.short]);
  root.open = (source) => setTriggerValue("opened", source);
  root.only = (source) => setTriggerValue("only", source);
  root.short = data.short;
  if (root.signature !== signature) {
    const names = data.short
      ? ["Title", "Publisher", "Date", ""]
      : ["Title", "Publisher", "Date", "Author", "Characters", "Left out"];
    root.replaceChildren(element("table", { class: data.short ? "short" : "full" },
      element("thead", {}, element("tr", {}, names.map((name) =>
        element("th", { scope: "col", class: ["Characters", "Left out"].includes(name) ? "count" : null }, name)))),
      element("tbody", {}, data.rows.map((article) => row(article, root)))));
    root.signature = signature;
  }
  for (const line of root.querySelectorAll("tr[data-source]"))
    line.toggleAttribute("data-chosen", line.dataset.source === data.chosen);
}
