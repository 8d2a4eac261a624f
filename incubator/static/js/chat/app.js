// The chat on a page: the room that is open, if any, and the counters of the others.
import { $, $$, on } from "../lib/dom.js";
import { later } from "../lib/later.js";
import { swap } from "../lib/swap.js";
import { clock } from "../lib/time.js";
import { makeComposer } from "./composer.js";
import { byHttp, makeConnection } from "./connection.js";
import { makeCounters } from "./counters.js";
import { makeLatest } from "./latest.js";
import { makeLively } from "./lively.js";
import { makeMarker } from "./marker.js";
import { makeOutbox } from "./outbox.js";
import { pagesLater } from "./pages.js";
import { makeRoom } from "./room.js";
import { makeSender } from "./sender.js";
import { makeView } from "./view.js";

const config = JSON.parse($("[data-chat]").dataset.chat);
const { words, urls } = config;
const SPREAD = 3_000;
let out = false;
const follows = Boolean(config.room && config.at_end);
const outbox = makeOutbox(config.me);
const counters = makeCounters(urls);
const view = config.room ? makeView(config) : null;
const connection = makeConnection({ up, down, event, poll });
const room = follows ? makeRoom({ last: config.seq, fetchAfter, show, reset: startAfresh }) : null;
const marker = follows && config.seated && !config.root ? makeMarker({ readNo: config.read_no, view, seen }) : null;
const sender = follows
  ? makeSender({ config, outbox, connection, view, onFinal, onSignedOut: signedOut })
  : null;
const place = config.root ? `${config.room}.${config.root}` : config.room;
const composer = sender && makeComposer({ room: place, outbox, send, words });
const lively = makeLively({ config, connection, field: composer?.field });
const log = $("#log");
const paging = $("#older") ? pagesLater({ log, list: $("#msgs"), whole: follows }) : null;
const latest = $("#latest") ? makeLatest({ atEnd: () => view.atEnd() && !paging?.detached(), toLatest }) : null;
const calling = new Set();
let redraw = 0;

// Whether a message belongs among those of this page: the room's own, or those of one thread.
const among = (entry) => (entry.root ?? null) === config.root || entry.no === config.root;

function send(text, files, drafted) {
  lively.sent();
  sender.send(text, files, drafted);
  if (paging?.detached()) toLatest();
}

// The end of the room, loaded again when it is no longer on the page.
async function toLatest() {
  if (!follows) return location.assign(location.pathname);
  if (paging?.detached()) {
    await paging.attach();
    await room.catchUp();
  }
  view.toEnd();
  $$(".msg", log).at(-1)?.focus({ preventScroll: true });
}

function show(entry) {
  if (entry.what && !config.root && !paging?.detached()) happened(entry);
  if (entry.kind === "member" || entry.kind === "topic") redrawRoom(entry);
  // Somebody's words stand under another name: the list as the server draws it now.
  else if (entry.kind === "names") swap({ selector: "#msgs", url: location.href, quiet: true });
  else if (entry.kind !== "msg") view.change(entry);
  if (entry.kind !== "msg") return;
  const mine = entry.author.id === config.me;
  lively.came(entry.author.id);
  counters.came(config.room, entry, mine);
  if (mine) outbox.remove(entry.cid);
  if (!among(entry)) {
    if (entry.root && !config.root) view.change(entry);
    return marker?.upTo(entry.no);
  }
  if (!mine && (document.hidden || !latest?.atEnd())) latest?.came();
  if (paging?.detached()) return;
  if (calling.has(entry.no)) entry.me = true;
  const node = view.show(entry);
  paging?.trim();
  lively.drawn();
  if (!mine && (document.hidden || !view.atEnd())) view.lineBefore(node);
  if (mine) view.clearLine();
  marker?.soon();
}

