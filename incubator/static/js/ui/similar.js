// Threads that resemble a title while it is typed: the server's own part of the page.
// Without this file they are shown with the preview, and when a question is refused.
import { $$ } from "../lib/dom.js";
import { swap } from "../lib/swap.js";

const WAIT = 300;
const SHORTEST = 6;
let timer;
let asked = "";

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.dataset?.similar || event.isComposing) return;
  clearTimeout(timer);
  timer = setTimeout(() => look(field), WAIT);
});

function look(field) {
  const title = field.value.trim();
  if (title === asked || title.length < SHORTEST) return;
  asked = title;
  const url = new URL(field.dataset.similar, location.href);
  url.search = new URLSearchParams({ title });
  swap({ selector: "#similar", url, init: {}, quiet: true });
}

// What was typed while this file was on its way.
for (const field of $$("[data-similar]")) if (field.value !== field.defaultValue) look(field);
