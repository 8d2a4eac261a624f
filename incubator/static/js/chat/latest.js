// The way back to the end: a button that says how much came meanwhile.
import { $, on } from "../lib/dom.js";

export function makeLatest({ atEnd, toLatest }) {
  const button = $("#latest");
  let missed = 0;

  function draw() {
    const away = !atEnd();
    if (!away) missed = 0;
    button.hidden = !away;
    const count = $(".count", button);
    count.hidden = !missed;
    $("[data-n]", count).textContent = missed > 99 ? "99+" : missed;
  }

  function came() {
    missed += 1;
    draw();
  }

  on("click", "#latest", () => {
    toLatest();
    $("#log").focus({ preventScroll: true });
  });
  $("#log").addEventListener("scroll", draw, { passive: true });
  return { came, draw, atEnd };
}
