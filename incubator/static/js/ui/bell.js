// The number at the bell, in the title and on the icon: news of one tab or device reach all others.
// One tab of a browser listens for all of them; a page that has a socket anyway hears by itself.
import { $, $$, say } from "../lib/dom.js";
import { request } from "../lib/fetch.js";

const SOON = 200;
const IDLE = 2_500;
const SELDOM = 60_000;
const CHANNEL = "bell";
const title = document.title;
const others = globalThis.BroadcastChannel && new BroadcastChannel(CHANNEL);
let timer = 0;
let asked = Date.now();
let known = Number($("[data-bell] [data-n]").textContent.replace("+", ""));

function paint({ n, shown, words }, { aloud = false } = {}) {
  for (const bell of $$("[data-bell]")) {
    $("[data-n]", bell).textContent = shown;
    $(".count", bell).hidden = !n;
  }
  // A room counts its own messages there.
  if (!$(".chatpage")) document.title = n ? `(${shown}) ${title}` : title;
  if (aloud && n > known && !document.hidden) say(words);
  known = n;
  const badge = n ? navigator.setAppBadge?.(n) : navigator.clearAppBadge?.();
  badge?.catch(() => {});
  if (!n) putAway().catch(() => {});
}

// What the bell counted when it was pushed was read, here or elsewhere. What came while the number
// was on its way stays, as does what comes by push alone, which no bell counts.
async function putAway() {
  const before = asked;
  const worker = await navigator.serviceWorker?.getRegistration();
  for (const shown of (await worker?.getNotifications()) ?? []) {
    if (shown.data?.n && shown.data.at < before) shown.close();
  }
}

async function look() {
  asked = Date.now();
  const bell = $("[data-bell]");
  if (!bell) return;
  const answer = await request(bell.dataset.bell, { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) return;
  const told = await answer.json();
  paint(told, { aloud: true });
  others?.postMessage(told);
}

function soon(delay = SOON) {
  clearTimeout(timer);
  timer = setTimeout(() => look().catch(() => {}), delay);
}

async function listen() {
  const { connections, makeConnection } = await import("../chat/connection.js");
  if (connections()) return;
  const poll = () => Date.now() - asked > SELDOM && soon(0);
  makeConnection({ up: () => {}, down: () => {}, event: () => {}, poll }).start();
}

if (others) others.onmessage = ({ data }) => paint(data);
document.addEventListener("told", ({ detail: { name, payload } }) => {
  if (name === "me" && payload.bell) soon();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && Date.now() - asked > SELDOM) soon(0);
});
paint({ n: known, shown: $("[data-bell] [data-n]").textContent, words: "" });
setTimeout(() => {
  // The lock is this tab's until it closes; then another one's.
  if (navigator.locks) navigator.locks.request(CHANNEL, () => listen().then(() => new Promise(() => {})));
  else setInterval(() => document.hidden || soon(0), SELDOM);
}, IDLE);
