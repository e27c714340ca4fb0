// Says what came of a click, over the page, for as long as it takes to read; what failed stays.
const READ_MS = 6000;

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root");
  if (root.number === data.number) return;
  root.number = data.number;
  const close = element("button", { class: "close", type: "button", "aria-label": "Dismiss" }, icon("close"));
  const told = element("div", { class: `told ${data.kind}`, role: data.kind === "error" ? "alert" : "status" },
    icon(data.kind === "error" ? "alert" : "done"), scrolling(element("p", { dir: "auto" }, data.text)), close);
  close.onclick = () => told.remove();
  root.replaceChildren(told);
  if (data.kind !== "error") setTimeout(() => told.matches(":hover, :focus-within") || told.remove(), READ_MS);
}
