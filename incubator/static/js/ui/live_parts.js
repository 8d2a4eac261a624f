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
const NOW_AND_THEN = 300_000;
const timers = {};
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

const connection = makeConnection({
  up: () => {},
  down: () => {},
  event: (name, told) => {
    for (const [selector, hears] of Object.entries(PARTS)) {
      const part = $(selector);
      if (part && hears(name, told, part)) look(selector);
    }
  },
  poll: () => Date.now() - asked > SELDOM && lookAtAll(0),
});

document.addEventListener("visibilitychange", () => document.hidden || lookAtAll(0));
setInterval(lookAtAll, NOW_AND_THEN);
connection.start();
