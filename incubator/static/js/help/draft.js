// While a text is written: it is kept on the server, and files are dropped or pasted in. Without
// this file the buttons of the form do the same.
import { $, $$, on } from "../lib/dom.js";
import { request, token } from "../lib/fetch.js";
import { parse } from "../lib/swap.js";
import "../ui/mentions.js";

const PAUSE = 1_500;
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

// What was written while this file was on its way.
const written = (field) => field.defaultValue !== undefined && field.value !== field.defaultValue;
for (const form of $$("[data-draft]").map(formOf)) {
  if ([...form.elements].some(written)) timers.set(form, setTimeout(() => save(form), PAUSE));
}

function withToken(body) {
  body.set("csrf_token", token());
  return body;
}
