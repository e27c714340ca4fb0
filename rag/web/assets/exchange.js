function sentence(claim, root) {
  const first = claim.chips[0];
  const words = { class: "sentence", dir: "auto" };
  if (first && !root.draft) {
    const choose = () => root.choose(first.address);
    Object.assign(words, {
      role: "button", tabindex: "0", "aria-pressed": "false", title: "Show where this stands",
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

function claimItem(claim, root) {
  const seen = new Map();
  const chips = claim.chips.map((source) => {
    const repeated = seen.get(source.label) ?? 0;
    seen.set(source.label, repeated + 1);
    return chip(source, root, repeated);
  });
  const verdict = element("span", {
    class: `verdict ${claim.verdict}`, title: claim.reason,
  }, icon(claim.verdict), claim.word);
  const reason = claim.reason && claim.verdict !== "supported"
    ? element("p", { class: "reason quiet", dir: "auto" }, claim.reason) : null;
  return element("li", { class: "claim" },
    sentence(claim, root), element("div", { class: "evidence" }, chips, verdict), reason);
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

function footer(answer) {
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
  return element("div", { class: "footer quiet" },
    time, answer.footer ? element("span", {}, answer.footer) : null, copy, said);
}

function build(root, { question, scope, answer }) {
  root.replaceChildren();
  if (question)
    root.append(element("div", { class: "question" },
      element("p", { class: "asked", dir: "auto" }, question),
      scope ? element("p", { class: "quiet", dir: "auto" }, `Asked of: ${scope}`) : null));
  if (!answer) return;
  const missing = answer.message
    ? element("div", { class: `message ${answer.kind}`, role: "note" },
        element("p", { dir: "auto" }, answer.message)) : null;
  const claims = answer.claims.length
    ? element("ol", { class: "claims" }, answer.claims.map((claim) => claimItem(claim, root))) : null;
  root.append(...[missing, claims].filter(Boolean));
  if (root.draft) return;
  root.append(...[nearestBlock(answer, root), footer(answer)].filter(Boolean));
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
  const { chosen, draft, latest, ...content } = data;
  const signature = JSON.stringify(content);
  const isNew = root.signature !== signature;
  root.draft = Boolean(draft);
  root.choose = (address) => {
    showChosen(root, address);
    setTriggerValue("chosen", address);
  };
  if (isNew) {
    build(root, content);
    root.signature = signature;
  }
  const wasChosen = root.chosen;
  root.chosen = chosen;
  showChosen(root, chosen);
  if (chosen && chosen !== wasChosen) {
    const place = root.querySelector(".claim.chosen, .passage[aria-pressed='true']");
    place?.closest("details")?.setAttribute("open", "");
    if (place) bringIntoView(place, isNew ? "center" : "nearest", isNew);
  } else if (latest && isNew) {
    bringIntoView(root, "start", true);
  }
}
