// The worker beside the pages: keeps what is read for reading without a network, for one reader.
// The server puts HOUSE before these lines: { build, offline, name, icon }. Pages come from the network first;
// nothing is ever kept of a page that does not say whose it is and that it may be kept.
const SHELF = `shelf-${HOUSE.build}`;
const OURS = "kept:";
const MOST_KEPT = 12;
const LANGUAGES = ["fr", "en"];
const STATIC = "/static/";

self.addEventListener("install", (event) => {
  // What a page sends as it goes would be lost on its way past us: it does not come by here.
  event.addRoutes?.({ condition: { requestMethod: "POST" }, source: "network" })?.catch(() => {});
  event.waitUntil(stock().then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(tidy().then(() => self.clients.claim())));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin || request.method !== "GET") return;
  if (url.pathname.startsWith(STATIC)) event.respondWith(fromShelf(request, url));
  else if (request.mode === "navigate") event.respondWith(visit(event, url));
});

self.addEventListener("message", (event) => {
  const { type, address, assets } = event.data ?? {};
  if (type === "keep") event.waitUntil(keepNow(address, assets));
  if (type === "leave") event.waitUntil(belongTo("nobody"));
});

self.addEventListener("push", (event) => event.waitUntil(tell(event.data)));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});
// The page that is opened next tells the server (ui/push.js).
self.addEventListener("pushsubscriptionchange", (event) => {
  const options = event.oldSubscription?.options;
  if (options) event.waitUntil(self.registration.pushManager.subscribe(options));
});

// Every push shows something, as browsers want it; the number of the bell goes on the icon.
async function tell(data) {
  let told = {};
  try {
    told = data.json();
  } catch {
    // Without words of ours: that there are news is all that is known.
  }
  await self.registration.showNotification(told.title ?? HOUSE.name, {
    body: told.text ?? "",
    lang: told.lang ?? "",
    tag: told.tag ?? "news",
    renotify: true,
    icon: HOUSE.icon,
    badge: HOUSE.icon,
    data: { address: told.address ?? "/", n: told.n ?? 0, at: Date.now() },
  });
  if (told.n > 0) await self.navigator.setAppBadge?.(told.n).catch(() => {});
}

// In a window of its own: what is being typed elsewhere stays. The page it leads to marks it read.
function open({ address }) {
  const url = new URL(address, location.origin);
  return self.clients.openWindow(url.origin === location.origin ? url.href : location.origin);
}

// The page without a network, in each language and as nobody, with all it needs to be drawn.
async function stock() {
  const shelf = await caches.open(SHELF);
  for (const code of LANGUAGES) {
    const answer = await fetch(HOUSE.offline, {
      credentials: "omit",
      headers: { "Accept-Language": code },
    });
    const text = await answer.clone().text();
    await shelf.put(`${HOUSE.offline}?${code}`, answer);
    const named = [...text.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((found) => found[1]);
    await Promise.all([...new Set(named)].map((address) => take(shelf, address)));
  }
}

// A static file and the modules it begins with.
async function take(shelf, address) {
  if (await shelf.match(address)) return;
  const answer = await fetch(address);
  if (!answer.ok) return;
  const text = address.endsWith(".js") ? await answer.clone().text() : "";
  await shelf.put(address, answer);
  const begun = [...text.matchAll(/(?:from|import)\s?\(?"(\.[^"]+)"/g)].map((found) => found[1]);
  await Promise.all(begun.map((one) => take(shelf, new URL(one, location.origin + address).pathname)));
}

// Shelves of earlier builds go; what was kept to be read stays with its reader.
async function tidy() {
  for (const name of await caches.keys()) {
    if (name.startsWith("shelf-") && name !== SHELF) await caches.delete(name);
  }
}

async function fromShelf(request, url) {
  const shelf = await caches.open(SHELF);
  const found = await shelf.match(request, { ignoreVary: true });
  if (found) return found;
  try {
    const answer = await fetch(request);
    if (answer.ok && url.pathname.startsWith(`${STATIC}${HOUSE.build}/`)) {
      await shelf.put(request, answer.clone());
    }
    return answer;
  } catch (error) {
    // A page kept under an earlier build: its files have the same names in this one.
    const name = url.pathname.split("/").slice(3).join("/");
    const alike = await shelf.match(`${STATIC}${HOUSE.build}/${name}`, { ignoreVary: true });
    if (alike) return alike;
    throw error;
  }
}

async function visit(event, url) {
  try {
    const answer = await fetch(event.request);
    event.waitUntil(note(url, answer.clone()));
    return answer;
  } catch {
    return (await kept(url)) ?? (await withoutNetwork());
  }
}

async function note(url, answer) {
  const reader = answer.headers.get("X-Reader");
  if (!reader) return;
  await belongTo(reader);
  if (answer.headers.has("X-Keep") && !url.search) await put(reader, url.pathname, answer);
}

// Whatever was kept for anybody else is thrown away.
async function belongTo(reader) {
  for (const name of await caches.keys()) {
    if (name.startsWith(OURS) && name !== OURS + reader) await caches.delete(name);
  }
}

async function put(reader, path, answer) {
  const text = await answer.text();
  const headers = new Headers(answer.headers);
  for (const gone of ["Content-Encoding", "Content-Length", "Set-Cookie"]) headers.delete(gone);
  headers.set("X-Kept-At", new Date().toISOString());
  headers.set("X-Title", encodeURIComponent(/<title>([^<]*) · /.exec(text)?.[1] ?? path));
  const cache = await caches.open(OURS + reader);
  await cache.delete(path);
  await cache.put(path, new Response(text, { headers }));
  const others = (await cache.keys()).filter((one) => new URL(one.url).pathname !== "/");
  for (const one of others.slice(0, Math.max(0, others.length - MOST_KEPT))) await cache.delete(one);
}

// A page that went past the worker is fetched once more to be kept.
async function keepNow(address, assets) {
  const url = new URL(address, location.origin);
  const answer = await fetch(url.pathname + url.search, { headers: { Accept: "text/html" } });
  if (!answer.redirected) await note(url, answer);
  const shelf = await caches.open(SHELF);
  await Promise.all(assets.map((one) => take(shelf, new URL(one, location.origin).pathname)));
}

// What was kept, marked with when; nothing while it is not clear for whom.
async function kept(url) {
  const names = (await caches.keys()).filter((name) => name.startsWith(OURS));
  if (names.length !== 1) return null;
  const found = await (await caches.open(names[0])).match(url.pathname, { ignoreVary: true });
  if (!found) return null;
  const text = (await found.text()).replace("<html ", `<html data-kept="${found.headers.get("X-Kept-At")}" `);
  return new Response(text, { headers: found.headers });
}

async function withoutNetwork() {
  const shelf = await caches.open(SHELF);
  const code = LANGUAGES.find((one) => self.navigator.language.startsWith(one)) ?? LANGUAGES[0];
  return (await shelf.match(`${HOUSE.offline}?${code}`, { ignoreVary: true })) ?? Response.error();
}
