// The article beside the page. The page holds the texts of what the answers cite and every place in
// them, so that choosing one shows it at once; the server then says whether the file still holds it.

function meta(article) {
  const parts = [article.publisher, article.date].filter(Boolean).join(" · ");
  return element("p", { class: "quiet meta" },
    parts ? element("bdi", {}, parts) : null, element("bdi", { class: "file" }, article.file));
}

function cutsBlock(cuts) {
  if (!cuts.length) return null;
  return element("details", { class: "cuts" },
    element("summary", {}, `Left out of the article (${cuts.length})`),
    element("p", { class: "quiet" }, "These parts of the file are not the article's own words. No answer uses them."),
    cuts.map((cut) => element("div", { class: "cut" },
      element("p", { class: "quiet" }, cut.reason),
      scrolling(element("div", { class: "text cut-text", dir: "auto" }, cut.text)))));
}

// The text with its marks. Places may overlap: the text is cut at every edge, and a piece is marked
// when a place covers it.
function marked(text, places, current) {
  const edges = new Set([0, text.length]);
  for (const { start, end } of places) edges.add(start).add(end);
  const cuts = [...edges].filter((edge) => edge <= text.length).sort((a, b) => a - b);
  const pieces = [];
  for (let at = 0; at + 1 < cuts.length; at += 1) {
    const [start, end] = [cuts[at], cuts[at + 1]];
    const covers = (place) => place.start <= start && end <= place.end;
    const words = text.slice(start, end);
    if (current && covers(current)) pieces.push(element("mark", {}, words));
    else if (places.some(covers)) pieces.push(element("span", { class: "faint" }, words));
    else pieces.push(words);
  }
  // Pieces of the chosen words that others' edges cut apart are one mark again.
  for (let at = pieces.length - 1; at > 0; at -= 1) {
    const [before, piece] = [pieces[at - 1], pieces[at]];
    if (before.nodeName === "MARK" && piece.nodeName === "MARK") {
      before.textContent += piece.textContent;
      pieces.splice(at, 1);
    }
  }
  return pieces;
}

const claimed = (place) => /^\d+\.\d+\./.test(place.address ?? "");

// What next and previous go through: the citations of the answer's sentences, or the nearest passages.
function trailOf(root, address) {
  const exchange = `${address ?? ""}`.split(".")[0];
  const trail = root.trails.find((places) => places.some((place) => place.address?.startsWith(`${exchange}.`))) ?? [];
  const claims = trail.filter(claimed);
  return claims.length ? claims : trail.filter((place) => place.address?.split(".")[1] === "n");
}

function placeOf(root, address) {
  for (const trail of root.trails)
    for (const place of trail) if (place.address === address) return place;
  return null;
}

function navigation(root, trail, at) {
  if (trail.length < 2) return null;
  const step = (by, name, key, shape) => element("button", {
    class: "step", type: "button", "aria-label": `${name} citation`, title: `${name} citation (${key})`,
    onclick: () => root.step(by),
  }, icon(shape));
  return element("div", { class: "steps" }, step(-1, "Previous", "←", "previous"),
    element("span", { class: "quiet", role: "status" }, `${at < 0 ? "–" : at + 1} of ${trail.length}`),
    step(1, "Next", "→", "next"));
}

