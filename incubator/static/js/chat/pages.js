// Paging, fetched when the reader comes near an end of what is loaded, or much has come.
import { $$, on } from "../lib/dom.js";

const AHEAD = 600;
const MANY = 250;

export function pagesLater({ log, list, whole }) {
  let paging = null;
  let coming = null;

  const fetched = () =>
    (coming ??= import("./paging.js").then(({ makePaging }) => (paging = makePaging({ log, list, whole }))));
  const near = () => log.scrollTop < AHEAD || (!whole && log.scrollHeight - log.scrollTop - log.clientHeight < AHEAD);
  const older = () => fetched().then(() => paging.older());

  async function look() {
    if (!paging && near()) await fetched();
    paging?.look();
  }

  async function trim() {
    if (!paging && $$(".msg", list).length > MANY) await fetched();
    paging?.trim();
  }

  log.addEventListener("scroll", look, { passive: true });
  on("click", "#older", (event) => {
    event.preventDefault();
    older();
  });
  return { older, trim, attach: () => paging.attach(), detached: () => (paging ? paging.detached() : !whole) };
}
