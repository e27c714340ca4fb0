// The briefing as a document that can be changed in place. An order that the reader made stands at once;
// the server's word replaces it when the last move is heard of.
function orderOf(root) {
  const known = root.data.entries.map((entry) => entry.key);
  if (!root.order) return known;
  const kept = root.order.filter((key) => known.includes(key));
  return [...kept, ...known.filter((key) => !kept.includes(key))];
}

function moveTo(root, key, order) {
  const at = order.indexOf(key);
  root.order = order;
  root.moving = act(root, "move", { entry: key, before: order[at + 1] ?? null });
  root.wanted = key;
  root.redraw();
  say(root, `Moved to place ${at + 1} of ${order.length}.`);
}

function shift(root, key, by) {
  const order = orderOf(root);
  const at = order.indexOf(key);
  if (at + by < 0 || at + by >= order.length) {
    say(root, by < 0 ? "It is the first already." : "It is the last already.");
    return;
  }
  order.splice(at, 1);
  order.splice(at + by, 0, key);
  moveTo(root, key, order);
}

function dropOn(root, key, target, below) {
  if (key === target) return;
  const order = orderOf(root).filter((other) => other !== key);
  order.splice(order.indexOf(target) + (below ? 1 : 0), 0, key);
  if (order.join() !== orderOf(root).join()) moveTo(root, key, order);
}

function addBelow(root, key, kind) {
  const order = orderOf(root);
  const before = key === null ? null : order[order.indexOf(key) + 1] ?? null;
  const id = `new-${kind}-${key ?? "end"}`;
  if (root.editors.has(id)) {
    root.querySelector(`[data-editor="${id}"] textarea`).focus();
    return;
  }
  openEditor(root, id, {
    what: "add", kind, text: "", after: key, send: { kind, before, key: newKey() },
    label: kind === "heading" ? "New heading" : "New note", doing: "Saving …", hint: "Enter saves, Escape leaves it.",
  });
}

function remove(root, entry) {
  const order = orderOf(root);
  const at = order.indexOf(entry.key);
  root.removed = { key: entry.key, next: order[at + 1] ?? order[at - 1] ?? null };
  act(root, "remove", { entry: entry.key });
  say(root, "Removed. It can be put back.");
}

function restore(root, key) {
  root.removed = null;
  root.wanted = key;
  act(root, "restore", { entry: key });
  say(root, "Put back.");
}

function say(root, words) {
  root.querySelector(".said").textContent = words;
}

function focusOn(root, id) {
  const item = root.querySelector(`[data-entry="${CSS.escape(id)}"]`);
  (item?.querySelector(`[data-tool="${root.tool ?? "edit"}"]`) ?? item ?? root.querySelector(".adders button"))?.focus();
}

function titleBlock(root) {
  if (root.editors.has("title")) return editorForm(root, "title");
  const { title } = root.data;
  return element("div", { class: "title-line" }, element("h2", { class: "title", dir: "auto" }, title),
    element("button", { class: "tool", type: "button", "aria-label": "Edit the title", title: "Edit the title",
      onclick: () => openEditor(root, "title", { what: "rename", kind: "title", text: title, send: {}, label: "Title",
        doing: "Saving …", hint: "Enter saves, Escape leaves it." }) }, icon("edit")));
}

function emptyState() {
  return element("div", { class: "empty" }, element("p", { class: "empty-title" }, "Nothing is kept here yet"),
    element("ol", {},
      element("li", {}, "Ask a question on the page Chat."),
      element("li", {}, "Press ", element("span", { class: "sign" }, icon("add")),
        " beside a sentence of the answer, or keep the whole answer."),
      element("li", {}, "Here you put the sentences in order, under headings, in your own words. Each keeps the words it rests on.")));
}

// What lies below an entry that is being added comes behind it; what is added at the end, at the end.
function drawEntries(root) {
  const list = root.querySelector(".entries");
  const byKey = new Map(root.data.entries.map((entry) => [entry.key, entry]));
  const order = orderOf(root).filter((key) => byKey.has(key));
  const adding = [...root.editors].filter(([, editor]) => editor.what === "add");
  const rows = [];
  const addRows = (after) => {
    for (const [id, editor] of adding)
      if ((byKey.has(editor.after) ? editor.after : null) === after) rows.push([id, null, 0]);
  };
  order.forEach((key, place) => {
    rows.push([key, byKey.get(key), place]);
    addRows(key);
  });
  addRows(null);
  const old = new Map([...list.children].map((item) => [item.dataset.entry, item]));
  const items = rows.map(([id, entry, place]) => {
    const editor = root.editors.get(id);
    // A field that is open stays the same field, whatever changes around it.
    const signature = JSON.stringify(editor ? [editor.number, editor.error, editor.newer] : [entry, place, order.length]);
    if (old.get(id)?.signature === signature) return old.get(id);
    const item = entry ? entryItem(entry, place, order.length, root)
      : element("li", { class: `entry ${editor.kind} editing`, "data-entry": id }, element("div", { class: "body" }, editorForm(root, id)));
    item.signature = signature;
    return item;
  });
  // Only what is out of place is moved: a moved node would lose the keyboard.
  const typing = list.querySelector("textarea:focus");
  const [from, to] = [typing?.selectionStart, typing?.selectionEnd];
  items.forEach((item, at) => list.children[at] === item || list.insertBefore(item, list.children[at] ?? null));
  while (list.children.length > items.length) list.lastChild.remove();
  if (typing?.isConnected && !typing.matches(":focus")) {
    typing.focus({ preventScroll: true });
    typing.setSelectionRange(from, to);
  }
}

