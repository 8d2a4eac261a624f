// Writing: Enter sends, Shift+Enter goes to the next line, and what is typed is never lost.
import { $, say } from "../lib/dom.js";

export function makeComposer({ room, outbox, send, words }) {
  const form = $("#composer");
  if (!form) return null;
  const field = $("textarea", form);

  const fit = () => {
    field.rows = Math.min(8, Math.max(1, field.value.split("\n").length));
  };

  function submit() {
    const text = field.value.trim();
    if (!text) {
      say(words.blank, { urgent: true });
      return field.focus();
    }
    field.value = "";
    outbox.keepDraft(room, "");
    fit();
    field.focus();
    send(text);
  }

  // By the click, not by «submit»: the guard against double submits would lock a form that stays.
  $("[type=submit]", form).addEventListener("click", (event) => {
    event.preventDefault();
    submit();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  field.addEventListener("input", () => {
    fit();
    outbox.keepDraft(room, field.value);
  });
  if (!field.value) field.value = outbox.draft(room);
  fit();

  // A refused message comes back to be mended, unless another is being written.
  const giveBack = (text) => {
    if (field.value) return false;
    field.value = text;
    outbox.keepDraft(room, text);
    fit();
    return true;
  };
  return { giveBack, form };
}
