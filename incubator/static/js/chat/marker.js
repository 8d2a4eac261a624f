// The read marker follows what the reader really sees, at most every two seconds.
const PAUSE = 2_000;
const GLANCE = 600;

// seen(no) is told to the server and to the counters.
export function makeMarker({ readNo, view, seen }) {
  let reached = readNo;
  let timer = 0;
  let told = 0;

  const looks = () => document.visibilityState === "visible" && document.hasFocus() && view.atEnd();

  function check() {
    timer = 0;
    const last = Math.max(told, ...view.numbers());
    if (!looks() || last <= reached) return;
    reached = last;
    seen(last);
    timer = setTimeout(check, PAUSE);
  }

  function soon() {
    if (!timer) timer = setTimeout(check, GLANCE);
  }

  // A reply is read where its thread is counted.
  function upTo(no) {
    told = Math.max(told, no);
    soon();
  }

  document.addEventListener("visibilitychange", soon);
  addEventListener("focus", soon);
  document.getElementById("log")?.addEventListener("scroll", soon, { passive: true });
  return { soon, upTo, reached: () => reached };
}
