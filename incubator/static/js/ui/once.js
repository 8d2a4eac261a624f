// A form is sent once: the second click of an impatient finger does nothing.
// Forms with data-swap are freed when their answer has arrived, others when the page comes back.
import { $$, on, say, word } from "../lib/dom.js";

const WAIT = "data-sent";

on(
  "submit",
  "form[method=post]",
  (event, form) => {
    if (form.hasAttribute(WAIT) || form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (form.matches("[data-swap], [data-theme-form], [data-queued]") || event.submitter?.dataset.swap) return;
    form.setAttribute(WAIT, "");
    event.submitter?.setAttribute("aria-busy", "true");
    say(word("sending"));
  },
  { capture: true },
);

addEventListener("pageshow", () => {
  for (const form of $$(`form[${WAIT}]`)) {
    form.removeAttribute(WAIT);
    for (const button of $$("[aria-busy]", form)) button.removeAttribute("aria-busy");
  }
});
