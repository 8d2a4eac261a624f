// What every page gets. Each module adds to a page that already works without it.
import { $ } from "./lib/dom.js";
import "./lib/swap.js";
import "./ui/dialog.js";
import "./ui/menu.js";
import "./ui/once.js";
import "./ui/theme.js";
import "./ui/toast.js";

// What few pages have, fetched where it stands.
const RARE = {
  "[data-copy]": () => import("./ui/copy.js"),
  "[data-editor]": () => import("./ui/editor.js"),
  "[data-live-site]": () => import("./ui/on_site.js"),
  "[data-reveal]": () => import("./ui/reveal.js"),
  "[data-similar]": () => import("./ui/similar.js"),
};

function look() {
  for (const [mark, fetched] of Object.entries(RARE)) if ($(mark)) fetched();
}
look();
document.addEventListener("swapped", look);
