// What may be done with a message, as the server draws it, in a dialog over the room. Without this
// file the same links lead to pages of their own.
import { $, on, word } from "../lib/dom.js";
import { request } from "../lib/fetch.js";
import { parse } from "../lib/swap.js";
import { toast } from "../ui/toast.js";
import { newCid } from "./outbox.js";

// done() is told after an act that went through: the page may look for what it changed.
export function makeSheet({ done, explain }) {
  const dialog = document.getElementById("sheet");
  if (!dialog) return;
  const inside = $(".modal__body", dialog);

  function show(next) {
    const part = $("#sheetbody", next);
    if (!part) return false;
    inside.replaceChildren(document.adoptNode(part));
    if (!dialog.open) dialog.showModal();
    $("[data-focus], textarea, input:not([type=hidden])", inside)?.focus();
    inside.dispatchEvent(new CustomEvent("swapped", { bubbles: true }));
    return true;
  }

  async function look(href) {
    try {
      const answer = await request(href, { headers: { Accept: "text/html" } });
      if (!show(parse(await answer.text()))) location.assign(href);
    } catch {
      toast(word("failed"), "sorry");
    }
  }

  async function act(form, button) {
    const headers = { Accept: "application/json, text/html;q=0.5" };
    const body = new FormData(form, button);
    // The signs of a page share one form: each is an act of its own.
    if (form.id === "reacting") body.set("once", newCid());
    const init = { method: "POST", body, headers };
    try {
      const answer = await request(form.action, init);
      const json = answer.headers.get("Content-Type")?.startsWith("application/json");
      if (!json) return show(parse(await answer.text())) || toast(word("failed"), "sorry");
      const told = await answer.json();
      if (told.err) toast(explain(told), "sorry");
      if (dialog.open) dialog.close();
      done();
    } catch {
      toast(word("failed"), "sorry");
    } finally {
      // The guard against double submits took it for a form that leaves the page.
      form.removeAttribute("data-sent");
      button?.removeAttribute("aria-busy");
    }
  }

  on("click", "[data-sheet]", (event, link) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    look(link.href);
  });
  const posted = (form) => form.id === "reacting" || dialog.contains(form);
  document.addEventListener(
    "submit",
    (event) => {
      if (!posted(event.target) || event.target.method !== "post") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      act(event.target, event.submitter);
    },
    { capture: true },
  );
}
