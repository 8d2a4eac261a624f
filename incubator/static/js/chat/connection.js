// The socket: opened after the first paint, always answered, replaced by HTTP where it is forbidden.
import { request, token } from "../lib/fetch.js";
import { makeSocket } from "../lib/socket.js";

const VERSION = 1;
const ANSWER = 8_000;
const BLOCKED = 6_000;
const POLL = { visible: 5_000, hidden: 30_000 };
const LOST = { err: "lost", retry: true, retry_after: 1 };

// handlers: { up(), down(), event(name, payload), poll() }
let made = 0;
// How many sockets this page has asked for.
export const connections = () => made;

export function makeConnection(handlers) {
  made += 1;
  let timer = 0;
  let judged = false;
  let over = false;

  const auth = () => ({ v: VERSION, token: token() });
  const socket = makeSocket("/chat", auth, { up, down, refused, event });
  const live = socket.connected;

  // The acknowledgement of the server, or an error that says whether to try again.
  const ask = async (name, payload = {}) => (live() && (await socket.ask(name, payload, ANSWER))) || LOST;

  function start() {
    schedule(BLOCKED);
    socket.connect();
    addEventListener("online", () => over || live() || socket.connect());
  }

  function up() {
    clearTimeout(timer);
    judged = false;
    handlers.up();
  }

  function down({ was, byServer }) {
    handlers.down();
    if (was) schedule(judged ? 0 : BLOCKED);
    // The server hung up by itself: it said «bye» before, and judges us anew.
    if (byServer) setTimeout(() => over || socket.connect(), 500 + Math.random() * 1_000);
  }

  function refused(why) {
    if (why?.err) handlers.event("refused", why);
  }

  // Shut out, not restarted: a question by HTTP tells at once whether the session still stands.
  function event(name, payload) {
    document.dispatchEvent(new CustomEvent("told", { detail: { name, payload } }));
    if (name === "bye") judged = payload.why === "revoked" || payload.why === "expired";
    else handlers.event(name, payload);
  }

  // While no socket is up: ask by HTTP, seldom when nobody looks.
  function schedule(delay) {
    clearTimeout(timer);
    if (over) return;
    timer = setTimeout(async () => {
      if (live()) return;
      await handlers.poll();
      schedule(document.hidden ? POLL.hidden : POLL.visible);
    }, delay);
  }

  // For good: the page must be loaded again.
  function stop() {
    over = true;
    clearTimeout(timer);
    socket.stop();
  }

  return { ask, start, stop, live };
}

// The same acts by HTTP. Answers what the socket would have acknowledged.
export async function byHttp(url, init) {
  try {
    const answer = await request(url, { ...init, headers: { Accept: "application/json" } });
    const json = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (answer.redirected || answer.status === 401) return { err: "auth_expired", retry: false };
    if (!json) return LOST;
    const told = await answer.json();
    if (answer.ok || told.err) return told;
    return answer.status === 400 ? { err: "auth_expired", retry: false } : LOST;
  } catch {
    return LOST;
  }
}