function build(root, shown) {
  const { article, place, notice, quote } = shown;
  const trail = trailOf(root, shown.address);
  const at = trail.findIndex((other) => other.address === shown.address);
  const close = element("button", {
    class: "close", type: "button", "aria-label": "Close the article", title: "Close (Esc)",
    onclick: () => root.close(),
  }, icon("close"));
  const focused = root.getRootNode().activeElement?.getAttribute?.("aria-label");
  const head = element("header", {},
    element("div", { class: "heading" }, scrolling(element("h2", { dir: "auto" }, article.title ?? article.file)), meta(article)),
    navigation(root, trail, at), close);
  const warning = notice ? element("div", { class: "warning", role: "alert" },
    element("p", {}, icon("alert"), " ", notice),
    quote ? element("p", { class: "quiet" }, "The answer was taken from these words:") : null,
    quote ? element("blockquote", { dir: "auto" }, quote) : null,
    article.text !== null ? element("p", { class: "quiet" }, "Below is the article as it is now.") : null) : null;
  const others = notice ? [] : trail.filter((other) => other.article === shown.name);
  const text = article.text === null ? null : element("div", { class: "text whole", dir: "auto" },
    ...marked(article.text, place ? [...others, place] : others, place));
  const scroller = element("div", { class: "scroller", tabindex: "0", role: "group", "aria-label": "The article's text" },
    warning, article.note ? element("p", { class: "note quiet", dir: "auto" }, article.note) : null, text, cutsBlock(article.cuts));
  root.replaceChildren(element("aside", { class: "panel", "aria-label": `Article: ${article.title ?? article.file}` }, head, scroller));
  if (focused) root.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

function showMark(root) {
  const scroller = root.querySelector(".scroller");
  const mark = root.querySelector("mark");
  if (!scroller) return;
  if (!mark) {
    scroller.scrollTop = 0;
    return;
  }
  const [outer, inner] = [scroller.getBoundingClientRect(), mark.getBoundingClientRect()];
  const room = Math.max(24, (outer.height - inner.height) / 3);
  scroller.scrollTop += inner.top - outer.top - room;
}

// Draws what is open; `again` brings its words into view even when nothing else is new.
function show(root, shown, again) {
  document.documentElement.toggleAttribute("data-sourceline-open", Boolean(shown));
  root.shown = shown;
  if (shown === null) {
    root.signature = null;
    root.replaceChildren();
    return;
  }
  const trail = trailOf(root, shown.address);
  const signature = JSON.stringify([shown, trail]);
  const isNew = root.signature !== signature;
  if (isNew) {
    build(root, shown);
    root.signature = signature;
    root.read = false;
  }
  if (isNew || again) {
    showMark(root);
    // Once more when the page has settled its columns and its fonts.
    requestAnimationFrame(() => showMark(root));
    document.fonts?.ready.then(() => showMark(root));
  }
  watchSize(root);
  if (root.wantsFocus) {
    root.wantsFocus = false;
    root.querySelector(".scroller").focus({ preventScroll: true });
  }
}

// A panel of another width moves the words; they stay in view until the reader scrolls.
function watchSize(root) {
  const scroller = root.querySelector(".scroller");
  if (root.observed === scroller) return;
  root.resized?.disconnect();
  root.resized ??= new ResizeObserver(() => root.read || showMark(root));
  root.resized.observe(scroller);
  root.observed = scroller;
  for (const gesture of ["wheel", "touchmove", "pointerdown"])
    scroller.addEventListener(gesture, () => { root.read = true; }, { passive: true });
  scroller.addEventListener("keydown", (event) => { root.read = !STEPS[event.key]; });
}

// Whether the browser can show an address by itself; null when only the server can.
function held(root, address) {
  const place = placeOf(root, address);
  const article = place && root.articles[place.article];
  return article ? { address, name: place.article, article, place, notice: null, quote: null } : null;
}

function fromServer(root, open) {
  if (!open) return null;
  const place = open.notice ? null : placeOf(root, open.address);
  return { address: open.address, name: open.article, article: root.articles[open.article], place,
    notice: open.notice, quote: open.quote };
}

const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

function listen(root) {
  const within = (event, query) => event.composedPath().some((node) => node.matches?.(query));
  root.onKey = (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    // In the sidebar and in a dialog the key closes a list or the dialog.
    if (event.key === "Escape" && !within(event, '[data-testid="stSidebar"], [role="dialog"]')) root.close();
    if (STEPS[event.key] && root.shown && within(event, ".panel, .sentence, .chip") && !within(event, "input, textarea")) {
      event.preventDefault();
      root.step(STEPS[event.key]);
    }
  };
  root.onChosen = ({ detail: { address, byKeyboard } }) => {
    root.waiting = { address, until: performance.now() + PATIENCE_MS };
    root.wantsFocus = Boolean(byKeyboard);
    const found = address === null ? null : held(root, address);
    if (found || address === null) show(root, found, true);
  };
  // Where the article lies over the page it begins where the sidebar ends.
  const main = document.querySelector(".stMain");
  root.moved = new ResizeObserver(() => main &&
    root.style.setProperty("--main-start", `${main.getBoundingClientRect().left}px`));
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const { visit, open, articles, trails } = data;
  Object.assign(root, { articles, trails });
  const tell = (address) => window.dispatchEvent(new CustomEvent(CHOSEN, { detail: { address } }));
  root.close = () => {
    if (!root.shown) return;
    tell(null);
    setTriggerValue("closed", true);
  };
  root.step = (by) => {
    const trail = trailOf(root, root.shown.address);
    if (!trail.length) return;
    const at = trail.findIndex((place) => place.address === root.shown.address);
    const next = trail[((at < 0 && by < 0 ? 0 : at) + by + trail.length) % trail.length];
    tell(next.address);
    setTriggerValue("stepped", next.address);
  };
  if (!root.onKey) listen(root);
  const opened = open ? open.address ?? open.article : null;
  const heard = !root.waiting || opened === root.waiting.address;
  if (heard || performance.now() > root.waiting.until) {
    root.waiting = null;
    show(root, fromServer(root, open), root.visit !== visit);
  } else if (!root.shown && root.waiting.address !== null) {
    const found = held(root, root.waiting.address);
    if (found) show(root, found, true);
  }
  document.documentElement.toggleAttribute("data-sourceline-open", Boolean(root.shown));
  root.visit = visit;
  document.addEventListener("keydown", root.onKey);
  window.addEventListener(CHOSEN, root.onChosen);
  const main = document.querySelector(".stMain");
  if (main) root.moved.observe(main);
  return () => {
    document.removeEventListener("keydown", root.onKey);
    window.removeEventListener(CHOSEN, root.onChosen);
    root.moved.disconnect();
    document.documentElement.removeAttribute("data-sourceline-open");
  };
}
