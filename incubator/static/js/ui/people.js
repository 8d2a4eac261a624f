// People chosen by name: a combobox (WAI-ARIA), each choice a chip. Without this file the same
// field has a button that looks for people, and boxes to tick.
import { $, $$, fromTemplate, say } from "../lib/dom.js";
import { request } from "../lib/fetch.js";
import { parse } from "../lib/swap.js";

const WAIT = 150;

export function choosePeople(root) {
  const field = $("input.input", root);
  const list = $("[role=listbox]", root);
  const chosen = $(".whom__chosen", root);
  let timer = 0;
  let asked = "";

  const options = () => $$("[role=option]", list);
  const slugs = () => $$("[name=person]", chosen).map((input) => input.value);
  const told = (key, name) => say(root.dataset[key].replace("{name}", name).replace("{n}", name));

  function point(option) {
    for (const each of options()) each.setAttribute("aria-selected", String(each === option));
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  function open(shown) {
    list.hidden = !shown;
    field.setAttribute("aria-expanded", String(shown));
    point(shown ? options()[0] : null);
  }

  async function suggest() {
    const typed = field.value.trim();
    asked = typed;
    if (!typed) return open(false);
    const url = new URL(root.dataset.whom, location.href);
    url.searchParams.set("q", typed);
    for (const slug of slugs()) url.searchParams.append("but", slug);
    const answer = await request(url, { headers: { Accept: "text/html" } });
    const found = $$("[role=option]", parse(await answer.text()));
    if (asked !== typed) return;
    list.replaceChildren(...found.map((option) => document.adoptNode(option)));
    open(found.length > 0 && document.activeElement === field);
    told(found.length > 1 ? "several" : found.length ? "one" : "none", found.length);
  }

  function chip(slug, name, face) {
    const node = fromTemplate("whom-chip");
    $("input", node).value = slug;
    $("b", node).textContent = name;
    $("img", node).src = face;
    const off = $("button", node);
    off.ariaLabel = off.title = off.dataset.off.replace("{name}", name);
    chosen.append(node);
  }

  function take(option) {
    open(false);
    asked = field.value = "";
    chip(option.dataset.value, option.dataset.name, $("img", option).src);
    told("added", option.dataset.name);
  }

  function drop(node) {
    told("gone", $("b", node).textContent);
    node.remove();
    field.focus();
  }

  function press(event) {
    const all = options();
    const at = all.findIndex((each) => each.ariaSelected === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Backspace" && !field.value && chosen.lastElementChild) return drop(chosen.lastElementChild);
    if (step && list.hidden) suggest().catch(() => open(false));
    else if (step) point(all[(at + step + all.length) % all.length]);
    // Nothing is sent from here: a name that is half typed would be refused.
    else if (event.key === "Enter") list.hidden || take(all[at]);
    else if (event.key === "Escape" && !list.hidden) open(false);
    else return;
    event.preventDefault();
  }

  for (const box of $$(".whom__chosen li, .whom__found li", root)) {
    const input = $("input", box);
    if (input.checked) chip(input.value, $("span:last-child", box).textContent.trim(), $("img", box).src);
    box.remove();
  }
  $("[name=search]", root).remove();
  const known = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  for (const [name, value] of Object.entries(known)) field.setAttribute(name, value);
  field.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(() => suggest().catch(() => open(false)), WAIT);
  });
  field.addEventListener("keydown", press);
  field.addEventListener("focusout", () => open(false));
  chosen.addEventListener("click", (event) => event.target.closest("button") && drop(event.target.closest("li")));
  // Before the field loses the focus to the list.
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
}

for (const root of $$("[data-whom]")) choosePeople(root);
