// Older and newer messages as the reader scrolls: the server's own HTML, at most 300 on the page.
import { $, $$ } from "../lib/dom.js";
import { request } from "../lib/fetch.js";
import { parse } from "../lib/swap.js";

const MOST = 300;
const AHEAD = 600;

// whole: whether the page shows the end of the room.
export function makePaging({ log, list, whole }) {
  const link = $("#older");
  let detached = !whole;
  let busy = null;

  const messages = () => $$(".msg[data-no]", list);
  const address = (name, no) => `${location.pathname}?${name}=${no}`;

  async function page(url) {
    try {
      const answer = await request(url, { headers: { Accept: "text/html" } });
      const next = parse(await answer.text());
      return answer.ok && $("#msgs", next) ? next : null;
    } catch {
      return null;
    }
  }

  // What the reader looks at stays where it is, whatever comes above it or goes below.
  function keepingPlace(change) {
    const top = log.getBoundingClientRect().top;
    const anchor = messages().find((node) => node.getBoundingClientRect().bottom > top);
    const before = anchor?.getBoundingClientRect().top;
    change();
    if (anchor?.isConnected) log.scrollTop += anchor.getBoundingClientRect().top - before;
  }

  const fresh = (next) => {
    const known = new Set(messages().map((node) => node.dataset.no));
    const nodes = $$("#msgs > li", next).filter((node) => !known.has(node.dataset.no) && node.id !== "new");
    return nodes.map((node) => document.adoptNode(node));
  };

  // One line a day, though each page begins with its own.
  function oneLineADay() {
    let last = "";
    for (const line of $$(".day:not(.day--new)", list)) {
      const day = $("time", line)?.dateTime ?? "";
      if (day && day === last) line.remove();
      last = day || last;
    }
  }

  function settle() {
    list.dispatchEvent(new CustomEvent("written", { bubbles: true }));
    oneLineADay();
    const first = messages()[0];
    if (first) link.href = address("before", first.dataset.no);
  }

  const more = (next) => {
    const older = $("#older", next);
    return Boolean(older && !older.hidden);
  };

  async function older() {
    if (link.hidden || !messages().length) return;
    const next = await page(link.href);
    if (!next) return;
    keepingPlace(() => {
      list.prepend(...fresh(next));
      link.hidden = !more(next);
      const far = messages().slice(MOST);
      if (far.length) detached = true;
      if (far.length) dropFrom(far[0]);
      tidyEnd();
      settle();
    });
  }

  // A message and all below it but what waits to be sent.
  function dropFrom(first) {
    const all = [...list.children];
    for (const node of all.slice(all.indexOf(first))) if (!node.dataset.cid) node.remove();
  }

  // Lines of days that nothing follows.
  function tidyEnd() {
    while (list.lastElementChild?.matches(".day")) list.lastElementChild.remove();
  }

  async function newer() {
    const last = messages().at(-1);
    if (!detached || !last) return;
    const next = await page(address("after", last.dataset.no));
    if (!next) return;
    const end = JSON.parse($("[data-chat]", next).dataset.chat).at_end;
    keepingPlace(() => {
      let above = last;
      while (above.nextElementSibling?.matches(".happened")) above = above.nextElementSibling;
      above.after(...fresh(next));
      detached = !(end && whole);
      trim();
    });
  }

  // The farthest above goes when too many stand below; it is loaded again when wanted.
  function trim() {
    const far = messages().slice(0, -MOST);
    if (far.length) {
      keepingPlace(() => {
        const first = messages()[far.length];
        while (list.firstElementChild !== first) list.firstElementChild.remove();
        link.hidden = false;
      });
    }
    settle();
  }

  const alone = (work) => () => (busy ??= work().finally(() => (busy = null)));

  // Back to the end: what came while it was loaded stays, and what waits to be sent.
  async function attach() {
    detached = false;
    const next = await page(location.pathname);
    if (!next) return location.assign(location.pathname);
    const nodes = $$("#msgs > li", next).map((node) => document.adoptNode(node));
    const reached = Math.max(0, ...nodes.map((node) => Number(node.dataset.no ?? 0)));
    const kept = [...list.children].filter((node) => node.dataset.cid || Number(node.dataset.no) > reached);
    list.replaceChildren(...nodes, ...kept);
    link.hidden = !more(next);
    settle();
  }

  const [loadOlder, loadNewer] = [alone(older), alone(newer)];
  // Near an end, what comes after it is fetched.
  function look() {
    if (log.scrollTop < AHEAD) loadOlder();
    else if (detached && log.scrollHeight - log.scrollTop - log.clientHeight < AHEAD) loadNewer();
  }

  return { older: loadOlder, look, trim, attach, detached: () => detached };
}
