// What was typed and not yet stored by the server: it survives a reload and a closed laptop.
const ours = (me) => `chat:outbox:${me}`;
const draft = (me, room) => `chat:draft:${me}:${room}`;

const read = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? [];
  } catch {
    return [];
  }
};

const write = (key, value) => {
  try {
    if (value.length) localStorage.setItem(key, JSON.stringify(value));
    else localStorage.removeItem(key);
  } catch {
    // A full or closed storage: the text still leaves from this page.
  }
};

// A name of 32 letters, also where the page is not served by HTTPS.
export const newCid = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

export function makeOutbox(me) {
  const all = () => read(ours(me));
  return {
    all,
    of: (room) => all().filter((item) => item.room === room),
    add: (item) => write(ours(me), [...all(), item]),
    // Refused for good, and kept until its author says what becomes of it.
    fail: (cid, why) => write(ours(me), all().map((item) => (item.cid === cid ? { ...item, why } : item))),
    remove: (cid) => write(ours(me), all().filter((item) => item.cid !== cid)),
    draft: (room) => read(draft(me, room))[0] ?? "",
    keepDraft: (room, text) => write(draft(me, room), text ? [text] : []),
  };
}
