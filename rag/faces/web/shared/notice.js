export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root");
  root.replaceChildren(element("div", {
    class: `notice ${data.kind}`, role: data.kind === "error" ? "alert" : "status",
  }, data.kind === "error" ? icon("alert") : null, scrolling(element("p", { dir: "auto" }, data.text))));
}
