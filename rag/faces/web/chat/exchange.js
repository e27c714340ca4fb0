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

function copyButton(text) {
  const copy = element("button", { class: "copy", type: "button" }, "Copy");
  const said = element("span", { class: "unseen", role: "status" });
  copy.onclick = async () => {
    try {
      await toClipboard(text);
      said.textContent = copy.textContent = "Copied";
    } catch {
      said.textContent = copy.textContent = "The browser refused to copy";
    }
    copy.focus();
    setTimeout(() => { copy.textContent = "Copy"; said.textContent = ""; }, 2000);
  };
  return [copy, said];
}

function footer(answer, root) {
  const asked = new Date(answer.asked_at);
  const time = element("time", { datetime: answer.asked_at, title: asked.toLocaleString() },
    asked.toLocaleString([], { dateStyle: "medium", timeStyle: "short" }));
  const panel = whyPanel(answer, root);
  const why = disclosure("why-answer", "why-answer", "Why this answer", "Why this answer", panel, root);
  const [thumbs, form] = feedbackButtons(answer, root);
  const cited = answer.claims.filter((claim) => claim.chips.length);
  const kept = cited.every((claim) => claim.kept);
  const keep = root.keeps && cited.length ? element("button", {
    class: "copy keep-all", type: "button", disabled: kept, onclick: () => root.keep(null),
  }, kept ? "All in the briefing" : "Keep all in the briefing") : null;
  return [element("div", { class: "footer quiet" }, time,
    answer.footer.map((words) => element("bdi", {}, words)),
    element("span", { class: "deeds" }, why, keep, copyButton(answer.copy), thumbs)), form, panel];
}

function question({ question, scope }) {
  return [scrolling(element("p", { class: "asked", dir: "auto" }, question)),
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
  const remark = (words, name) => element("p", { class: `remark ${name}`, role: "note", dir: "auto" }, icon("note"),
    element("span", {}, words));
  return [
    answer.notice ? remark(answer.notice, "notice") : null,
    answer.age ? remark(answer.age, "age") : null,
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
  root.parts[name] ??= root.appendChild(element("div", { class: name }));
  const place = root.parts[name];
  const signature = JSON.stringify([data, root.draft, root.keeps]);
  if (place.signature === signature) return;
  place.signature = signature;
  make(place);
}

const fill = (...made) => (place) => place.replaceChildren(...made.flat(Infinity).filter(Boolean));

function build(root, data) {
  const { answer } = data;
  const focused = root.getRootNode().activeElement?.dataset?.fold;
  hidePreview(root);
  part(root, "question", [data.question, data.scope], (place) => fill(question(data))(place));
  part(root, "rewritten", data.standalone, (place) =>
    fill(data.standalone ? understood(data.standalone, root) : [])(place));
  part(root, "notes", [answer.notice, answer.age, answer.message, answer.kind], (place) => fill(notes(answer))(place));
  part(root, "claims", answer.claims, fillClaims(answer.claims, root));
  part(root, "conflicts", answer.conflicts, (place) =>
    fill(answer.conflicts.map((conflict, at) => conflictBlock(conflict, at, root)))(place));
  part(root, "passages", [answer.nearest, answer.why?.passages, answer.kind], (place) =>
    fill(root.draft ? [] : [nearestBlock(answer, root), unusedBlock(answer, root)])(place));
  part(root, "rest", [answer.claims.map((claim) => claim.kept), answer.footer, answer.why, answer.copy, answer.asked_at, answer.feedback, data.doing], (place) =>
    fill(root.draft ? working(data.working) : footer(answer, root))(place));
  if (focused) root.querySelector(`[data-fold="${focused}"]`)?.focus();
}

function showChosen(root, chosen) {
  if (chosen) hidePreview(root);
  const before = root.querySelector(".claim.chosen .sentence, [data-address][aria-pressed='true']");
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

const chosenPlace = (root) => root.querySelector(".claim.chosen, [data-address][aria-pressed='true']");

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
  const { chosen, key, latest, keeps, ...content } = data;
  const isNew = root.key === undefined;
  root.key = key;
  root.draft = Boolean(data.working);
  root.keeps = Boolean(keeps);
  root.choose = (address, event) => {
    // A click without a pointer is one by keyboard: the keyboard goes on in the article.
    const byKeyboard = event?.type === "keydown" || event?.detail === 0;
    window.dispatchEvent(new CustomEvent(CHOSEN, { detail: { address, byKeyboard } }));
    setTriggerValue("chosen", address);
  };
  root.rewrite = (words) => setTriggerValue("rewritten", words);
  root.judge = (feedback) => setTriggerValue("judged", feedback);
  root.keep = (claim) => setTriggerValue("kept", { claim });
  // Room for the whole answer from the start: what comes moves nothing.
  root.classList.toggle("roomy", root.draft || latest);
  build(root, { ...content, doing: data.working?.words });
  const wasChosen = root.chosen;
  root.chosen = chosen;
  // What was chosen in the browser since is newer than what the server has heard of.
  const isHeard = !root.waiting || chosen === root.waiting.address || performance.now() > root.waiting.until;
  if (isHeard) root.waiting = null;
  showChosen(root, isHeard ? chosen : root.waiting.address);
  if (isHeard && chosen && chosen !== wasChosen) {
    const place = chosenPlace(root);
    if (place) bringIntoView(place, isNew ? "center" : "nearest", isNew);
  } else if (isNew && (latest || root.draft)) {
    bringIntoView(root, "start", true);
  }
  root.onChosen ??= ({ detail: { address } }) => {
    const mine = address?.startsWith(`${root.number}.`) ? address : null;
    root.waiting = { address: mine, until: performance.now() + PATIENCE_MS };
    showChosen(root, mine);
    if (mine && chosenPlace(root)) bringIntoView(chosenPlace(root), "nearest", false);
  };
  root.number = content.number;
  window.addEventListener(CHOSEN, root.onChosen);
  const clock = root.querySelector(".elapsed")?.tick;
  const ticking = clock && setInterval(clock, 250);
  return () => {
    clearInterval(ticking);
    window.removeEventListener(CHOSEN, root.onChosen);
  };
}
