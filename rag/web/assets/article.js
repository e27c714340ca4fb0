function meta(data) {
  const parts = [data.publisher, data.date].filter(Boolean).join(" · ");
  return element("p", { class: "quiet meta" },
    parts ? element("bdi", {}, parts) : null, element("bdi", { class: "file" }, data.file),
    data.note ? element("bdi", { class: "note" }, data.note) : null);
}

function cutsBlock(cuts) {
  if (!cuts.length) return null;
  return element("details", { class: "cuts" },
    element("summary", {}, `Left out of the article (${cuts.length})`),
    element("p", { class: "quiet" }, "These parts of the file are not the article's own words. No answer uses them."),
    cuts.map((cut) => element("div", { class: "cut" },
      element("p", { class: "quiet" }, cut.reason),
      element("div", { class: "text cut-text", dir: "auto" }, cut.text))));
}

function build(root, data) {
  const close = element("button", {
    class: "close", type: "button", "aria-label": "Close the article", title: "Close (Esc)",
    onclick: () => root.close(),
  }, icon("close"));
  const head = element("header", {},
    element("div", { class: "heading" },
      element("h2", { dir: "auto" }, data.title ?? data.file), meta(data)), close);
  const warning = data.notice
    ? element("div", { class: "warning", role: "alert" },
        element("p", {}, icon("alert"), " ", data.notice),
        data.quote ? element("p", { class: "quiet" }, "The answer was taken from these words:") : null,
        data.quote ? element("blockquote", { dir: "auto" }, data.quote) : null,
        data.parts ? element("p", { class: "quiet" }, "Below is the article as it is now.") : null)
    : null;
  const text = element("div", { class: "text whole", dir: "auto" });
  if (data.parts) {
    const [before, marked, after] = data.parts;
    text.append(before);
    if (marked !== undefined) text.append(element("mark", {}, marked), after);
  }
  const scroller = element("div", { class: "scroller", tabindex: "0", role: "group", "aria-label": "The article's text" },
    warning, data.parts ? text : null, cutsBlock(data.cuts));
  root.replaceChildren(element("aside", { class: "panel", "aria-label": `Article: ${data.title ?? data.file}` }, head, scroller));
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

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const { visit, ...content } = data;
  const signature = JSON.stringify(content);
  const isNew = root.signature !== signature;
  root.close = () => setTriggerValue("closed", true);
  if (isNew) {
    build(root, content);
    root.signature = signature;
  }
  if (isNew || root.visit !== visit) {
    showMark(root);
    // Once more when the page has settled its columns and its fonts.
    requestAnimationFrame(() => showMark(root));
    document.fonts?.ready.then(() => showMark(root));
  }
  root.visit = visit;
  if (!root.listens) {
    root.onEscape = (event) => {
      // In the sidebar and in a dialog the key closes a list or the dialog.
      const elsewhere = event.target.closest?.('[data-testid="stSidebar"], [role="dialog"]');
      if (event.key === "Escape" && !event.defaultPrevented && !elsewhere) root.close();
    };
    // A panel of another width moves the words; they stay in view until the reader scrolls.
    root.resized = new ResizeObserver(() => root.read || showMark(root));
    // Where the article lies over the page it begins where the sidebar ends.
    const main = document.querySelector(".stMain");
    root.moved = new ResizeObserver(() =>
      root.style.setProperty("--main-start", `${main.getBoundingClientRect().left}px`));
    if (main) root.moved.observe(main);
    root.listens = true;
  }
  const scroller = root.querySelector(".scroller");
  if (root.observed !== scroller) {
    root.resized.disconnect();
    root.resized.observe(scroller);
    root.observed = scroller;
    for (const gesture of ["wheel", "touchmove", "keydown", "pointerdown"])
      scroller.addEventListener(gesture, () => { root.read = true; }, { passive: true });
  }
  if (isNew) root.read = false;
  document.addEventListener("keydown", root.onEscape);
  return () => {
    document.removeEventListener("keydown", root.onEscape);
    root.resized.disconnect();
    root.moved.disconnect();
  };
}
