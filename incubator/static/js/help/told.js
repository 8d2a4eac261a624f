// Skills that a question seems to ask for, proposed while it is typed and while messages to quote
// are ticked; the server reads the text.
// Without this file they are proposed when the question is refused, and named in the preview.
import { $$, on } from "../lib/dom.js";
import { swap } from "../lib/swap.js";

const WAIT = 900;
const SHORTEST = 12;
const READ = "[data-told] :is([name=title], [name=body], [name=seq])";
let timer;
let asked = "";

const said = (form) =>
  ["title", "body", "quoted"].map((name) => form.elements[name]?.value ?? "").join("\n").trim();

on("input", READ, (event, field) => {
  if (event.isComposing) return;
  clearTimeout(timer);
  timer = setTimeout(() => look(field.form), WAIT);
});

function look(form) {
  const text = said(form);
  if (text === asked || text.length < SHORTEST) return;
  asked = text;
  const body = new FormData(form);
  body.delete("files");
  const url = form.closest("[data-told]").dataset.told;
  swap({ selector: "#told", url, init: { method: "POST", body }, quiet: true });
}

// A skill stands twice, among the proposals and in its family: both are one.
on("change", "[data-told] [name=skills]", (_event, box) => {
  for (const twin of $$("[name=skills]", box.form)) {
    if (twin === box || twin.value !== box.value) continue;
    twin.checked = box.checked;
    const family = twin.closest("details");
    if (family && box.checked) family.open = true;
  }
});

// What was typed or ticked while this file was on its way.
const early = $$(READ).find((field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked);
if (early) look(early.form);