function removedBlock(root) {
  const { removed } = root.data;
  if (!removed.length) return [];
  const line = ({ key, text }) => element("li", {}, element("span", { class: "removed-text", dir: "auto" }, text),
    element("button", { class: "link", type: "button", "data-restore": key, onclick: () => restore(root, key) }, "Put back"));
  const last = root.removed && removed.find(({ key }) => key === root.removed.key);
  const details = element("details", { class: "removed" }, element("summary", {}, `Removed (${removed.length})`),
    element("ul", {}, removed.map(line)));
  details.open = Boolean(root.unfolded);
  details.ontoggle = () => { root.unfolded = details.open; };
  return [last ? element("div", { class: "undo" }, element("span", { class: "removed-text", dir: "auto" }, "Removed: ", element("bdi", {}, last.text)),
    element("button", { class: "save undo-button", type: "button", onclick: () => restore(root, last.key) }, icon("undo"), " Undo")) : null, details];
}

function frame(root) {
  const adder = (kind, name) => element("button", { class: "adder", type: "button", onclick: () => addBelow(root, null, kind) }, icon("add"), ` ${name}`);
  root.replaceChildren(element("div", { class: "briefing-head" }), element("div", { class: "nothing" }),
    element("ol", { class: "entries" }),
    element("div", { class: "adders" }, adder("heading", "Heading"), adder("note", "Note")),
    element("div", { class: "taken" }), element("div", { class: "unseen said", role: "status" }));
}

function fillPart(root, name, signature, make) {
  const place = root.querySelector(name);
  const written = JSON.stringify(signature);
  if (place.signature === written) return;
  place.signature = written;
  place.replaceChildren(...make().flat().filter(Boolean));
}

function draw(root) {
  const { data } = root;
  const { activeElement } = root.getRootNode();
  root.tool = activeElement?.dataset?.tool ?? root.tool;
  const title = root.editors.get("title");
  fillPart(root, ".briefing-head", [data.title, data.verdicts, title && [title.number, title.error]], () => [titleBlock(root),
    data.verdicts ? element("p", { class: "quiet verdicts" }, data.verdicts) : null]);
  fillPart(root, ".nothing", [!data.entries.length && !root.editors.size], () =>
    data.entries.length || root.editors.size ? [] : [emptyState()]);
  fillPart(root, ".taken", [data.removed, root.removed?.key], () => removedBlock(root));
  drawEntries(root);
  for (const button of root.querySelectorAll("[data-address]"))
    button.setAttribute("aria-pressed", String(button.dataset.address === data.chosen));
}

// The keyboard stays with the entry that was moved, saved or put back, and goes to Undo after a removal.
function settleFocus(root) {
  const { activeElement } = root.getRootNode();
  if (root.wanted && root.querySelector(`[data-entry="${CSS.escape(root.wanted)}"]`)) {
    if (!activeElement || !root.contains(activeElement) || activeElement.closest("li")?.dataset.entry !== root.wanted) focusOn(root, root.wanted);
    root.wanted = null;
  }
  if (root.removed && !root.removed.told && root.querySelector(".undo-button")) {
    root.removed.told = true;
    root.querySelector(".undo-button").focus();
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".root");
  // State, not a trigger: a trigger that comes while the server is at work may be lost.
  root.send = (said) => setStateValue("acts", said);
  if (root.briefing !== data.briefing) {
    Object.assign(root, { briefing: data.briefing, editors: new Map(), order: null, wanted: null, removed: null, unfolded: false });
    frame(root);
  }
  root.redraw = () => {
    draw(root);
    settleFocus(root);
  };
  root.data = data;
  const over = heardOf(root, data.heard);
  if (!root.acts?.waiting.some(({ what }) => what === "move")) root.order = null;
  settleEditors(root, over);
  const failed = over.find(({ number, failure }) => failure && ![...root.editors.values()].some((editor) => editor.error === failure.message));
  if (failed) say(root, failed.failure.message);
  root.redraw();
}
