// A field in the place of the words that are edited. What is typed stays in it until it is stored.
function openEditor(root, id, details) {
  root.editors.set(id, { words: details.text, seen: details.version, number: null, error: null, newer: null, ...details });
  root.redraw();
  const field = root.querySelector(`[data-editor="${id}"] textarea`);
  field?.focus();
  field?.setSelectionRange(field.value.length, field.value.length);
}

function closeEditor(root, id) {
  root.editors.delete(id);
  root.redraw();
  focusOn(root, id);
}

function submitEditor(root, id) {
  const editor = root.editors.get(id);
  if (editor.number !== null || !editor.words.trim()) return;
  if (!editor.newer && editor.words.trim() === editor.text?.trim()) {
    closeEditor(root, id);
    return;
  }
  editor.error = null;
  editor.number = act(root, editor.what, {
    ...editor.send, text: editor.words, version: editor.newer?.version ?? editor.seen,
  });
  root.redraw();
}

// Closes the editors whose words are stored; the others say why theirs are not, and keep them.
function settleEditors(root, over) {
  for (const { number, failure } of over)
    for (const [id, editor] of root.editors) {
      if (editor.number !== number) continue;
      if (!failure) {
        root.editors.delete(id);
        root.wanted = id;
      } else {
        Object.assign(editor, { number: null, error: failure.message, newer: failure.newer });
      }
    }
}

function editorForm(root, id) {
  const editor = root.editors.get(id);
  const field = element("textarea", { dir: "auto", rows: "1", "aria-label": editor.label,
    "aria-describedby": editor.error ? `error-${id}` : null });
  field.value = editor.words;
  field.readOnly = editor.number !== null;
  field.oninput = () => { editor.words = field.value; };
  field.onkeydown = (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) submitEditor(root, id);
    else if (event.key === "Escape") closeEditor(root, id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const save = element("button", { class: "save", type: "button", onclick: () => submitEditor(root, id) },
    editor.newer ? "Store my words" : "Save");
  const leave = element("button", { class: "link", type: "button", onclick: () => closeEditor(root, id) },
    editor.newer ? "Take theirs" : "Cancel");
  const busy = editor.number !== null;
  const state = busy
    ? element("span", { class: "busy quiet", role: "status" }, element("span", { class: "ring" }), editor.doing)
    : [save, leave, element("span", { class: "quiet hint" }, editor.hint)];
  return element("div", { class: `editor ${editor.kind}`, "data-editor": id },
    editor.newer ? element("div", { class: "newer" },
      element("p", { class: "quiet" }, "As it stands now, changed elsewhere:"),
      element("p", { class: "theirs", dir: "auto" }, editor.newer.text),
      element("p", { class: "quiet" }, "Your words:")) : null,
    field,
    editor.error ? element("p", { class: "error", id: `error-${id}`, role: "alert" }, icon("alert"),
      element("span", { dir: "auto" }, editor.error)) : null,
    element("div", { class: "actions" }, state));
}
