const UNKNOWN = "–";

function row(article, root) {
  const cell = (label, name, ...children) => element("td", {
    "data-label": label, class: children.includes(UNKNOWN) ? `${name} none` : name,
  }, ...children);
  return element("tr", { "data-source": article.source },
    cell("Title", "title", element("button", {
      class: "open", type: "button", dir: "auto", onclick: () => root.open(article.source),
    }, article.title ?? article.file)),
    cell("Publisher", "publisher", article.publisher ? element("bdi", {}, article.publisher) : UNKNOWN),
    cell("Date", "date", article.date ?? UNKNOWN),
    cell("", "only", element("button", {
      class: "only", type: "button", "aria-label": `Ask only: ${article.title ?? article.file}`,
      onclick: () => root.only(article.source),
    }, "Ask only this")));
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const signature = JSON.stringify(data.rows);
  root.open = (source) => setTriggerValue("opened", source);
  root.only = (source) => setTriggerValue("only", source);
  if (root.signature !== signature) {
    root.replaceChildren(element("table", {},
      element("thead", {}, element("tr", {}, ["Title", "Publisher", "Date", ""].map((name) =>
        element("th", { scope: "col" }, name)))),
      element("tbody", {}, data.rows.map((article) => row(article, root)))));
    root.signature = signature;
  }
  for (const line of root.querySelectorAll("tr[data-source]"))
    line.toggleAttribute("data-chosen", line.dataset.source === data.chosen);
}
