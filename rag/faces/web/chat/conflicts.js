// Where the articles differ: every account side by side, with outlet and date. Of one side's many
// accounts the first stand open.
const ACCOUNTS_SHOWN = 2;

function account(cited, root) {
  return element("button", {
    class: "account", type: "button", "aria-pressed": "false", title: cited.title, "data-address": cited.address,
    onclick: (event) => root.choose(cited.address, event),
  }, element("span", { class: "words", dir: "auto" }, cited.quote), element("bdi", { class: "from quiet" }, cited.label));
}

function conflictSide(side, id, root) {
  const [first, rest] = [side.cites.slice(0, ACCOUNTS_SHOWN), side.cites.slice(ACCOUNTS_SHOWN)];
  const more = element("div", { class: "others" }, rest.map((cited) => account(cited, root)));
  return element("li", { class: "side" },
    side.when ? element("p", { class: "when" }, side.when) : null,
    element("p", { class: "value", dir: "auto" }, side.value),
    first.map((cited) => account(cited, root)),
    rest.length ? disclosure("more", id, `${rest.length} more`, `${rest.length} more of ${side.value}`, more, root) : null,
    rest.length ? more : null);
}

function conflictBlock(conflict, number, root) {
  return element("section", { class: `conflict ${conflict.kind}`, "aria-label": `${conflict.word}: ${conflict.about}` },
    element("h3", {}, icon(conflict.kind === "change" ? "change" : "conflicting"),
      element("span", { class: "kind" }, conflict.word), ": ", element("bdi", { class: "about" }, conflict.about)),
    element("ol", { class: "sides" }, conflict.sides.map((side, at) =>
      conflictSide(side, `conflict-${number}-${at}`, root))));
}
