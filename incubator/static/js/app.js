// What every page gets. Each module adds to a page that already works without it.
import { $, $$, on } from "./lib/dom.js";
import { later } from "./lib/later.js";
import "./lib/swap.js";
import "./ui/dialog.js";
import "./ui/menu.js";
import "./ui/once.js";
import "./ui/toast.js";

// A link in a text to a page of ours, pasted whole; in messages a path alone is a name that stays.
const OURS = `[data-titles] .prose a[href^="${location.origin}/"], [data-titles] :not(.bubble) > .prose a[href^="/"]`;
// What few pages have, fetched where it stands.
const RARE = {
  "[data-bell]": () => import("./ui/bell.js"),
  "[data-copy]": () => import("./ui/copy.js"),
  "[data-live-site], [data-asked], [data-today]": () => import("./ui/live_parts.js"),
  "html[data-kept], [data-offline]": () => import("./ui/offline.js"),
  "[data-reveal]": () => import("./ui/reveal.js"),
  "form[data-unsent]": () => import("./ui/unsent.js"),
  "[data-similar]": () => import("./ui/similar.js"),
  [OURS]: () => import("./ui/titles.js"),
};

// That somebody is there; a page of the chat tells it by its own line.
if (document.body.dataset.beat && !$("[data-chat]")) setTimeout(() => import("./chat/beat.js"), 500);

// What is fetched when it is first used.
later("[data-palette]", () => import("./ui/palette.js"));
later("[data-mark]", () => import("./ui/editor.js"));
later("a[data-copy-link]", () => import("./ui/copy.js"));
later("form[data-theme-form] button", () => import("./ui/theme.js"));

document.addEventListener("keydown", (event) => {
  const link = event.key === "k" && (event.ctrlKey || event.metaKey) && $("[data-palette]");
  if (!link) return;
  event.preventDefault();
  link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
});

// Single keys, unless this browser switched them off: none while one writes or answers a dialog, nor
// among messages, which have their own.
let keys = null;
document.addEventListener("keydown", (event) => {
  const busy = event.target.closest("input, textarea, select, [contenteditable], [role=log]") || $("dialog[open], :popover-open");
  const other = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
  if (busy || other || event.defaultPrevented || !document.body.dataset.keys) return;
  if (["/", "?"].includes(event.key)) event.preventDefault();
  if (keys || ["g", "/", "?"].includes(event.key)) (keys ??= import("./ui/keys.js")).then(({ press }) => press(event));
});

// The next person at this browser is not told what was looked for, nor what was being written.
on("submit", "form[data-way-out]", () => {
  localStorage.removeItem("looked-for");
  for (const key of Object.keys(localStorage)) if (key.startsWith("unsent:")) localStorage.removeItem(key);
  import("./ui/pwa.js").then((pwa) => pwa.forget());
});

function look() {
  for (const bar of $$("[data-editor][hidden]")) bar.hidden = false;
  for (const [mark, fetched] of Object.entries(RARE)) if ($(mark)) fetched();
}
look();
addEventListener("load", () => setTimeout(() => import("./ui/pwa.js"), 1000));
for (const change of ["swapped", "written"]) document.addEventListener(change, look);
