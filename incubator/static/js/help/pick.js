// Messages to make a question of: Shift takes all between two, their number is told, and the
// list begins where it matters: at the first one chosen, else at the latest.
import { $, $$ } from "../lib/dom.js";

const group = $("[data-pick]");
const boxes = group ? $$("input[name=seq]", group) : [];
const count = $("[data-pick-count]");
const quoted = group?.closest("form").elements.quoted;
const QUOTED_MOST = 4_000;
// What was ticked while this file was on its way.
let last = boxes.findLastIndex((box) => box.checked !== box.defaultChecked);

function tell() {
  const ticked = boxes.filter((box) => box.checked);
  const chosen = ticked.length;
  // What the messages say asks for skills as well: see told.js.
  quoted.value = ticked.map((box) => $(".prose", box.closest(".picked__one"))?.textContent.trim() ?? "").join(" ").slice(0, QUOTED_MOST);
  count.textContent = chosen === 1 ? count.dataset.one : chosen ? count.dataset.many.replace("{n}", chosen) : "";
}

for (const box of boxes)
  box.addEventListener("click", (event) => {
    const here = boxes.indexOf(box);
    if (event.shiftKey && last >= 0)
      for (const between of boxes.slice(Math.min(last, here), Math.max(last, here) + 1)) between.checked = box.checked;
    last = here;
    tell();
  });

if (boxes.length) {
  tell();
  $("[data-pick-range]").hidden = matchMedia("(pointer: coarse)").matches;
  const list = $("[data-pick-list]");
  const chosen = boxes.find((box) => box.checked);
  list.scrollTop = chosen ? chosen.closest(".picked__one").offsetTop : list.scrollHeight;
}
