// Writing: Enter sends, Shift+Enter goes to the next line, and what is typed is never lost.
import { $, say } from "../lib/dom.js";
import { makeAttach } from "./attach.js";

export function makeComposer({ room, outbox, send, words }) {
  const form = $("#composer");
  if (!form) return null;
  const field = $("textarea", form);

  const fit = () => {
    field.rows = Math.min(8, Math.max(1, field.value.split("\n").length));
  };

  const attach = makeAttach(form, words);
  const draftUrl = $("[data-keep]", form).formAction;
  const begun = field.defaultValue;
  let [draft, coming] = [null, null];

  // In this browser at once, on the server a moment later.
  function keep() {
    fit();
    outbox.keepDraft(room, field.value);
    coming ??= import("./draft.js").then(({ makeDraft }) => {
      const kept = () => outbox.keepDraft(room, "");
      draft = makeDraft({ url: draftUrl, root: form.elements.root?.value, field, known: begun, kept });
      draft.soon();
    });
    draft?.soon();
  }

  async function submit() {
    const text = field.value.trim();
    if (!text && !attach?.waiting()) {
      say(words.blank, { urgent: true });
      return field.focus();
    }
    field.value = "";
    outbox.keepDraft(room, "");
    const drafted = draft ? draft.sent() : begun !== "";
    fit();
    field.focus();
    send(text, attach?.waiting() ? await attach.take() : [], drafted);
  }

  // By the click, not by «submit»: the guard against double submits would lock a form that stays.
  $("[type=submit]:not([data-keep])", form).addEventListener("click", (event) => {
    event.preventDefault();
    submit();
  });
  field.addEventListener("keydown", (event) => {
    // Already taken: Enter chose a name from the list.
    if (event.defaultPrevented || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  field.addEventListener("input", keep);
  // What this browser could not tell the server goes below what another device told it.
  const left = outbox.draft(room);
  if (left && !begun.includes(left)) {
    field.value = begun ? `${begun}\n${left}` : left;
    keep();
  }
  fit();

  // A refused message comes back to be mended, unless another is being written.
  const giveBack = (text, files = []) => {
    if (files.length) attach?.renew();
    if (field.value) return false;
    field.value = text;
    keep();
    return true;
  };
  // Taken back by its author, before whatever is being written.
  function mend(text, files = []) {
    if (files.length) attach?.renew();
    field.value = field.value ? `${text}\n${field.value}` : text;
    keep();
    field.focus();
  }

  return { giveBack, mend, form, field };
}
