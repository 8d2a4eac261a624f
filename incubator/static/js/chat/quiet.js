// What happens in a room, in small print between its messages; several in a row are one line.
import { $, $$, fromTemplate } from "../lib/dom.js";
import { clock } from "../lib/time.js";

const TOGETHER = ["came", "left", "out"];

export function makeQuiet({ words, zone }) {
  const list = $("#msgs");
  const day = (at) => new Date(at).toLocaleDateString("sv", { timeZone: zone });
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, key) => values[key]);

  function who([a, b, c, ...others]) {
    if (!b) return a;
    if (!c) return fill(words.two, { a, b });
    return others.length ? fill(words.many, { a, b, n: others.length + 1 }) : fill(words.three, { a, b, c });
  }

  // The line that this one goes on with, if there is one just before it.
  function together(before, { what, at }) {
    const same = before?.matches(".happened") && before.dataset.what === what && TOGETHER.includes(what);
    return same && day($("time", before).dateTime) === day(at) ? before : null;
  }

  function write(node, { what, name, no }, names) {
    const link = no && document.getElementById(`m-${no}`) ? document.createElement("a") : document.createElement("span");
    if (link.matches("a")) link.href = `#m-${no}`;
    link.textContent = fill(words[what][names.length > 1 ? 1 : 0], { who: who(names), name });
    node.firstElementChild.replaceWith(link);
    Object.assign(node.dataset, { what, names: JSON.stringify(names) });
  }

  // An entry of the log with «what» and «who», in its order; what waits to be sent stays below it.
  return function show(entry) {
    const next = $$(".msg", list).find((node) => node.dataset.seq > entry.seq || node.matches(".msg--pending, .msg--failed"));
    const before = next ? next.previousElementSibling : list.lastElementChild;
    const old = together(before, entry);
    const node = old ?? fromTemplate("happened");
    const names = old ? JSON.parse(old.dataset.names) : [];
    write(node, entry, [...new Set([...names, entry.who])]);
    if (old) return;
    const time = $("time", node);
    time.dateTime = entry.at;
    time.textContent = clock(new Date(entry.at), zone);
    list.insertBefore(node, next ?? null);
  };
}
