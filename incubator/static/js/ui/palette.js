// The palette: what is found everywhere while one types, as the server lists it. Ctrl K opens it;
// the arrows choose, Enter opens, Escape closes. Chips, or «in:…» among the words, ask for one kind.
import { $, $$, fromTemplate, on, say } from "../lib/dom.js";
import { request } from "../lib/fetch.js";
import { parse } from "../lib/swap.js";
import { again, forget, remember } from "./lately.js";

const WAIT = 150;
let dialog = null;
let field = null;
let list = null;
let timer = 0;
let asking = null;
// The kind of the pressed chip, and the words without the «in:…» that named another.
let kind = "";
let plain = null;

const options = () => $$("[role=option]", list);
const chosen = () => options().find((each) => each.ariaSelected === "true");
const chips = () => $$("[data-kind]", $(".palette__kinds", dialog));
const page = async (url, rest) => parse(await (await request(url, rest)).text());

function point(option) {
  for (const each of options()) each.setAttribute("aria-selected", String(each === option));
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function show(nodes) {
  list.replaceChildren(...nodes);
  const some = options().length > 0;
  list.hidden = !some;
  field.setAttribute("aria-expanded", String(some));
  point(null);
}

// One chip is pressed, and the way of Tab into their row.
function press(key) {
  for (const chip of chips()) {
    const pressed = chip.dataset.kind === key;
    chip.setAttribute("aria-pressed", String(pressed));
    chip.tabIndex = pressed ? 0 : -1;
    if (pressed) chip.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

function offerAgain() {
  plain = null;
  press(kind);
  const links = again("palette-again", field.form.action);
  if (!links.length) return show([]);
  const group = fromTemplate("palette-recent");
  group.append(...links, fromTemplate("palette-forget"));
  show([group]);
}

async function look() {
  asking?.abort();
  const text = field.value.trim();
  if (!text) return offerAgain();
  asking = new AbortController();
  const url = `${field.dataset.quick}?${new URLSearchParams({ q: text, kind })}`;
  const found = $("#found", await page(url, { signal: asking.signal }));
  if (!found || field.value.trim() !== text) return;
  plain = found.dataset.plain;
  press(found.dataset.kind);
  show(document.adoptNode(found).childNodes);
  point(options()[0]);
  say(found.dataset.told);
}

function keys(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const all = options();
  if (step && all.length) {
    const at = all.indexOf(chosen());
    point(all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length]);
    event.preventDefault();
  } else if (event.key === "Enter" && !event.isComposing && chosen()) {
    event.preventDefault();
    chosen().click();
  }
}

// In the row of chips: arrows and ends walk, down leads back to the words and their finds.
function walk(event) {
  const all = chips();
  const at = all.indexOf(event.target.closest("[data-kind]"));
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + all.length, Home: 0, End: all.length - 1 };
  if (event.key === "ArrowDown") field.focus();
  else if (at >= 0 && event.key in to) {
    const next = all[to[event.key] % all.length];
    for (const chip of all) chip.tabIndex = chip === next ? 0 : -1;
    next.focus();
  } else return;
  event.preventDefault();
}

function narrow(_event, chip) {
  kind = chip.ariaPressed === "true" ? "" : chip.dataset.kind;
  const hidden = field.form.elements.kind;
  hidden.value = kind;
  hidden.disabled = !kind;
  if (plain !== null) field.value = plain;
  press(kind);
  look().catch(() => {});
}

function take(event, option) {
  if (option.dataset.forget !== undefined) {
    event.preventDefault();
    forget();
    offerAgain();
    field.focus();
    return say(option.dataset.forget);
  }
  if (option.dataset.again === undefined) return remember(field.value.trim());
  event.preventDefault();
  field.value = option.dataset.again;
  field.focus();
  look().catch(() => show([]));
}

async function fetched(url) {
  const made = document.adoptNode($("#palette", await page(url)));
  made.removeAttribute("open");
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  const styled = new Promise((done) => {
    sheet.onload = sheet.onerror = done;
  });
  sheet.href = $("#palette-q", made).dataset.sheet;
  document.head.append(sheet);
  await styled;
  return made;
}

async function open(link) {
  if (!dialog) {
    dialog = await fetched(link.dataset.palette);
    document.body.append(dialog);
    field = $("#palette-q", dialog);
    list = $("#palette-list", dialog);
    field.addEventListener("keydown", keys);
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => look().catch(() => {}), WAIT);
    });
    field.form.addEventListener("submit", () => remember(field.value.trim()));
    $(".palette__kinds", dialog).addEventListener("keydown", walk);
  }
  if (dialog.open) return;
  dialog.showModal();
  field.select();
  if (!field.value.trim()) offerAgain();
}

on("click", "#palette [role=option]", take);
on("click", ".palette__kinds [data-kind]", narrow);
on("click", "[data-palette]", (event, link) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link).catch(() => location.assign(link.href));
});
