// Whether an answer helped; where it did not, what was wrong with it.
function feedbackButtons(answer, root) {
  const { given, faults } = answer.feedback;
  const form = element("form", { class: "feedback", hidden: true });
  const thumb = (good, name, shape) => element("button", {
    class: "thumb", type: "button", "data-fold": `thumb-${shape}`, title: name, "aria-label": name,
    "aria-pressed": String(given !== null && given.is_good === good),
    onclick: () => {
      form.hidden = good || !form.hidden;
      if (good) root.judge({ is_good: true, fault: null, words: "", is_case: false });
      else if (!form.hidden) form.querySelector("input").focus();
    },
  }, icon(shape));
  const bad = thumb(false, "Something is wrong with this answer", "down");
  const words = element("textarea", { rows: "2", dir: "auto", "aria-label": "In your own words", placeholder: "In your own words, if you like" });
  words.value = given?.words ?? "";
  const asCase = element("input", { type: "checkbox" });
  asCase.checked = Boolean(given?.is_case);
  form.append(
    element("fieldset", {}, element("legend", {}, "What is wrong?"), faults.map(([value, name]) => {
      const radio = element("input", { type: "radio", name: `fault-${root.key}`, value, required: true });
      radio.checked = given?.fault === value;
      return element("label", {}, radio, name);
    })), words,
    element("label", {}, asCase, "Save it as a case, to be asked again later"),
    element("div", { class: "actions" }, element("button", { class: "ask", type: "submit" }, "Save"),
      element("button", { class: "link", type: "button", onclick: () => { form.hidden = true; bad.focus(); } }, "Cancel")));
  form.onsubmit = (event) => {
    event.preventDefault();
    form.hidden = true;
    bad.focus();
    root.judge({ is_good: false, fault: form.querySelector("input:checked").value, words: words.value, is_case: asCase.checked });
  };
  form.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    form.hidden = true;
    bad.focus();
  };
  const said = given && !given.is_good ? element("span", { class: "given" }, given.said) : null;
  return [element("span", { class: "thumbs" }, thumb(true, "This answer helps", "up"), bad, said), form];
}
