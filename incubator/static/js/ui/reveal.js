// The eye beside a password; hidden in the page, because it needs this file.
import { $$, on, word } from "../lib/dom.js";

for (const button of $$("[data-reveal]")) button.hidden = false;

on("click", "[data-reveal]", (_event, button) => {
  const input = document.getElementById(button.dataset.reveal);
  const shown = input.type === "password";
  input.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
  button.setAttribute("aria-label", word(shown ? "hide" : "show"));
});
