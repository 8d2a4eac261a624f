// Menus are <details>: they open by themselves; this closes them like menus do.
import { $, $$ } from "../lib/dom.js";

const open = () => $$("details.dropdown[open]");

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) $("summary", menu).focus();
  }
});
