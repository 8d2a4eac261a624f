// The product as an application: its worker, and one reader for all tabs.
import { $ } from "../lib/dom.js";
import { ownScript } from "../lib/swap.js";

const here = document.body.dataset.reader;
const offline = document.documentElement.dataset.kept ?? $("[data-offline]");

async function start() {
  await navigator.serviceWorker.register(ownScript("/worker.js"), { scope: "/", updateViaCache: "none" });
  const { active } = await navigator.serviceWorker.ready;
  if (offline || !("keep" in document.body.dataset)) return;
  // A page that came before the worker, or by a form, went past it.
  const cache = await caches.open(`kept:${here}`);
  if (await cache.match(location.pathname, { ignoreVary: true })) return;
  const assets = performance.getEntriesByType("resource").map((one) => one.name);
  active.postMessage({
    type: "keep",
    address: location.pathname + location.search,
    assets: assets.filter((one) => one.startsWith(`${location.origin}/static/`)),
  });
}

// Throw away what was kept for anybody else, whether the worker runs or not.
export async function forget(reader = "nobody") {
  if (!("caches" in window)) return;
  for (const name of await caches.keys()) {
    if (name.startsWith("kept:") && name !== `kept:${reader}`) await caches.delete(name);
  }
}

// A tab of somebody who left or changed shows their pages no longer. A page kept or shown without
// a network knows nothing of who is signed in, and says nothing.
function share() {
  const tabs = new BroadcastChannel("reader");
  tabs.onmessage = (event) => {
    if (event.data !== here) location.reload();
  };
  tabs.postMessage(here);
  forget(here);
}

if (here && !offline) share();
if (here && here !== "nobody" && !offline && localStorage.getItem("push")) {
  import("./push.js").then((push) => push.renew(here)).catch(() => {});
}
if ("serviceWorker" in navigator) start().catch(() => {});