// What happened, in the order of the log though its script is fetched when it is first wanted.
let quiet = null;
function happened(entry) {
  quiet ??= import("./quiet.js").then(({ makeQuiet }) => makeQuiet({ words: words.happened, zone: config.zone }));
  quiet.then((draw) => {
    const stay = view.atEnd();
    draw(entry);
    if (stay) view.toEnd();
  });
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

// A house that is busy is asked again as long as this line holds: nobody else would.
async function insist(name, payload) {
  for (;;) {
    const answer = await connection.ask(name, payload);
    if (!answer.err || !answer.retry || !connection.live()) return answer;
    await new Promise((resolve) => setTimeout(resolve, (answer.retry_after ?? 1) * 1_000));
  }
}

// Join first, then ask what was missed: nothing falls in between.
async function up() {
  const hello = await insist("hello");
  if (hello.err) return;
  counters.set(hello.rooms);
  view?.tell("");
  lively.up();
  if (!room) return;
  const joined = await insist("join", { room: config.room });
  if (joined.err) return;
  await room.catchUp();
  sender.pump();
  marker?.soon();
}

function down() {
  lively.down();
  if (view && follows) setTimeout(() => connection.live() || out || view.tell(words.offline), 3_000);
}

function event(name, payload) {
  if (name === "eph") lively.told(payload);
  if (name === "ev" && payload.room === config.room) room?.apply(payload);
  if (name === "me" && payload.read_no) counters.read(payload.room, payload.read_no);
  if (name === "me" && payload.seated) moreRooms();
  if (name === "me" && payload.seated === false) fewerRooms(payload.room);
  if (name === "me" && payload.sent_no) counters.own(payload);
  if (name === "me" && payload.mention_no) called(payload);
  if (name === "recount") setTimeout(recount, Math.random() * SPREAD);
  if (name === "refused") signedOut();
  if (name !== "heads") return;
  for (const [id, [seq, ...known]] of Object.entries(payload)) {
    if (follows && Number(id) === config.room) room.behind(seq);
    else counters.heads(Number(id), ...known);
  }
}

// A message calls me, or does so no more: the note may come before the message.
function called({ room: id, mention_no: no, on }) {
  if (id === config.room) {
    if (on) calling.add(no);
    else calling.delete(no);
    view?.called(no, on);
  }
  if (on) counters.mention(id);
  else recount();
}

async function recount() {
  const hello = await connection.ask("hello");
  if (!hello.err) counters.set(hello.rooms);
}

// A seat of mine is gone: of a closed room nothing more is shown, an open one is read from the door.
function fewerRooms(id) {
  if (id === config.room) location.reload();
  else moreRooms();
}

// Who sits there, its name and what one may do, as the server draws them now.
function redrawRoom({ act, member }) {
  const mayWrite = act === "archived" || act === "reopened";
  const mine = member === config.me && (act === "muted" || act === "unmuted");
  // What is typed is kept.
  if (mayWrite || mine) return location.reload();
  // Once for many who come at the same time, and not by everybody at the same instant.
  redraw ||= setTimeout(() => {
    redraw = 0;
    swap({ selector: ".talk__head .who", url: location.href, quiet: true });
  }, Math.random() * SPREAD);
}

// Somebody began to talk with me: the list of rooms as the server draws it, then its counters.
async function moreRooms() {
  await swap({ selector: ".rooms__scroll", url: location.href, quiet: true });
  await recount();
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
  const here = item.room === config.room && (item.root ?? null) === config.root;
  if (!here || !composer?.giveBack(item.text, item.files)) return false;
  view.tell(reason);
  return true;
}

// Why an act on a message was refused.
const explain = ({ err, retry_after: pause }) =>
  err === "rate_limited" ? words.fast.replace("{n}", pause) : (words[err] ?? words.refused);

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

// A message that waits, taken out of the page and of the outbox.
function takeBack(button) {
  const { cid } = button.closest(".msg").dataset;
  const item = outbox.all().find((each) => each.cid === cid);
  outbox.remove(cid);
  view.forget(cid);
  return item;
}

// The keys of the log, fetched when it is first come to.
function keysLater() {
  let [coming, press] = [null, null];
  const fetched = () => (coming ??= import("./keys.js").then(({ makeKeys }) => (press = makeKeys({ log, toLatest, older: () => paging?.older() }))));
  log.addEventListener("focusin", fetched, { once: true });
  log.addEventListener("keydown", (event) => (press ? press(event) : fetched().then(() => press(event))));
}

// Where a keyboard may cover half the screen.
async function fitLater() {
  const { fitToKeyboard } = await import("./phone.js");
  fitToKeyboard(view);
}

on("click", "[data-again]", (_event, button) => {
  if (!button.closest(".msg--failed")) return sender.pump();
  const { text, files } = takeBack(button);
  sender.send(text, files);
});
on("click", "[data-mend]", (_event, button) => {
  const { text, files } = takeBack(button);
  composer?.mend(text, files);
});
on("click", "[data-drop]", (_event, button) => takeBack(button));
for (const element of $$("[data-without-script]")) element.hidden = true;
for (const item of follows ? outbox.of(config.room) : []) if (among(item)) sender.restore(item);
if (composer) $$(".emoji", composer.form).forEach((menu) => (menu.hidden = false));
later(".emoji summary", async () => (await import("./emoji.js")).offerEmoji(config.signs, composer.form));
later("[data-sheet], [form=reacting]", async () => {
  const { makeSheet } = await import("./sheet.js");
  makeSheet({ done: () => connection.live() || room?.catchUp(), explain });
});
on("input", "[data-mentions]", (_event, field) => field.value.includes("@") && import("../ui/mentions.js"));
if (log) keysLater();
if (follows) {
  view.open();
  latest?.draw();
  composer?.field.addEventListener("focus", fitLater, { once: true });
}
marker?.soon();
addEventListener("online", () => sender?.pump());
addEventListener("offline", () => follows && !out && view.tell(words.offline));
setInterval(tick, 30_000);
requestAnimationFrame(() => setTimeout(connection.start));
