// Copies what a field holds; without this file, or a clipboard, the field can be selected by hand.
import { $$, on } from "../lib/dom.js";
import { toast } from "./toast.js";

if (navigator.clipboard) for (const button of $$("[data-copy]")) button.hidden = false;

on("click", "[data-copy]", async (_event, button) => {
  const field = document.getElementById(button.dataset.copy);
  field.select();
  await navigator.clipboard.writeText(field.value);
  toast(button.dataset.copied);
});
