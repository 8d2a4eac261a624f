// How much is unread: beside each room, in the menu and in the title.
import { $, $$, fromTemplate } from "../lib/dom.js";

const MOST = 100;
const shown = (n) => (n >= MOST ? `${MOST - 1}+` : String(n));

function draw(link, n) {
  const old = $(".count", link);
  if (!n) return old?.remove();
  const badge = fromTemplate("count");
  $("[data-n]", badge).textContent = shown(n);
  if (old) old.replaceWith(badge);
  else link.append(badge);
}

export function makeCounters({ index }) {
  const rooms = new Map();
  const title = document.title;
  const menu = $$(`.side a[href="${index}"], .tabbar a[href="${index}"]`);

  function paint() {
    let total = 0;
    for (const [id, room] of rooms) {
      total += room.unread;
      for (const link of $$(`.room[data-room="${id}"]`)) {
        draw(link, link.ariaCurrent === "page" ? 0 : room.unread);
        link.classList.toggle("room--new", room.unread > 0 && link.ariaCurrent !== "page");
      }
    }
    for (const link of menu) draw(link, total);
    document.title = total ? `(${shown(total)}) ${title}` : title;
  }

  // The exact figures of the server.
  function set(list) {
    rooms.clear();
    for (const { id, msg_no, unread, seated } of list) {
      if (seated) rooms.set(id, { msg_no, unread, own: 0 });
    }
    paint();
  }

  function heads(id, msgNo) {
    const room = rooms.get(id);
    if (!room || msgNo <= room.msg_no) return;
    const fresh = msgNo - room.msg_no;
    const own = Math.min(room.own, fresh);
    room.own -= own;
    room.msg_no = msgNo;
    room.unread += fresh - own;
    paint();
  }

  // Said from another device of the same person: not news.
  function own(id, no) {
    const room = rooms.get(id);
    if (room && no > room.msg_no) room.own += 1;
  }

  function read(id, no) {
    const room = rooms.get(id);
    if (!room || no < room.msg_no) return;
    room.unread = 0;
    paint();
  }

  // A message of the open room, mine or not.
  function came(id, no, mine) {
    const room = rooms.get(id);
    if (!room || no <= room.msg_no) return;
    room.msg_no = no;
    if (!mine) room.unread += 1;
    paint();
  }

  return { set, heads, own, read, came };
}
