// While a text is written: it is kept on the server, files are dropped or pasted in, and members
// are suggested after «@». Without this file the buttons of the form do the same.
import { $, $$, on } from "../lib/dom.js";
import { request, token } from "../lib/fetch.js";
import { parse } from "../lib/swap.js";

const PAUSE = 1_500;
const SUGGEST = 150;
const MENTION = /(?:^|[\s(])@([\p{L}\p{N}][\p{L}\p{N} '’-]{0,40})$/u;
const timers = new WeakMap();
const saving = new WeakMap();

const formOf = (element) => element.closest("form");
const button = (form) => $("[data-draft]", form);

function tell(form, kept) {
  const state = $(".draftstate", form);
  if (state) state.textContent = kept ? state.dataset.kept : state.dataset.unkept;
}

async function save(form) {
  clearTimeout(timers.get(form));
  if (!form.isConnected || saving.get(form)) return;
  const body = new FormData(form);
  body.delete("files");
  saving.set(form, true);
  try {
    const answer = await request(button(form).dataset.draft, {
      method: "POST",
      body,
      headers: { "X-Quiet": "1" },
      keepalive: true,
    });
    tell(form, answer.status === 204);
  } catch {
    tell(form, false);
  } finally {
    saving.delete(form);
  }
}

document.addEventListener("input", (event) => {
  const form = formOf(event.target);
  if (!form || !button(form)) return;
  clearTimeout(timers.get(form));
  timers.set(
    form,
    setTimeout(() => save(form), PAUSE),
  );
});

// Whoever leaves in the middle of a word has not lost it. A form on its way keeps itself.
addEventListener("visibilitychange", () => {
  if (!document.hidden) return;
  for (const each of $$("[data-draft]")) {
    const form = formOf(each);
    if (timers.has(form) && !form.hasAttribute("data-sent")) save(form);
  }
});
document.addEventListener("submit", (event) => clearTimeout(timers.get(event.target)));

async function attach(form, files) {
  const field = $("[data-attach]", form);
  if (!field || !files.length) return;
  const body = new FormData();
  for (const file of files) body.append("files", file, file.name || "image.png");
  body.set("once", form.elements.once.value);
  await swapFiles(form, field.dataset.attach, body);
  save(form);
}

async function swapFiles(form, url, body) {
  body.set("csrf_token", token());
  const list = $(".waiting", form);
  list.setAttribute("aria-busy", "true");
  const answer = await request(url, { method: "POST", body, headers: { Accept: "text/html" } });
  const next = $(".waiting", parse(await answer.text()));
  if (next) list.replaceWith(document.adoptNode(next));
  else list.removeAttribute("aria-busy");
}

on("change", "[data-attach]", async (_event, field) => {
  await attach(formOf(field), [...field.files]);
  field.value = "";
});
on("paste", "textarea", (event, field) => {
  const files = [...event.clipboardData.files];
  if (!files.length || !$("[data-attach]", formOf(field))) return;
  event.preventDefault();
  attach(formOf(field), files);
});
on("drop", "textarea", (event, field) => {
  const files = [...event.dataTransfer.files];
  if (!files.length || !$("[data-attach]", formOf(field))) return;
  event.preventDefault();
  attach(formOf(field), files);
});
on("click", "[data-detach]", (event, remove) => {
  event.preventDefault();
  const form = formOf(remove);
  const body = new FormData();
  body.set("once", form.elements.once.value);
  const url = remove.getAttribute("formaction");
  const list = $("[data-attach]", form).dataset.attach;
  request(url, { method: "POST", body: withToken(new FormData()) }).then(() => swapFiles(form, list, body));
});

function withToken(body) {
  body.set("csrf_token", token());
  return body;
}

// Mentions: a list box under the field; the arrows choose, Enter takes, Escape leaves.
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
  const thread = formOf(field).elements.question?.value ?? "";
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
  take($("textarea", option.closest(".editor")), option);
});
document.addEventListener("focusout", (event) => {
  if (event.target.matches?.("textarea[data-mentions]")) close();
});
