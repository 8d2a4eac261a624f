// On pages without a line of their own: this browser tells once a minute that somebody is there.
import { post } from "../lib/fetch.js";
import { makeHeartbeat } from "./heartbeat.js";

const SHARED = "somebody-here";
const FRESH = 55_000;
// Who left a page open and went is not «away» for ever.
const LONG = 30 * 60_000;

let idleSince = 0;
let over = false;

// Another tab of this browser told the same, or that somebody is active, a moment ago.
function toldElsewhere(state) {
  const [at, told] = (localStorage.getItem(SHARED) ?? "").split(" ");
  return Date.now() - Number(at) < FRESH && (told === "active" || told === state);
}

async function ask(_name, { state }) {
  if (state === "active") idleSince = 0;
  else idleSince ||= Date.now();
  if ((idleSince && Date.now() - idleSince > LONG) || toldElsewhere(state)) return;
  localStorage.setItem(SHARED, `${Date.now()} ${state}`);
  const answer = await post(document.body.dataset.beat, { state }).catch(() => null);
  // Signed out elsewhere: the next page says so.
  if (answer && (answer.redirected || !answer.ok)) over = answer.status < 500;
}

makeHeartbeat({ live: () => !over, ask }).tell();
