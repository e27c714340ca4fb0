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
    const choose = () => root.choose(first.address);
    Object.assign(words, {
      role: "button", tabindex: "0", "aria-describedby": `verdict-${place}`, "aria-pressed": "false", title: "Show where this stands",
      "data-claim": first.address.replace(/\.\d+$/, "."),
      onclick: (event) => endsSelection(event.currentTarget) || choose(),
      onkeydown: (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        choose();
      },
    });
  }
  return element("span", words, claim.text);
}

function chip(source, root, repeated) {
  const label = repeated ? `${source.label} (${repeated + 1})` : source.label;
  return element("button", {
    class: "chip", type: "button", "aria-pressed": "false", disabled: root.draft,
    title: source.title, "data-address": source.address,
    "aria-label": `Open source ${source.number}: ${label}, ${source.title}`,
    onclick: () => root.choose(source.address),
  }, element("span", { class: "number" }, String(source.number)),
     element("bdi", { class: "label" }, label));
}

function claimItem(claim, place, root) {
  const seen = new Map();
  const chips = claim.chips.map((source) => {
    const repeated = seen.get(source.label) ?? 0;
    seen.set(source.label, repeated + 1);
    return chip(source, root, repeated);
  });
  if (!chips.length) chips.push(element("span", { class: "sourceless" }, "no source"));
  const verdict = element("span", {
    class: `verdict ${claim.verdict}`, id: `verdict-${place}`,
  }, icon(claim.verdict), claim.word);
  const doubtful = claim.reason && claim.verdict !== "supported";
  const reason = doubtful ? element("p", { class: "reason quiet", dir: "auto" }, claim.reason) : null;
  const why = doubtful
    ? disclosure("why", `why-${place}`, "Why", `Why ${claim.word.toLowerCase()}`, reason, root) : null;
  return element("li", { class: `claim ${claim.verdict}` }, sentence(claim, place, root),
    element("div", { class: "evidence" }, chips, element("span", { class: "judged" }, verdict, why)), reason);
}

function nearestItem(nearest, root) {
  return element("li", {}, element("button", {
    class: "passage", type: "button", "aria-pressed": "false", title: nearest.title,
    "data-address": nearest.address, onclick: () => root.choose(nearest.address),
  }, element("span", { class: "words", dir: "auto" }, nearest.text),
     element("bdi", { class: "from" }, nearest.label)));
}

function nearestBlock(answer, root) {
  if (!answer.nearest.length) return null;
  const list = element("ul", { class: "nearest" },
    answer.nearest.map((nearest) => nearestItem(nearest, root)));
  if (answer.kind === "not_found")
    return element("section", { class: "near" },
      element("p", { class: "near-title" }, "Nearest passages"), list);
  return element("details", { class: "near" },
    element("summary", {}, `Nearest passages to what is missing (${answer.nearest.length})`), list);
}

async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without a secure address the browser has no clipboard of its own.
    const area = element("textarea", { style: "position:fixed;opacity:0" });
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (!copied) throw new Error("refused");
  }
}

function footer(answer, root) {
  const copy = element("button", { class: "copy", type: "button" }, "Copy");
  const said = element("span", { class: "unseen", role: "status" });
  copy.onclick = async () => {
    try {
      await toClipboard(answer.copy);
      said.textContent = copy.textContent = "Copied";
    } catch {
      said.textContent = copy.textContent = "The browser refused to copy";
    }
    copy.focus();
    setTimeout(() => { copy.textContent = "Copy"; said.textContent = ""; }, 2000);
  };
  const asked = new Date(answer.asked_at);
  const time = element("time", { datetime: answer.asked_at, title: asked.toLocaleString() },
    asked.toLocaleString([], { dateStyle: "medium", timeStyle: "short" }));
  let details = null, button = null;
  if (answer.took) {
    details = element("table", { class: "details quiet" }, element("tbody", {},
      answer.took.rows.map(([what, value]) => element("tr", {},
        element("th", { scope: "row" }, what), element("td", {}, value)))));
    const { seconds } = answer.took;
    button = disclosure("took", "took", `${seconds} · details`, `${seconds}, details`, details, root);
  }
  return [element("div", { class: "footer quiet" }, time,
    answer.footer.map((words) => element("bdi", {}, words)), button, copy, said), details];
}

function question({ question, scope }) {
  return [element("p", { class: "asked", dir: "auto" }, question),
    scope ? element("p", { class: "quiet", dir: "auto" }, `Asked of: ${scope}`) : null];
}

// Editing writes into the same place; Escape and Cancel bring the line back.
function understood(words, root) {
  const line = element("p", { class: "quiet understood" }, "Understood as: ",
    element("bdi", { class: "standalone" }, words), " ");
  if (root.draft) return [line];
  const edit = element("button", { class: "link", type: "button", "aria-label": "Edit the question as understood" }, "Edit");
  line.append(edit);
  const field = element("textarea", { dir: "auto", rows: "2", "aria-label": "The question, to be asked on its own" });
  const form = element("form", { class: "rewrite", hidden: true }, field,
    element("div", { class: "actions" },
      element("button", { class: "ask", type: "submit" }, "Ask this"),
      element("button", { class: "link", type: "button", onclick: () => show(false) }, "Cancel"),
      element("span", { class: "quiet" }, "It is asked on its own, without what was said before.")));
  const show = (editing) => {
    form.hidden = !editing;
    line.hidden = editing;
    (editing ? field : edit).focus();
  };
  edit.onclick = () => {
    field.value = words;
    show(true);
    field.select();
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    if (!field.value.trim()) return;
    root.rewrite(field.value);
    show(false);
  };
  field.onkeydown = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  };
  form.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    show(false);
  };
  return [line, form];
}

