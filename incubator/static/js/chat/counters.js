// How much is unread: beside each room, in the menu and in the title.
import { $, $$, fromTemplate } from "../lib/dom.js";

const MOST = 100;
const shown = (n) => (n >= MOST ? `${MOST - 1}+` : String(n));

function draw(link, n, kind = "count") {
  const old = $(kind === "count" ? ".count:not(.count--call)" : ".count--call", link);
  if (!n) return old?.remove();
  const badge = fromTemplate(kind);
  $("[data-n]", badge).textContent = shown(n);
  if (old) old.replaceWith(badge);
  else if (kind === "count") link.append(badge);
  else link.insertBefore(badge, $(".count", link));
}

export function makeCounters({ index }) {
  const rooms = new Map();
  const title = document.title;
  const menu = $$(`.side a[href="${index}"], .tabbar a[href="${index}"]`);

  function paint() {
    let total = 0;
    for (const [id, room] of rooms) {
      // Where only one's name is followed, only that counts.
      const news = room.follows === "all" ? room.unread : 0;
      const calls = room.follows === "all" || room.follows === "mentions" ? room.mentions : 0;
      total += room.follows === "all" ? news : calls;
      for (const link of $$(`.room[data-room="${id}"]`)) {
        const open = link.ariaCurrent === "page";
        draw(link, open ? 0 : news);
        draw(link, open ? 0 : calls, "count-call");
        link.classList.toggle("room--new", news > 0 && link.ariaCurrent !== "page");
      }
    }
    for (const link of menu) draw(link, total);
    document.title = total ? `(${shown(total)}) ${title}` : title;
  }

  // The exact figures of the server.
  function set(list) {
    rooms.clear();
    for (const { id, seated, ...known } of list) {
      if (seated) rooms.set(id, { ...known, own: 0, ownCalls: 0 });
    }
    paint();
  }

  // calls: how often everybody in the room was called, ever; asides: its replies, which are no news.
  function heads(id, msgNo, calls, asides) {
    const room = rooms.get(id);
    if (!room || msgNo <= room.msg_no) return;
    const called = Math.max(0, calls - room.calls);
    const ownCalls = Math.min(room.ownCalls, called);
    room.ownCalls -= ownCalls;
    room.calls = calls;
    room.mentions += called - ownCalls;
    const fresh = msgNo - room.msg_no - (asides - room.asides);
    room.asides = asides;
    const own = Math.min(room.own, fresh);
    room.own -= own;
    room.msg_no = msgNo;
    room.unread += fresh - own;
    paint();
  }

  // Said from another device of the same person: not news.
  function own({ room: id, sent_no: no, called, aside }) {
    const room = rooms.get(id);
    if (!room || no <= room.msg_no) return;
    if (!aside) room.own += 1;
    if (called) room.ownCalls += 1;
  }

  // A message calls me by my name; one that no longer does is counted anew by the server.
  function mention(id) {
    const room = rooms.get(id);
    if (!room) return;
    room.mentions += 1;
    paint();
  }

  function read(id, no) {
    const room = rooms.get(id);
    if (!room || no < room.msg_no) return;
    room.unread = 0;
    room.mentions = 0;
    paint();
  }

  // A message of the open room, mine or not.
  function came(id, { no, all, root }, mine) {
    const room = rooms.get(id);
    if (!room || no <= room.msg_no) return;
    room.msg_no = no;
    if (all) room.calls += 1;
    if (all && !mine) room.mentions += 1;
    if (root) room.asides += 1;
    else if (!mine) room.unread += 1;
    paint();
  }

  return { set, heads, own, mention, read, came };
}
