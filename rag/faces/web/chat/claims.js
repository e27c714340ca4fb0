// What the reader has unfolded stays so when the page is left and found again in the same visit.
const unfolded = new Set();

function disclosure(name, id, words, label, panel, root) {
  const address = `${root.key}/${id}`;
  const button = element("button", {
    class: `fold ${name}`, type: "button", "aria-label": label, "data-fold": id,
    onclick: () => show(!unfolded.has(address)),
  }, words, icon("fold"));
  const show = (open) => {
    unfolded[open ? "add" : "delete"](address);
    button.setAttribute("aria-expanded", String(open));
    panel.hidden = !open;
  };
  show(unfolded.has(address));
  return button;
}

function sentence(claim, place, root) {
  const first = claim.chips[0];
  const words = { class: "sentence", dir: "auto" };
  if (first && !root.draft) {
    const choose = (event) => root.choose(first.address, event);
    Object.assign(words, {
      role: "button", tabindex: "0", "aria-describedby": `verdict-${place}`, "aria-pressed": "false",
      "data-claim": first.address.replace(/\.\d+$/, "."),
      onclick: (event) => endsSelection(event.currentTarget) || choose(event),
      onkeydown: (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        choose(event);
      },
    });
  }
  const made = element("span", words, claim.text);
  if (first && !root.draft) previewed(root, made, claim);
  return made;
}

// A source is named where it is cited first in a paragraph; after that its number says which it is.
function chip(source, root, { repeated, named }) {
  const label = repeated ? `${source.label} (${repeated + 1})` : source.label;
  return element("button", {
    class: named ? "chip" : "chip short", type: "button", "aria-pressed": "false", disabled: root.draft,
    title: named ? source.title : `${label}: ${source.title}`, "data-address": source.address,
    "aria-label": `Open source ${source.number}: ${label}, ${source.title}`,
    onclick: (event) => root.choose(source.address, event),
  }, element("span", { class: "number" }, String(source.number)),
     named ? element("bdi", { class: "label" }, label) : null);
}

function claimItem(claim, place, root, named) {
  const seen = new Map();
  const chips = claim.chips.map((source) => {
    const repeated = seen.get(source.label) ?? 0;
    seen.set(source.label, repeated + 1);
    return chip(source, root, { repeated, named: claim.chips.length > 1 || !named.includes(source.number) });
  });
  if (!chips.length) chips.push(element("span", { class: "sourceless" }, "no source"));
  const plain = claim.verdict === "supported";
  const verdict = element("span", { class: `verdict ${claim.verdict}`, id: `verdict-${place}`, title: plain ? claim.word : null },
    icon(claim.verdict), element("span", { class: plain ? "unseen" : null }, claim.word));
  const doubtful = claim.reason && !plain;
  const reason = doubtful ? element("span", { class: "reason quiet", dir: "auto" }, claim.reason) : null;
  const why = doubtful
    ? disclosure("why", `why-${place}`, "Why", `Why ${claim.word.toLowerCase()}`, reason, root) : null;
  const keep = root.draft || !root.keeps || !claim.chips.length ? null : keepButton(claim, place, root);
  return element("span", { class: `claim ${claim.verdict}` }, sentence(claim, place, root), " ",
    element("span", { class: "evidence" }, chips, element("span", { class: "judged" }, verdict, why), keep),
    reason, " ");
}

function keepButton(claim, place, root) {
  return element("button", {
    class: claim.kept ? "keep kept" : "keep", type: "button", "data-fold": `keep-${place}`,
    "aria-label": claim.kept ? "In the briefing" : "Keep this sentence in the briefing",
    title: claim.kept ? "In the briefing" : "Keep in the briefing", disabled: claim.kept,
    onclick: () => root.keep(place),
  }, icon(claim.kept ? "done" : "add"));
}

// Sentences that rest on the same article follow one another in a paragraph.
function fillClaims(claims, root) {
  return (prose) => {
    const focused = root.getRootNode().activeElement?.dataset;
    const paragraphs = [];
    claims.forEach((claim, index) => {
      const starts = index === 0 || claim.paragraph !== claims[index - 1].paragraph;
      if (starts) paragraphs.push([]);
      paragraphs.at(-1).push([claim, index + 1]);
    });
    while (prose.children.length > paragraphs.length) prose.lastChild.remove();
    paragraphs.forEach((items, number) => {
      const paragraph = prose.children[number] ?? prose.appendChild(element("p", { class: "paragraph" }));
      while (paragraph.children.length > items.length) paragraph.lastChild.remove();
      const named = [];
      items.forEach(([claim, place], at) => {
        const signature = JSON.stringify([claim, root.draft, root.keeps, named]);
        const old = paragraph.children[at];
        if (old?.signature !== signature) {
          const item = claimItem(claim, place, root, named);
          item.signature = signature;
          if (old) old.replaceWith(item);
          else paragraph.append(item);
          item.classList.toggle("arriving", root.draft && !old);
        }
        named.push(...claim.chips.map((source) => source.number));
      });
    });
    const again = focused?.address ? `.chip[data-address="${focused.address}"]`
      : focused?.claim ? `[data-claim="${focused.claim}"]` : null;
    if (again && !root.getRootNode().activeElement) prose.querySelector(again)?.focus();
  };
}
