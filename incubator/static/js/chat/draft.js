// What is begun is kept on the server a moment later, for the other devices of its author.
import { post } from "../lib/fetch.js";

const PAUSE = 3_000;

// known: what the server has of it; kept() is told when it has all that was typed.
export function makeDraft({ url, root, field, known, kept }) {
  let timer = 0;
  let running = null;

  async function tell(text) {
    const fields = root ? { text, root } : { text };
    const headers = { Accept: "application/json" };
    try {
      const answer = await post(url, fields, { headers, keepalive: true });
      if (answer.status !== 204) return;
      known = text;
      if (field.value === text) kept();
    } catch {
      // Kept in this browser; the next word tries again.
    }
  }

  function save() {
    clearTimeout(timer);
    timer = 0;
    if (field.value === known) return;
    running = tell(field.value).finally(() => (running = null));
  }

  function soon() {
    timer ||= setTimeout(save, PAUSE);
  }

  // Whether the server knows of what is being sent; what is still on its way there is taken back.
  function sent() {
    clearTimeout(timer);
    timer = 0;
    const drafted = known !== "" || Boolean(running);
    running?.then(() => tell(field.value));
    known = "";
    return drafted;
  }

  // Whoever leaves in the middle of a word has not lost it.
  document.addEventListener("visibilitychange", () => document.hidden && timer && save());
  addEventListener("pagehide", () => timer && save());
  return { soon, sent };
}
