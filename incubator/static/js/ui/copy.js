// Copies what a field holds, or where a link leads; without this file, or a clipboard, the field can be
// selected by hand, and the link leads to it.
import { $$, on } from "../lib/dom.js";
import { toast } from "./toast.js";

if (navigator.clipboard) for (const button of $$("[data-copy]")) button.hidden = false;

on("click", "[data-copy]", async (_event, button) => {
  const field = document.getElementById(button.dataset.copy);
  field.select();
  await navigator.clipboard.writeText(field.value);
  toast(button.dataset.copied);
});

on("click", "a[data-copy-link]", async (event, link) => {
  if (!navigator.clipboard) return;
  event.preventDefault();
  const menu = link.closest("details");
  await navigator.clipboard.writeText(link.href.split("#")[0]);
  if (menu) menu.open = false;
  toast(link.closest("[data-copied]").dataset.copied);
});
