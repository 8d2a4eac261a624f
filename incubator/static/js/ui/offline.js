// Without a network: since when a kept page is as it is, and which pages there are to read.
import { $, $$, fromTemplate, say, word } from "../lib/dom.js";
import { clock, moment } from "../lib/time.js";
import { toast } from "./toast.js";

function told(iso) {
  const at = new Date(iso);
  const today = at.toDateString() === new Date().toDateString();
  return word("kept").replace("{time}", today ? clock(at) : moment(at));
}

// Nothing can be sent from a kept page; what was typed stays.
function mark(iso) {
  const line = document.createElement("p");
  line.className = "note note--honey";
  line.textContent = told(iso);
  $("main").prepend(line);
  say(line.textContent);
  const refuse = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    toast(word("offline"), "sorry");
  };
  document.addEventListener("submit", refuse, true);
}

async function list(place) {
  const names = (await caches.keys()).filter((name) => name.startsWith("kept:"));
  if (names.length !== 1) return;
  const cache = await caches.open(names[0]);
  for (const request of (await cache.keys()).reverse()) {
    const { headers } = await cache.match(request);
    const row = fromTemplate("kept-row");
    $("a", row).href = new URL(request.url).pathname;
    $("a", row).textContent = decodeURIComponent(headers.get("X-Title"));
    $("small", row).textContent = told(headers.get("X-Kept-At"));
    place.append(row);
  }
  for (const part of $$("[data-some]")) part.hidden = !place.children.length;
}

const { kept } = document.documentElement.dataset;
if (kept) mark(kept);
if ($("[data-offline]")) {
  list($("[data-offline]"));
  addEventListener("online", () => location.reload());
}
