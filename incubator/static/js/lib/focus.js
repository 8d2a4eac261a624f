// Where the keyboard is, before and after a part of the page was replaced.
import { $$ } from "./dom.js";

const ROWS = "li, tr, article";
const CONTROLS = "button, a[href], input:not([type=hidden]), select, textarea";

const name = (element) => element.getAttribute("aria-label") || element.textContent.trim();

export const lost = () => !document.activeElement || document.activeElement === document.body;

// Note where the focus is. The answer finds its place again in the new part: the same id, else
// the same button of the row that took the place, else the part itself.
export function noteFocus() {
  if (lost()) return () => null;
  const element = document.activeElement;
  const row = element.closest(ROWS);
  const place = row ? [...row.parentNode.children].indexOf(row) : -1;
  const label = name(element);
  const id = element.id;
  const list = row?.parentNode.id;
  return (part) => {
    const same = id && document.getElementById(id);
    if (same) return same;
    const rows = $$(ROWS, (list && document.getElementById(list)) || part);
    const next = place < 0 ? undefined : rows[Math.min(place, rows.length - 1)];
    const control = next && $$(CONTROLS, next).find((one) => name(one) === label);
    if (control) return control;
    part.tabIndex = -1;
    return part;
  };
}
