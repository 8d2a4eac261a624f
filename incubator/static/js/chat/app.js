// The chat on a page: the room that is open, if any, and the counters of the others.
import { $, $$, on } from "../lib/dom.js";
import { swap } from "../lib/swap.js";
import { clock } from "../lib/time.js";
import { makeComposer } from "./composer.js";
import { byHttp, makeConnection } from "./connection.js";
import { makeCounters } from "./counters.js";
import { makeMarker } from "./marker.js";
import { makeOutbox } from "./outbox.js";
import { makeRoom } from "./room.js";
import { makeSender } from "./sender.js";
import { makeView } from "./view.js";

const config = JSON.parse($("[data-chat]").dataset.chat);
const { words, urls } = config;
let out = false;
const follows = Boolean(config.room && config.at_end);
const outbox = makeOutbox(config.me);
const counters = makeCounters(urls);
const view = config.room ? makeView(config) : null;
const connection = makeConnection({ up, down, event, poll });
const room = follows ? makeRoom({ last: config.seq, fetchAfter, show, reset: startAfresh }) : null;
const marker = follows && config.seated ? makeMarker({ readNo: config.read_no, view, seen }) : null;
const sender = follows
  ? makeSender({ config, outbox, connection, view, onFinal, onSignedOut: signedOut })
  : null;
const composer = sender && makeComposer({ room: config.room, outbox, send: sender.send, words });

function show(entry) {
  if (entry.kind !== "msg") return;
  const mine = entry.author.id === config.me;
  const node = view.show(entry);
  if (!mine && (document.hidden || !view.atEnd())) view.lineBefore(node);
  if (mine) {
    outbox.remove(entry.cid);
    view.clearLine();
  }
  counters.came(config.room, entry.no, mine);
  marker?.soon();
}

async function fetchAfter(seq) {
  const id = String(config.room);
  const answer = connection.live()
    ? await connection.ask("sync", { rooms: { [id]: seq } })
    : await byHttp(`${urls.sync}?at=${id}:${seq}`);
  if (answer.heads) counters.set(answer.heads);
  if (answer.err === "auth_expired") signedOut();
  return answer.rooms?.[id] ?? answer;
}

// Join first, then ask what was missed: nothing falls in between.
async function up() {
  const hello = await connection.ask("hello");
  if (hello.err) return;
  counters.set(hello.rooms);
  view?.tell("");
  if (!room) return;
  const joined = await connection.ask("join", { room: config.room });
  if (joined.err) return;
  await room.catchUp();
  sender.pump();
  marker?.soon();
}

function down() {
  if (view && follows) setTimeout(() => connection.live() || out || view.tell(words.offline), 3_000);
}

function event(name, payload) {
  if (name === "ev" && payload.room === config.room) room?.apply(payload);
  if (name === "me" && payload.read_no) counters.read(payload.room, payload.read_no);
  if (name === "me" && payload.seated) moreRooms();
  if (name === "me" && payload.sent_no) counters.own(payload.room, payload.sent_no);
  if (name === "refused") signedOut();
  if (name !== "heads") return;
  for (const [id, [seq, msgNo]] of Object.entries(payload)) {
    if (follows && Number(id) === config.room) room.behind(seq);
    else counters.heads(Number(id), msgNo);
  }
}

// Somebody began to talk with me: the list of rooms as the server draws it, then its counters.
async function moreRooms() {
  await swap({ selector: ".rooms__scroll", url: location.href, quiet: true });
  const hello = await connection.ask("hello");
  if (!hello.err) counters.set(hello.rooms);
}

async function poll() {
  if (room) {
    await room.catchUp();
    sender.pump();
  } else {
    const answer = await byHttp(urls.sync);
    if (answer.heads) counters.set(answer.heads);
    if (answer.err === "auth_expired") signedOut();
  }
}

async function seen(no) {
  counters.read(config.room, no);
  if (connection.live()) await connection.ask("read", { room: config.room, no });
  else {
    const body = new FormData();
    body.set("no", no);
    body.set("csrf_token", $("input[name=csrf_token]").value);
    await byHttp(urls.read, { method: "POST", body });
  }
}

function onFinal(item, reason) {
  if (item.room !== config.room || !composer?.giveBack(item.text)) return false;
  view.tell(reason);
  return true;
}

function signedOut() {
  out = true;
  connection.stop();
  view?.tell(words.signed_out);
}

// The log is not the one this page followed: what is typed is kept, the page starts afresh.
function startAfresh() {
  location.reload();
}

function tick() {
  for (const time of $$("time[data-zone]")) time.textContent = clock(new Date(), time.dataset.zone);
}

on("click", "[data-again]", () => sender?.pump());
on("click", "[data-drop]", (_event, button) => {
  const { cid } = button.closest(".msg").dataset;
  outbox.remove(cid);
  view.forget(cid);
});
for (const element of $$("[data-without-script]")) element.hidden = true;
for (const item of follows ? outbox.of(config.room) : []) view.promise(item);
if (follows) view.open();
marker?.soon();
addEventListener("online", () => sender?.pump());
setInterval(tick, 30_000);
requestAnimationFrame(() => setTimeout(connection.start));
