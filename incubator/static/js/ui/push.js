// News to this browser while the product is closed: asked for by a click, ended by another.
// What the server knows stands in the page; the browser is asked what it still has.
import { $, $$, on } from "../lib/dom.js";
import { post, token } from "../lib/fetch.js";
import { swap } from "../lib/swap.js";

const KEPT = "push";
const UNKNOWN = 404;
const place = () => $("[data-push]");

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function bytes(key) {
  const plain = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

const offer = (subscription) => ({
  endpoint: subscription.endpoint,
  p256dh: text(subscription.getKey("p256dh")),
  auth: text(subscription.getKey("auth")),
});

const able = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
const manager = async () => (await navigator.serviceWorker.ready).pushManager;

function show(state) {
  for (const part of $$("[data-state]", place())) part.hidden = part.dataset.state !== state;
}

async function look() {
  if (!place()) return;
  if (!able()) return show("unknown");
  if (Notification.permission === "denied") return show("denied");
  const subscription = await (await manager()).getSubscription();
  const told = subscription && subscription.endpoint === place().dataset.endpoint;
  if (told) keep(subscription.endpoint);
  show(told && Notification.permission === "granted" ? "on" : "off");
}

// So that later pages notice a new session, or a new address of the push service.
function keep(endpoint) {
  const { reader } = document.body.dataset;
  localStorage.setItem(KEPT, JSON.stringify({ endpoint, reader, renew: place().dataset.renew }));
}

// One made for another key of the server cannot be used.
async function subscribed(key) {
  const push = await manager();
  const options = { userVisibleOnly: true, applicationServerKey: bytes(key) };
  const former = await push.getSubscription();
  const theirs = former?.options.applicationServerKey;
  if (former && theirs && text(theirs) !== key) await former.unsubscribe();
  return push.subscribe(options);
}

function send(url, fields, source) {
  const body = new FormData();
  for (const [name, value] of Object.entries({ ...fields, csrf_token: token() })) body.set(name, value);
  return swap({ selector: "#push", url, init: { method: "POST", body }, source });
}

on("click", "[data-push] [data-do=on]", async (_event, button) => {
  const { push: key, on: url } = place().dataset;
  // Some browsers answer by themselves, and show no more than a sign beside the address.
  if ((await Notification.requestPermission()) !== "granted") return show("denied");
  button.setAttribute("aria-busy", "true");
  try {
    await send(url, offer(await subscribed(key)), button);
  } catch {
    show("failed");
    $("[data-state=failed] button", place()).focus();
  } finally {
    button.removeAttribute("aria-busy");
  }
});

on("click", "[data-push] [data-do=off]", async (_event, button) => {
  const url = place().dataset.off;
  const subscription = await (await manager()).getSubscription();
  localStorage.removeItem(KEPT);
  await subscription?.unsubscribe();
  await send(url, { endpoint: subscription?.endpoint ?? place().dataset.endpoint }, button);
});

// On any page: a browser that is known goes on under the session of today; an unknown one ends.
export async function renew(reader) {
  const kept = JSON.parse(localStorage.getItem(KEPT));
  if (!able()) return;
  const subscription = await (await manager()).getSubscription();
  if (!subscription) return localStorage.removeItem(KEPT);
  if (kept.reader === reader && kept.endpoint === subscription.endpoint) return;
  const answer = await post(kept.renew, { ...offer(subscription), former: kept.endpoint });
  if (answer.ok) {
    const { endpoint } = subscription;
    localStorage.setItem(KEPT, JSON.stringify({ ...kept, endpoint, reader }));
  } else if (answer.status === UNKNOWN) {
    localStorage.removeItem(KEPT);
    await subscription.unsubscribe();
  }
}

document.addEventListener("swapped", () => look().catch(() => show("failed")));
look().catch(() => show("failed"));
