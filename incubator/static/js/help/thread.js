// A thread that is open stays fresh: the server says that something changed, never what, and the
// page asks for its own parts. What the reader reads stays where it is: votes and states change in
// place, new posts wait behind a bar until they are asked for.
import { makeConnection } from "../chat/connection.js";
import { $, $$, on } from "../lib/dom.js";
import { request } from "../lib/fetch.js";
import { parse } from "../lib/swap.js";
import "./draft.js";

const SOON = 400;
const SELDOM = 30_000;
const WRITING = { every: 4_000, shown: 8_000 };
const POSTS = "#answers > article[id], .comments > article[id]";

const answers = () => $("#answers[data-thread]");
const thread = Number(answers()?.dataset.thread ?? 0);
const bar = $("#newsbar");
let waiting = null;
let timer = 0;
let asked = Date.now();
let told = 0;
let quiet = 0;

const idsOf = (root) => $$(POSTS, root).map((post) => post.id);

async function look() {
  asked = Date.now();
  const answer = await request(answers().dataset.news + location.search, { headers: { Accept: "text/html" } });
  const next = parse(await answer.text());
  if (!answer.ok || !$("#answers", next)) return;
  refresh(next);
  const known = new Set(idsOf(document));
  const news = idsOf(next).filter((id) => !known.has(id));
  waiting = news.length ? next : null;
  announce(news);
}

// Numbers of votes and the state: nothing moves. A part that has the focus is left alone.
function refresh(next) {
  for (const part of $$(".votes, #thread-state, #thread-hours")) {
    const fresh = next.getElementById(part.id);
    if (fresh && !part.contains(document.activeElement) && !fresh.isEqualNode(part))
      part.replaceWith(document.adoptNode(fresh));
  }
}

const worded = (number, one, many) => (number ? [number === 1 ? one : many.replace("{n}", number)] : []);

function announce(news) {
  const words = bar.dataset;
  const comments = news.filter((id) => id.startsWith("comment-")).length;
  const parts = [
    ...worded(news.length - comments, words.answer, words.answers),
    ...worded(comments, words.comment, words.comments),
  ];
  $("span", bar).textContent = parts.join(", ");
  bar.hidden = !news.length;
}

// Now that they are wanted: each goes where the server has it, after the post it follows there.
function show() {
  const next = waiting;
  waiting = null;
  bar.hidden = true;
  const known = new Set(idsOf(document));
  let first = null;
  for (const post of $$(POSTS, next)) {
    if (known.has(post.id)) continue;
    const home = document.getElementById(post.parentNode.id);
    const before = post.previousElementSibling;
    const place = before?.id && document.getElementById(before.id);
    if (!home) continue;
    const node = document.adoptNode(post);
    if (place) place.after(node);
    else if (home.id === "answers") ($("#answers > h2") ?? home.lastElementChild).after(node);
    else home.append(node);
    first ??= node;
  }
  const title = $("#answers > h2", next);
  if (title) $("#answers > h2")?.replaceWith(document.adoptNode(title));
  if (!first) return;
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
  first.scrollIntoView({ block: "center" });
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(() => look().catch(() => {}), SOON);
}

function someoneWrites() {
  const line = $("#writing");
  if (!line) return;
  line.textContent = line.dataset.words;
  clearTimeout(quiet);
  quiet = setTimeout(() => {
    line.textContent = "";
  }, WRITING.shown);
}

const connection = makeConnection({
  up: async () => {
    const answer = await connection.ask("watch", { thread });
    document.body.toggleAttribute("data-watched", !answer.err);
  },
  down: () => {},
  event: (name, payload) => {
    if (payload.thread !== thread) return;
    if (name === "thread") soon();
    if (name === "writing") someoneWrites();
  },
  poll: () => Date.now() - asked > SELDOM && soon(),
});

on("click", "#newsbar button", show);
on("input", "#reply textarea", () => {
  if (Date.now() - told < WRITING.every || !connection.live()) return;
  told = Date.now();
  connection.ask("writing", { thread });
});

// A quotation goes below what is written already; chosen words are quoted alone.
on("click", "[data-quote]", (event, link) => {
  const field = $("#reply textarea");
  if (!field) return;
  event.preventDefault();
  const post = document.getElementById(link.dataset.quote);
  const chosen = getSelection();
  const inside = !chosen.isCollapsed && post.contains(chosen.anchorNode);
  const said = (inside ? chosen.toString() : $(".prose", post).innerText).trim();
  const name = $(".byline b", post).textContent.trim();
  const lines = [`**${name}**`, "", ...said.split(/\n+/)].map((line) => `> ${line}`.trim());
  const before = field.value && !field.value.endsWith("\n") ? "\n\n" : "";
  field.setRangeText(`${before}${lines.join("\n")}\n\n`, field.value.length, field.value.length, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  field.scrollIntoView({ block: "center" });
});

if (thread) connection.start();
