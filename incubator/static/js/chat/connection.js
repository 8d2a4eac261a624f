// The socket: loaded after the first paint, always answered, replaced by HTTP where it is forbidden.
import { request, token } from "../lib/fetch.js";

const VERSION = 1;
const ANSWER = 8_000;
const BLOCKED = 6_000;
const POLL = { visible: 5_000, hidden: 30_000 };
const LOST = { err: "lost", retry: true, retry_after: 1 };

// handlers: { up(), down(), event(name, payload), poll() }
export function makeConnection(handlers) {
  let socket = null;
  let timer = 0;
  let judged = false;
  let over = false;

  const live = () => Boolean(socket?.connected);

  // The acknowledgement of the server, or an error that says whether to try again.
  async function ask(event, payload = {}) {
    if (!live()) return LOST;
    try {
      return await socket.timeout(ANSWER).emitWithAck(event, payload);
    } catch {
      return LOST;
    }
  }

  async function start() {
    schedule(BLOCKED);
    const { io } = await import("../../vendor/socket.io.esm.min.js");
    socket = io("/chat", {
      transports: ["websocket"],
      auth: (give) => give({ v: VERSION, token: token() }),
      reconnectionDelay: 500,
      reconnectionDelayMax: 15_000,
      randomizationFactor: 0.5,
    });
    socket.on("connect", () => {
      clearTimeout(timer);
      judged = false;
      handlers.up();
    });
    socket.on("disconnect", (reason) => {
      handlers.down();
      schedule(judged ? 0 : BLOCKED);
      // The server hung up by itself: it said «bye» before, and judges us anew.
      if (reason === "io server disconnect") setTimeout(() => over || socket.connect(), 500 + Math.random() * 1_000);
    });
    socket.on("connect_error", (error) => {
      handlers.down();
      if (error.data?.err) handlers.event("refused", error.data);
    });
    // Shut out, not restarted: a question by HTTP tells at once whether the session still stands.
    socket.on("bye", ({ why }) => {
      judged = why === "revoked" || why === "expired";
    });
    for (const name of ["ev", "heads", "me", "site", "thread", "writing"]) {
      socket.on(name, (payload) => handlers.event(name, payload));
    }
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
    socket?.disconnect();
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
