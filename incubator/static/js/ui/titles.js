// Addresses of our own pages that members pasted are shown by what the page is called, for readers
// who may open it; in messages with what it is. Without this file, or for anybody else, they stay
// the plain links that they are.
import { $, $$ } from "../lib/dom.js";
import { request } from "../lib/fetch.js";

const MOST = 20;
const SOON = 50;
const NEAR = 120;
const told = new Map();
let timer = 0;

const bare = (link) => link.origin === location.origin && link.textContent === link.getAttribute("href");
const place = (link) => link.pathname + link.hash;

async function ask(places) {
  const url = new URL(document.body.dataset.titles, location.href);
  for (const each of places) url.searchParams.append("a", each);
  const answer = await request(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const titles = await answer.json();
  for (const each of places) told.set(each, titles[each] ?? null);
}

function card(link, { title, kind }) {
  const [name, what] = ["b", "small"].map((tag) => document.createElement(tag));
  [name.textContent, what.textContent] = [title, kind];
  link.title = link.href;
  link.classList.add("linkcard");
  link.replaceChildren(name, " ", what);
}

// Who reads the end of a room goes on doing so when a line becomes a card.
function draw(links) {
  const log = $("#log");
  const end = log && log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
  for (const link of links) {
    const known = told.get(place(link));
    if (!known) continue;
    if (link.closest("#log")) card(link, known);
    else link.textContent = known.title;
  }
  if (end) log.scrollTop = log.scrollHeight;
}

async function look() {
  const links = $$(".prose a").filter(bare);
  const asked = [...new Set(links.map(place))].filter((each) => !told.has(each));
  for (let first = 0; first < asked.length; first += MOST) await ask(asked.slice(first, first + MOST));
  draw(links);
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(() => look().catch(() => {}), SOON);
}

function dress() {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = new URL("../../css/linked.css", import.meta.url);
  document.head.append(sheet);
}

if ($("#log")) dress();
look().catch(() => {});
for (const change of ["swapped", "written"]) document.addEventListener(change, soon);
