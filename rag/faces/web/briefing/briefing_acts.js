// What the reader does to the briefing, until the server has done it. Every act is sent again until it is
// heard of, with the next one or after a while: none is lost when two come at once, or when the page is
// drawn anew meanwhile. Its number tells it apart, so that it is done once.
const AGAIN_MS = 4000;

Object.assign(SHAPES, {
  grip: ["M6 3.5v.1M10 3.5v.1M6 8v.1M10 8v.1M6 12.5v.1M10 12.5v.1"],
  raise: ["M8 13V3.5m-4 4 4-4 4 4"],
  lower: ["M8 3v9.5m-4-4 4 4 4-4"],
  edit: ["M10.8 2.6 13.4 5.2 5.4 13.2l-3.2.6.6-3.2z"],
  below: ["M2.5 3.5h11M8 7v6M5 10h6"],
  remove: ["M3 4.5h10M6.5 4V2.5h3V4M4.5 4.5l.6 9h5.8l.6-9"],
  undo: ["M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M5.8 3.5 3 6.5l2.8 3"],
});

function act(root, what, details) {
  root.acts ??= { visit: crypto.getRandomValues(new Uint32Array(2)).join("-"), last: 0, waiting: [] };
  const made = { number: ++root.acts.last, what, ...details };
  root.acts.waiting.push(made);
  send(root, 0);
  return made.number;
}

function send(root, tries) {
  clearTimeout(root.acts.timer);
  root.send({ visit: root.acts.visit, acts: [...root.acts.waiting], tries });
  root.acts.timer = setTimeout(() => root.isConnected && send(root, tries + 1), AGAIN_MS * 2 ** tries);
}

const newKey = () => [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// Takes the server's word on what is done; returns what failed of what was waited for.
function heardOf(root, heard) {
  if (!root.acts || heard.visit !== root.acts.visit) return [];
  const over = root.acts.waiting.filter(({ number }) => number <= heard.done).map(({ number }) => number);
  root.acts.waiting = root.acts.waiting.filter(({ number }) => number > heard.done);
  if (!root.acts.waiting.length) clearTimeout(root.acts.timer);
  return over.map((number) => ({ number, failure: heard.failures.find((failure) => failure.number === number) ?? null }));
}
