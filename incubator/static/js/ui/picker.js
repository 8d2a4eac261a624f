// Skills while typing: the server's own list of choices under a text field (WAI-ARIA combobox).
// Without this file the field keeps the browser's list of words and the form works the same.
import { $$ } from "../lib/dom.js";
import { request } from "../lib/fetch.js";
import { parse } from "../lib/swap.js";

const WAIT = 150;
const timers = new WeakMap();
const asked = new WeakMap();

const listOf = (field) => document.getElementById(field.dataset.list);
const optionsOf = (field) => $$("[role=option]:not([aria-disabled])", listOf(field));

function prepare(field) {
  if (field.role === "combobox") return;
  field.removeAttribute("list");
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", field.dataset.list);
}

function prepareAll() {
  for (const field of $$("[data-picker]")) prepare(field);
  for (const finder of $$("[data-finder]")) finder.hidden = false;
}

function open(field, shown) {
  listOf(field).hidden = !shown;
  field.setAttribute("aria-expanded", String(shown));
  if (!shown) point(field, null);
}

function point(field, option) {
  for (const each of optionsOf(field)) each.setAttribute("aria-selected", String(each === option));
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

async function suggest(field) {
  const typed = field.value.trim();
  asked.set(field, typed);
  if (!typed) return open(field, false);
  const url = `${field.dataset.picker}?${new URLSearchParams({ q: typed })}`;
  const answer = await request(url, { headers: { Accept: "text/html" } });
  const next = parse(await answer.text());
  if (asked.get(field) !== typed) return;
  const found = $$("[role=option]", next);
  for (const option of found) option.id = `${field.dataset.list}-${option.id}`;
  listOf(field).replaceChildren(...found.map((option) => document.adoptNode(option)));
  open(field, found.length > 0 && document.activeElement === field);
}

function choose(field, option) {
  open(field, false);
  if (field.dataset.goes) {
    const line = document.getElementById(field.dataset.goes + option.dataset.id);
    field.value = "";
    line?.closest("details")?.setAttribute("open", "");
    return line?.focus();
  }
  field.value = option.dataset.value;
  asked.set(field, field.value);
  field.dispatchEvent(new CustomEvent("chosen", { bubbles: true }));
  if (field.form?.matches("[data-live]")) field.form.requestSubmit();
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.dataset?.picker || event.isComposing) return;
  clearTimeout(timers.get(field));
  timers.set(
    field,
    setTimeout(() => suggest(field).catch(() => open(field, false)), WAIT),
  );
});

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.dataset?.picker || listOf(field).hidden) return;
  const options = optionsOf(field);
  const at = options.findIndex((each) => each.ariaSelected === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const step = event.key === "ArrowDown" ? 1 : -1;
    const first = step > 0 ? 0 : options.length - 1;
    point(field, options[at < 0 ? first : (at + step + options.length) % options.length]);
  } else if (event.key === "Enter" && at >= 0) choose(field, options[at]);
  else if (event.key === "Escape") open(field, false);
  else return;
  event.preventDefault();
});

// Before the field loses the focus to the list.
document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.(".picker__list [role=option]");
  if (!option) return;
  event.preventDefault();
  const field = $$("[data-picker]").find((each) => listOf(each).contains(option));
  if (field && !option.ariaDisabled) choose(field, option);
});

document.addEventListener("focusout", (event) => {
  if (event.target.dataset?.picker) open(event.target, false);
});

document.addEventListener("swapped", prepareAll);
prepareAll();
