// Formatting buttons above a Markdown field; each wraps the selection or starts its lines.
import { on } from "../lib/dom.js";

function wrap(field, before, after = before) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const chosen = value.slice(start, end);
  field.setRangeText(before + chosen + after, start, end, "select");
  field.setSelectionRange(start + before.length, start + before.length + chosen.length);
}

function prefix(field, mark) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const first = value.lastIndexOf("\n", start - 1) + 1;
  const lines = value.slice(first, end).split("\n");
  field.setRangeText(lines.map((line) => mark + line).join("\n"), first, end, "end");
}

const TICK = "\u0060";
const FENCE = TICK.repeat(3);

// Code in a line, or lines of code as a block.
function code(field) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const block = value.slice(start, end).includes("\n");
  return block ? wrap(field, `${FENCE}\n`, `\n${FENCE}`) : wrap(field, TICK);
}

const ACTS = {
  code,
  bold: (field) => wrap(field, "**"),
  italic: (field) => wrap(field, "*"),
  link: (field) => wrap(field, "[", "](https://)"),
  list: (field) => prefix(field, "- "),
  quote: (field) => prefix(field, "> "),
};

on("click", "[data-mark]", (_event, button) => {
  const field = document.getElementById(button.closest("[data-editor]").dataset.editor);
  field.focus();
  ACTS[button.dataset.mark](field);
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
