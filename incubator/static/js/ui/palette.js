// The palette: what is found everywhere while one types, as the server lists it. Ctrl K opens it;
// the arrows choose, Enter opens, Escape closes. What was looked for lately stays in this browser.
import { $, $$, fromTemplate, on, say } from "../lib/dom.js";
import { request } from "../lib/fetch.js";
import { parse } from "../lib/swap.js";

const WAIT = 150;
const LATELY = "looked-for";
const KEPT = 6;
let dialog = null;
let field = null;
let list = null;
let timer = 0;
let asking = null;

const options = () => $$("[role=option]", list);
const chosen = () => options().find((each) => each.ariaSelected === "true");
const page = async (url, rest) => parse(await (await request(url, rest)).text());

function lately() {
  try {
    return JSON.parse(localStorage.getItem(LATELY)) ?? [];
  } catch {
    return [];
  }
}

function remember(text) {
  if (!text) return;
  const kept = [text, ...lately().filter((each) => each !== text)].slice(0, KEPT);
  try {
    localStorage.setItem(LATELY, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing offers nothing again.
  }
}

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

function offerAgain() {
  const texts = lately();
  if (!texts.length) return show([]);
  const group = fromTemplate("palette-recent");
  texts.forEach((text, at) => {
    const again = fromTemplate("palette-again");
    again.id = `again-${at}`;
    again.href = `${field.form.action}?${new URLSearchParams({ q: text })}`;
    again.dataset.again = text;
    again.textContent = text;
    group.append(again);
  });
  show([group]);
}

async function look() {
  asking?.abort();
  const text = field.value.trim();
  if (!text) return offerAgain();
  asking = new AbortController();
  const url = `${field.dataset.quick}?${new URLSearchParams({ q: text })}`;
  const found = $("#found", await page(url, { signal: asking.signal }));
  if (!found || field.value.trim() !== text) return;
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

function take(event, option) {
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
  }
  if (dialog.open) return;
  dialog.showModal();
  field.select();
  if (!field.value.trim()) offerAgain();
}

on("click", "#palette [role=option]", take);
on("click", "[data-palette]", (event, link) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link).catch(() => location.assign(link.href));
});
