// Dialogs: data-open="id", data-close, and the question of data-confirm before a form is sent.
import { $, on } from "../lib/dom.js";

on("click", "[data-open]", (event, button) => {
  event.preventDefault();
  document.getElementById(button.dataset.open).showModal();
});
on("click", "[data-close]", (_event, button) => button.closest("dialog").close());
on("click", "dialog.modal", (event, dialog) => {
  if (event.target === dialog) dialog.close();
});

const agreed = new WeakSet();

// Capture: asked before any other listener hears of the form.
on(
  "submit",
  "form[data-confirm]",
  (event, form) => {
    if (agreed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(form.dataset.confirm).then((yes) => {
      if (!yes) return;
      agreed.add(form);
      form.requestSubmit(event.submitter);
    });
  },
  { capture: true },
);

export function ask(question) {
  const dialog = document.getElementById("confirm");
  $("h2", dialog).textContent = question;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
