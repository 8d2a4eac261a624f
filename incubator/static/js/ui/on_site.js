// Who is on site now, kept fresh: the server says that something changed, never what, and the
// page asks for its own part, which holds what this reader may know.
import { $ } from "../lib/dom.js";
import { makeConnection } from "../chat/connection.js";
import { swap } from "../lib/swap.js";

const PART = "#on-site-now";
// Many pages look at once: they ask one after the other.
const SPREAD = 1_500;
const SELDOM = 60_000;
const NOW_AND_THEN = 300_000;
let asked = 0;
let timer = 0;

function look(delay = Math.random() * SPREAD) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const part = $(PART);
    asked = Date.now();
    if (part && !document.hidden) swap({ selector: PART, url: part.dataset.news, init: {}, quiet: true });
  }, delay);
}

const connection = makeConnection({
  up: () => {},
  down: () => {},
  event: (name, told) => {
    if (name === "site" && String(told.site) === $(PART)?.dataset.liveSite) look();
  },
  poll: () => Date.now() - asked > SELDOM && look(0),
});

document.addEventListener("visibilitychange", () => document.hidden || look(0));
setInterval(look, NOW_AND_THEN);
connection.start();
