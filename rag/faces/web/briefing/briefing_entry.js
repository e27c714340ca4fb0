// One entry of the briefing: its words, on what they stand, and what can be done to it.
const MINE = { note: "Your note", missing: "Missing", difference: "Sources differ", unreadable: "Damaged" };
// What stands on the words of articles.
const CITING = new Set(["sentence", "difference"]);

function evidence(entry, root) {
  const chips = entry.chips.map((source) => element("button", {
    class: "chip", type: "button", "aria-pressed": "false", title: source.title, "data-address": source.address,
    "aria-label": `Open source ${source.number}: ${source.label}, ${source.title}`,
    onclick: () => act(root, "open", { address: source.address }),
  }, element("span", { class: "number" }, String(source.number)), element("bdi", { class: "label" }, source.label)));
  if (!chips.length) chips.push(element("span", { class: "sourceless" }, "no source"));
  const verdict = entry.verdict
    ? element("span", { class: `verdict ${entry.verdict}` }, icon(entry.verdict), entry.word) : null;
  const reason = entry.reason && entry.verdict !== "supported"
    ? element("p", { class: "reason quiet", dir: "auto" }, entry.reason) : null;
  return [element("div", { class: "evidence" }, verdict, chips), reason];
}

function asKept(entry, root) {
  if (!entry.kept_text) return null;
  return element("div", { class: "kept quiet" },
    element("p", {}, element("span", { class: "edited" }, "Edited. "), "As kept: ",
      element("bdi", { class: "kept-text" }, entry.kept_text)),
    element("button", { class: "link", type: "button", onclick: () => {
      root.wanted = entry.key;
      act(root, "edit", { entry: entry.key, version: entry.version, text: entry.kept_text });
    } }, "Back to the words as kept"));
}

function edit(entry, root) {
  const judged = entry.kind === "sentence";
  openEditor(root, entry.key, {
    what: "edit", kind: entry.kind, text: entry.text, version: entry.version, send: { entry: entry.key },
    label: { heading: "Heading", sentence: "Sentence", note: "Note" }[entry.kind] ?? "Words",
    doing: judged ? "Judging against the cited words …" : "Saving …",
    hint: judged ? "Enter saves and judges it anew, Escape leaves it." : "Enter saves, Escape leaves it.",
  });
}

function tools(entry, place, count, root) {
  const called = { heading: "the heading", sentence: "the sentence", note: "the note" }[entry.kind] ?? "the entry";
  const tool = (shape, name, does, off) => element("button", {
    class: "tool", type: "button", "aria-label": `${name} ${called}`, title: name, "data-tool": shape,
    "aria-disabled": off ? "true" : null, onclick: () => off || does(),
  }, icon(shape));
  return element("div", { class: "tools", role: "group", "aria-label": `What to do with entry ${place + 1}` },
    tool("raise", "Move up", () => shift(root, entry.key, -1), place === 0),
    tool("lower", "Move down", () => shift(root, entry.key, 1), place === count - 1),
    entry.kind === "unreadable" ? null : tool("edit", "Edit", () => edit(entry, root)),
    tool("below", "Add a note below", () => addBelow(root, entry.key, "note")),
    tool("remove", "Remove", () => remove(root, entry)));
}

function grip(entry, root) {
  const handle = element("span", { class: "grip", draggable: "true", "aria-hidden": "true", title: "Drag to move" }, icon("grip"));
  handle.ondragstart = (event) => {
    root.dragged = entry.key;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    event.dataTransfer.setDragImage(handle.parentElement, 0, 0);
    handle.parentElement.classList.add("dragged");
  };
  handle.ondragend = () => {
    root.dragged = null;
    for (const item of root.querySelectorAll(".entry")) item.classList.remove("dragged", "over-before", "over-after");
  };
  return handle;
}

function words(entry, root) {
  if (entry.kind === "heading") return element("h3", { class: "words", dir: "auto" }, entry.text);
  const label = MINE[entry.kind] ? element("p", { class: "mine quiet" }, MINE[entry.kind]) : null;
  const said = element("p", { class: "words", dir: "auto" }, entry.text);
  if (entry.kind !== "unreadable") said.ondblclick = () => edit(entry, root);
  return [label, said];
}

function entryItem(entry, place, count, root) {
  const editing = root.editors.has(entry.key);
  const body = editing ? editorForm(root, entry.key) : words(entry, root);
  const item = element("li", {
    class: `entry ${entry.kind}${entry.verdict ? ` ${entry.verdict}` : ""}${editing ? " editing" : ""}`,
    "data-entry": entry.key, tabindex: "-1",
  }, grip(entry, root),
     element("div", { class: "body" }, body, CITING.has(entry.kind) ? [evidence(entry, root), asKept(entry, root)].flat() : null),
     editing ? null : tools(entry, place, count, root));
  item.onkeydown = (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || !event.altKey || event.target.closest("textarea")) return;
    event.preventDefault();
    shift(root, entry.key, by);
  };
  item.ondragover = (event) => {
    if (!root.dragged) return;
    event.preventDefault();
    const after = isBelow(item, event);
    item.classList.toggle("over-after", after);
    item.classList.toggle("over-before", !after);
  };
  item.ondragleave = () => item.classList.remove("over-before", "over-after");
  item.ondrop = (event) => {
    if (!root.dragged) return;
    event.preventDefault();
    dropOn(root, root.dragged, entry.key, isBelow(item, event));
  };
  return item;
}

function isBelow(item, event) {
  const { top, height } = item.getBoundingClientRect();
  return event.clientY > top + height / 2;
}
