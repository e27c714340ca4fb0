// The quote of a sentence beside it while the pointer or the keyboard rests there. It can be pointed at
// and goes with Escape, without closing anything else.
const PREVIEW_DELAY_MS = 250, PREVIEW_LEAVE_MS = 200;

function previewCard(claim) {
  return [
    claim.chips.map((source) => element("figure", {},
      element("blockquote", { dir: "auto" }, source.quote),
      element("figcaption", { class: "quiet" }, element("bdi", {}, source.label),
        source.title && !source.label.startsWith(source.title) ? [" · ", element("bdi", {}, source.title)] : null))),
    claim.reason && claim.verdict !== "supported"
      ? element("p", { class: `doubt ${claim.verdict}` }, icon(claim.verdict), element("span", { dir: "auto" }, claim.reason)) : null,
  ].flat().filter(Boolean);
}

function placePreview(root, card, words) {
  const lines = [...words.getClientRects()];
  const within = root.getBoundingClientRect();
  const [first, last] = [lines[0], lines.at(-1)];
  if (!first) return;
  const room = innerHeight - last.bottom;
  const above = room < card.offsetHeight + 120 && first.top > card.offsetHeight + 80;
  card.style.top = above ? "auto" : `${last.bottom - within.top + 6}px`;
  card.style.bottom = above ? `${within.bottom - first.top + 6}px` : "auto";
  const left = Math.min(Math.max(last.left - within.left, 0), Math.max(within.width - card.offsetWidth, 0));
  card.style.insetInlineStart = `${left}px`;
}

function hidePreview(root) {
  clearTimeout(root.previewTimer);
  root.preview?.remove();
  root.preview = null;
}

function showPreview(root, words, claim) {
  hidePreview(root);
  // What is open beside the page needs no preview.
  if (!claim.chips.length || root.draft || words.getAttribute("aria-pressed") === "true") return;
  const card = element("div", { class: "preview", role: "tooltip" }, previewCard(claim));
  card.onpointerenter = () => clearTimeout(root.previewTimer);
  card.onpointerleave = () => { root.previewTimer = setTimeout(() => hidePreview(root), PREVIEW_LEAVE_MS); };
  root.append(card);
  root.preview = card;
  placePreview(root, card, words);
}

function previewed(root, words, claim) {
  const later = (act, wait) => {
    clearTimeout(root.previewTimer);
    root.previewTimer = setTimeout(act, wait);
  };
  words.addEventListener("pointerenter", (event) =>
    event.pointerType === "mouse" && later(() => showPreview(root, words, claim), PREVIEW_DELAY_MS));
  words.addEventListener("pointerleave", () => later(() => hidePreview(root), PREVIEW_LEAVE_MS));
  words.addEventListener("focus", () => words.matches(":focus-visible") && showPreview(root, words, claim));
  words.addEventListener("blur", () => hidePreview(root));
  words.addEventListener("click", () => hidePreview(root));
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !root.preview) return;
    event.preventDefault();
    hidePreview(root);
  });
}
