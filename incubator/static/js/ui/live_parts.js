// Parts of a page kept fresh: the server says that something changed, never what, and the page
// asks for its own part, which holds what this reader may know.
import { $ } from "../lib/dom.js";
import { makeConnection } from "../chat/connection.js";
import { swap } from "../lib/swap.js";

// What each part hears: who is on site now, what is asked of the reader.
const PARTS = {
  "#on-site-now": (name, told, part) => name === "site" && String(told.site) === part.dataset.liveSite,
  "#asked": (name, told) => name === "me" && told.asked,
};
// Many pages look at once: they ask one after the other.
const SPREAD = 1_500;
const SELDOM = 60_000;
const HEADS = 4_000;
const NOW_AND_THEN = 300_000;
const timers = {};
// What who steers has on the first page; nobody else has these places.
const DESK = ["site-day", "waiting", "machine", "sites-health"];
// Places of the first page that changed; they are asked for together, with the sentence.
const changed = new Set();
let soon = 0;
let asked = 0;

function look(selector, delay = Math.random() * SPREAD) {
  clearTimeout(timers[selector]);
  timers[selector] = setTimeout(() => {
    const part = $(selector);
    asked = Date.now();
    if (part && !document.hidden) swap({ selector, url: part.dataset.news, init: {}, quiet: true });
  }, delay);
}

function lookAtAll(delay) {
  for (const selector of Object.keys(PARTS)) if ($(selector)) look(selector, delay);
}

function change(panels, delay = Math.random() * SPREAD) {
  for (const panel of panels) changed.add(panel === "day" ? "#ribbon" : `#part-${panel}`);
  if (changed.size && $("[data-today]")) soon ||= setTimeout(redraw, delay);
}

function redraw() {
  soon = 0;
  if (document.hidden) return;
  const there = [...changed].filter((selector) => $(selector));
  changed.clear();
  const selector = [...there, "#sentence"].join(" ");
  if (there.length) swap({ selector, url: location.pathname, init: {}, quiet: true });
}

// What of the first page an event is about.
function concerned(name, told) {
  if (name === "heads") return ["chat"];
  if (name !== "me") return [];
  // Whatever somebody is told of may be a figure of their desk.
  if (told.bell) return DESK;
  return told.panels ?? (told.asked ? [] : ["chat"]);
}

const connection = makeConnection({
  up: () => $("[data-today]") && connection.ask("hello"),
  down: () => {},
  event: (name, told) => {
    change(concerned(name, told), name === "heads" ? HEADS : undefined);
    for (const [selector, hears] of Object.entries(PARTS)) {
      const part = $(selector);
      if (part && hears(name, told, part)) look(selector);
    }
  },
  poll: () => Date.now() - asked > SELDOM && lookAtAll(0),
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  lookAtAll(0);
  change(["day", ...DESK], 0);
});
setInterval(() => {
  lookAtAll();
  change(["day", "chat", ...DESK]);
}, NOW_AND_THEN);
connection.start();
