// Keeps the page of the screen and its files at hand. It touches nothing else: its place in the
// tree of addresses ends with the screen.
const KEPT = "kiosk";

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

async function refill(addresses) {
  const cache = await caches.open(KEPT);
  const known = new Set((await cache.keys()).map((one) => one.url));
  // Pages may have changed, files bear the name of their build.
  const wanted = addresses.filter((one) => !one.includes("/static/") || !known.has(one));
  await Promise.allSettled(wanted.map((one) => cache.add(one)));
  const whole = new Set(addresses);
  for (const old of known) if (!whole.has(old)) await cache.delete(old);
}

addEventListener("message", (event) => {
  if (Array.isArray(event.data)) event.waitUntil(refill(event.data));
});

async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const found = await caches.match(request);
    if (found) return found;
    throw error;
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") return event.respondWith(page(request));
  if (request.url.includes("/static/")) {
    event.respondWith(caches.match(request).then((found) => found ?? fetch(request)));
  }
});