function notes(answer) {
  return [
    answer.notice ? element("p", { class: "remark", role: "note", dir: "auto" }, icon("note"),
      element("span", {}, answer.notice)) : null,
    answer.message ? element("div", { class: `message ${answer.kind}`, role: "note" },
      element("p", { dir: "auto" }, answer.message)) : null,
  ];
}

function working({ words, seconds }) {
  const time = element("span", { class: "elapsed", "aria-hidden": "true" });
  if (seconds !== null) {
    const since = performance.now() - seconds * 1000;
    time.tick = () => { time.textContent = `${Math.floor((performance.now() - since) / 1000)} s`; };
    time.tick();
  }
  return [element("div", { class: "working quiet" }, element("span", { class: "ring" }),
    element("bdi", { role: "status" }, words), time)];
}

// A part is drawn anew only when its own data are other than before: what is read, written or
// has the keyboard elsewhere stays as it is.
function part(root, name, data, make) {
  root.parts ??= {};
  root.parts[name] ??= root.appendChild(element(name === "claims" ? "ol" : "div", { class: name }));
  const place = root.parts[name];
  const signature = JSON.stringify([data, root.draft]);
  if (place.signature === signature) return;
  place.signature = signature;
  make(place);
}

const fill = (...made) => (place) => place.replaceChildren(...made.flat(Infinity).filter(Boolean));

function fillClaims(claims, root) {
  return (list) => {
    while (list.children.length > claims.length) list.lastChild.remove();
    claims.forEach((claim, index) => {
      const signature = JSON.stringify([claim, root.draft]);
      const old = list.children[index];
      if (old?.signature === signature) return;
      const item = claimItem(claim, index + 1, root);
      item.signature = signature;
      if (old) old.replaceWith(item);
      else list.append(item);
      item.classList.toggle("arriving", root.draft && !old);
    });
  };
}

function build(root, data) {
  const { answer } = data;
  const focused = root.getRootNode().activeElement?.dataset?.fold;
  part(root, "question", [data.question, data.scope], (place) => fill(question(data))(place));
  part(root, "rewritten", data.standalone, (place) =>
    fill(data.standalone ? understood(data.standalone, root) : [])(place));
  part(root, "notes", [answer.notice, answer.message, answer.kind], (place) => fill(notes(answer))(place));
  part(root, "claims", answer.claims, fillClaims(answer.claims, root));
  part(root, "rest", [answer.nearest, answer.footer, answer.took, answer.copy, answer.asked_at, data.doing], (place) =>
    fill(root.draft ? working(data.working) : [nearestBlock(answer, root), footer(answer, root)])(place));
  if (focused) root.querySelector(`[data-fold="${focused}"]`)?.focus();
}

function showChosen(root, chosen) {
  const before = root.querySelector(".claim.chosen .sentence, .passage[aria-pressed='true']");
  for (const button of root.querySelectorAll("[data-address]"))
    button.setAttribute("aria-pressed", String(button.dataset.address === chosen));
  for (const words of root.querySelectorAll("[data-claim]")) {
    const pressed = Boolean(chosen?.startsWith(words.dataset.claim));
    words.setAttribute("aria-pressed", String(pressed));
    words.parentElement.classList.toggle("chosen", pressed);
  }
  // Closing the article takes its close button away; the keyboard goes back to the sentence.
  if (before && !chosen)
    for (const wait of [0, 100, 300, 800])
      setTimeout(() => document.activeElement === document.body && before.focus(), wait);
}

// A page that grows scrolls to its own end for a while: come back until it rests.
function bringIntoView(place, block, isNew) {
  let touched = false;
  const touch = () => { touched = true; };
  for (const gesture of ["wheel", "touchmove", "keydown", "pointerdown"])
    document.addEventListener(gesture, touch, { once: true, passive: true });
  for (const wait of isNew ? [100, 400, 900, 1600, 2500] : [50, 250])
    setTimeout(() => touched || place.scrollIntoView({ block }), wait);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const { chosen, key, latest, ...content } = data;
  const isNew = root.key === undefined;
  root.key = key;
  root.draft = Boolean(data.working);
  root.choose = (address) => {
    showChosen(root, address);
    setTriggerValue("chosen", address);
  };
  root.rewrite = (words) => setTriggerValue("rewritten", words);
  // Room for the whole answer from the start: what comes moves nothing.
  root.classList.toggle("roomy", root.draft || latest);
  build(root, { ...content, doing: data.working?.words });
  const wasChosen = root.chosen;
  root.chosen = chosen;
  showChosen(root, chosen);
  if (chosen && chosen !== wasChosen) {
    const place = root.querySelector(".claim.chosen, .passage[aria-pressed='true']");
    place?.closest("details")?.setAttribute("open", "");
    if (place) bringIntoView(place, isNew ? "center" : "nearest", isNew);
  } else if (isNew && (latest || root.draft)) {
    bringIntoView(root, "start", true);
  }
  const clock = root.querySelector(".elapsed")?.tick;
  const ticking = clock && setInterval(clock, 250);
  return () => clearInterval(ticking);
}
