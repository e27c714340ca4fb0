function told(kind, words) {
  return words ? element("p", { class: `told ${kind}`, role: kind === "problem" ? "alert" : "status" },
    icon(kind === "problem" ? "alert" : "note"), element("span", { dir: "auto" }, words)) : null;
}

function more(rest) {
  return rest > 0 ? element("span", { class: "quiet" }, ` … and ${rest.toLocaleString("en")} more characters`) : null;
}

function cuts(all) {
  if (!all.length) return null;
  return element("details", { class: "cuts" },
    element("summary", {}, `Left out of the article (${all.length})`),
    all.map((cut) => element("div", { class: "cut" },
      element("p", { class: "quiet" }, cut.reason),
      scrolling(element("div", { class: "cut-text", dir: "auto" }, cut.text, more(cut.rest))))));
}

function read(data) {
  const parts = [data.publisher ?? "Publisher unknown", data.date ?? "Date unknown", data.author].filter(Boolean);
  return [
    element("h3", { dir: "auto", class: data.title ? null : "none" }, data.title ?? "No title was found"),
    element("p", { class: "quiet meta" }, parts.map((part) => element("bdi", {}, part)),
      element("span", {}, `${data.characters.toLocaleString("en")} characters`),
      element("bdi", { class: "file" }, data.url ?? data.name)),
    told("note", data.note),
    told("problem", data.problem),
    data.digest ? element("p", { class: "quiet", dir: "auto" }, data.digest) : null,
    scrolling(element("div", { class: "beginning", dir: "auto", role: "group", "aria-label": "How the text begins" },
      data.beginning, more(data.rest))),
    cuts(data.cuts),
  ];
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root");
  const signature = JSON.stringify(data);
  if (root.signature === signature) return;
  root.signature = signature;
  root.replaceChildren(element("article", { class: "candidate" }, data.beginning === undefined
    ? [element("p", {}, element("bdi", { class: "file" }, data.url ?? data.name)), told("problem", data.problem)]
    : read(data)));
}
