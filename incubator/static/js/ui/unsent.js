// A form with a longer text that was left before it was sent: what stood in it comes back. Kept in
// this browser for three days, for this session of its reader alone. Threads keep theirs elsewhere.
import { $, $$, on, say } from "../lib/dom.js";

const MARK = "unsent:";
const PAUSE = 400;
const LONGEST = 3 * 24 * 3_600_000;
const NEVER = ["hidden", "file", "password", "submit", "button"];
const timers = new WeakMap();
const { reader } = document.body.dataset;
const store = localStorage;
const seen = new WeakSet();
const known = reader && reader !== "nobody";
const forms = () => (known ? $$("form[data-unsent]:not(:has([data-draft]))") : []);

const keyOf = (form) => `${MARK}${reader}:${location.pathname}${location.search}#${forms().indexOf(form)}`;
const fields = (form) => [...form.elements].filter((field) => field.name && !NEVER.includes(field.type));
const ticked = (field) => ["checkbox", "radio"].includes(field.type);
const valueOf = (field) => (ticked(field) ? field.checked : field.value);

function served(field) {
  if (ticked(field)) return field.defaultChecked;
  if (field.tagName === "SELECT") return ([...field.options].find((one) => one.defaultSelected) ?? field.options[0])?.value;
  return field.defaultValue;
}

// What the form was when it came; proposed days move on by themselves and say nothing.
const base = (form) =>
  JSON.stringify(fields(form).map((field) => [field.name, field.type === "date" ? "" : served(field)]));

const untouched = (form) => fields(form).every((field) => valueOf(field) === served(field));

const read = (key) => JSON.parse(store.getItem(key) ?? "null");

// What is too old, or was somebody else's.
function tidy() {
  for (const key of Object.keys(store).filter((each) => each.startsWith(MARK))) {
    const mine = key.startsWith(`${MARK}${reader}:`);
    if (!mine || Date.now() - read(key).at > LONGEST) store.removeItem(key);
  }
}

function save(form, sent = false) {
  clearTimeout(timers.get(form));
  if (!form.isConnected) return;
  if (untouched(form)) return store.removeItem(keyOf(form));
  const kept = { at: Date.now(), base: base(form), values: fields(form).map(valueOf), sent };
  try {
    store.setItem(keyOf(form), JSON.stringify(kept));
  } catch {
    // A browser without room: the form is as safe as it was.
  }
}

function fill(form, values) {
  for (const [place, field] of fields(form).entries()) {
    if (ticked(field)) field.checked = values[place];
    else field.value = values[place];
    if (valueOf(field) === served(field)) continue;
    for (let part = field.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  }
  const note = $("[data-unsent-note]", form);
  note.hidden = false;
  say($("p", note).textContent);
}

function bringBack(form) {
  // A refused form comes back with all that was typed, and is kept from there; so is what was
  // written before this file arrived.
  if ($(".summary", form) || !untouched(form)) return save(form);
  const kept = read(keyOf(form));
  if (!kept || kept.sent || kept.base !== base(form)) return store.removeItem(keyOf(form));
  fill(form, kept.values);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form");
  if (!forms().includes(form)) return;
  clearTimeout(timers.get(form));
  timers.set(
    form,
    setTimeout(() => save(form), PAUSE),
  );
});
addEventListener("visibilitychange", () => {
  if (document.hidden) for (const form of forms()) if (timers.has(form) && !form.hasAttribute("data-sent")) save(form);
});
document.addEventListener("submit", ({ target: form }) => {
  if (forms().includes(form)) save(form, navigator.onLine);
});
on("click", "[data-unsent-drop]", (event, button) => {
  const form = button.closest("form");
  form.reset();
  store.removeItem(keyOf(form));
  $("[data-unsent-note]", form).hidden = true;
  fields(form)[0].focus();
});

function look() {
  for (const form of forms().filter((each) => !seen.has(each))) {
    seen.add(form);
    bringBack(form);
  }
}
if (reader) tidy();
look();
document.addEventListener("swapped", look);
