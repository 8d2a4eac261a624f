// Members are suggested after «@»: a list box under the field; the arrows choose, Enter takes,
// Escape leaves. The address of the list is in data-mentions.
import { $, $$, on } from "../lib/dom.js";
import { request } from "../lib/fetch.js";
import { parse } from "../lib/swap.js";

const SUGGEST = 150;
const MENTION = /(?:^|[\s(])@([\p{L}\p{N}][\p{L}\p{N} '’-]{0,40})$/u;

let list = null;
let timer = 0;

const begun = (field) => MENTION.exec(field.value.slice(0, field.selectionStart));
const options = () => (list ? $$("[role=option]", list) : []);

function close() {
  list?.remove();
  list = null;
}

function point(field, option) {
  for (const each of options()) each.setAttribute("aria-selected", String(each === option));
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
}

async function suggest(field) {
  const typed = begun(field)?.[1];
  if (!typed) return close();
  const thread = field.form.elements.question?.value ?? "";
  const url = `${field.dataset.mentions}?${new URLSearchParams({ q: typed, thread })}`;
  const answer = await request(url, { headers: { Accept: "text/html" } });
  const found = $("[role=listbox]", parse(await answer.text()));
  close();
  if (!found || !$("[role=option]", found) || begun(field)?.[1] !== typed) return;
  list = document.adoptNode(found);
  list.classList.add("mentions");
  list.id = `${field.id}-mentions`;
  field.setAttribute("aria-controls", list.id);
  field.after(list);
  point(field, options()[0]);
}

function take(field, option) {
  const end = field.selectionStart;
  const typed = begun(field)[1];
  field.setRangeText(`${option.dataset.value} `, end - typed.length, end, "end");
  close();
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

on("input", "textarea[data-mentions]", (_event, field) => {
  clearTimeout(timer);
  timer = setTimeout(() => suggest(field).catch(close), SUGGEST);
});
on(
  "keydown",
  "textarea[data-mentions]",
  (event, field) => {
    if (!list) return;
    const all = options();
    const at = all.findIndex((each) => each.ariaSelected === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) point(field, all[(at + step + all.length) % all.length]);
    else if (event.key === "Enter" || event.key === "Tab") take(field, all[Math.max(at, 0)]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  },
  { capture: true },
);
document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.(".mentions [role=option]");
  if (!option) return;
  event.preventDefault();
  take(option.closest(".mentions").previousElementSibling, option);
});
document.addEventListener("focusout", (event) => {
  if (event.target.matches?.("textarea[data-mentions]")) close();
});

// Fetched at the first «@» of some pages: it is answered too.
const typed = document.activeElement;
if (typed?.matches("textarea[data-mentions]")) suggest(typed).catch(close);
