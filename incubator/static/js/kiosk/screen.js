// The screen of a site: presses go into a queue, the queue goes to the server when it can.
import { $, $$ } from "../lib/dom.js";
import { request } from "../lib/fetch.js";
import { ownScript } from "../lib/swap.js";
import { clock } from "../lib/time.js";
import { add, settle, told, waiting } from "./queue.js";

const AGAIN = 15_000;
const ALIVE = 60_000;
const SHOWN = 7_000;
const ASKED = 20_000;
const CODE = 15_000;
const DIGITS = 9;

const kiosk = document.getElementById("kiosk");
const form = document.getElementById("press");
const number = document.getElementById("number");
const { kiosk: address, worker, lang } = kiosk.dataset;
const words = JSON.parse(kiosk.dataset.said);
let mine = "";
let busy = false;
let quiet = 0;

function say(title, more = "", times = []) {
  $("#said-title").textContent = title;
  $("#said-more").textContent = more;
  $("#said").hidden = false;
  ask(times);
  clearTimeout(quiet);
  // Whoever comes next sees nobody's name.
  quiet = setTimeout(() => {
    $("#said").hidden = true;
    $("#said-title").textContent = $("#said-more").textContent = "";
  }, times.length ? ASKED : SHOWN);
}

// Who forgets to check out is asked when they mean to leave.
function ask(times) {
  const place = document.getElementById("ask");
  place.hidden = !times.length;
  for (const old of $$("button", place)) old.remove();
  for (const { at, label, uid } of times) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn--sprout";
    button.textContent = label;
    button.addEventListener("click", () => plan(place, { at, uid }));
    place.append(button);
  }
}

async function plan(place, told) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const sent = { method: "POST", headers, body: JSON.stringify(told) };
  const answer = await request(place.dataset.plan, sent).catch(() => null);
  if (answer?.ok) say(place.dataset.noted);
}

function show(offline) {
  const count = waiting().length;
  const line = document.getElementById("waiting");
  line.hidden = !count;
  line.textContent = count === 1 ? line.dataset.one : line.dataset.many.replace("#", count);
  document.getElementById("offline").hidden = !offline;
  const code = document.getElementById("code");
  if (code) code.hidden = offline;
}

async function send() {
  if (busy) return;
  busy = true;
  try {
    const body = JSON.stringify({ clock: Date.now(), lang, presses: told() });
    const headers = { "Content-Type": "application/json", Accept: "application/json" };
    const answer = await request(address, { method: "POST", headers, body });
    if (answer.status === 403) return say(words.gone);
    if (!answer.ok) throw new Error(answer.status);
    const { answers } = await answer.json();
    settle(answers);
    const own = answers.find((one) => one.uid === mine);
    if (own) say(own.title, own.more, (own.ask ?? []).map((time) => ({ ...time, uid: own.uid })));
    show(false);
  } catch {
    if (waiting().some((press) => press.uid === mine)) say(words.noted, words.later);
    show(true);
  } finally {
    busy = false;
    mine = "";
  }
}

// The last of nine digits shows a slip of the finger, also without the network.
function right(digits) {
  if (digits.length !== DIGITS) return false;
  const sum = [...digits].reverse().reduce((all, sign, place) => {
    const value = Number(sign) * (place % 2 ? 2 : 1);
    return all + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const digits = number.value.replace(/\D/g, "");
  number.value = "";
  if (!right(digits)) return say(words.wrong);
  mine = add(digits, event.submitter?.value === "out" ? "out" : "in");
  show(false);
  send();
});

$("#pad").hidden = false;
for (const key of $$("[data-key]")) {
  key.addEventListener("click", () => {
    const sign = key.dataset.key;
    if (sign === "clear") number.value = "";
    else if (sign === "back") number.value = number.value.slice(0, -1);
    else if (number.value.length < DIGITS) number.value += sign;
  });
}

const face = $("[data-clock]");
setInterval(() => {
  face.textContent = clock(new Date(), face.dataset.clock);
}, 5_000);

const picture = $("[data-code]");
if (picture) setInterval(() => (picture.src = `${picture.src.split("?")[0]}?${Date.now()}`), CODE);

// The tablet stays awake as long as its page is seen.
async function wake() {
  if (!document.hidden) await navigator.wakeLock?.request("screen").catch(() => null);
}
document.addEventListener("visibilitychange", wake);
wake();

addEventListener("online", send);
addEventListener("offline", () => show(true));
setInterval(() => waiting().length && send(), AGAIN);
setInterval(send, ALIVE);
show(!navigator.onLine);
send();

// The page itself is kept for when there is no network, in both languages.
async function keepPage() {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register(ownScript(worker));
  const { active } = await navigator.serviceWorker.ready;
  const files = performance.getEntriesByType("resource").map((one) => one.name);
  const here = location.origin + location.pathname;
  const pages = [here, ...["fr", "en"].map((code) => `${here}?lang=${code}`)];
  active.postMessage([...new Set([...pages, ...files.filter((one) => one.includes("/static/"))])]);
}
keepPage();
