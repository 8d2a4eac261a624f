// A clock that no change of the tablet's own clock moves: it adds up what passed, tick by tick.
// While the page sleeps its ticks stop; what passed meanwhile is read from the tablet's clock.
const KEPT = "kiosk-clock";
const TICK = 5_000;
const SAME = 2_000;

let last = { wall: Date.now(), mono: performance.now() };
let slept = document.hidden;

function resumed() {
  const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null");
  return kept ? kept.total + Math.max(0, Date.now() - kept.wall) : 0;
}

let total = resumed();

function tick() {
  const here = { wall: Date.now(), mono: performance.now() };
  const wall = here.wall - last.wall;
  const mono = here.mono - last.mono;
  const trusted = slept && wall > mono + SAME ? wall : mono;
  total += Math.max(0, trusted);
  last = here;
  slept = document.hidden;
  localStorage.setItem(KEPT, JSON.stringify({ total, wall: here.wall }));
}

// Milliseconds since this screen began to count.
export function steady() {
  tick();
  return total;
}

setInterval(tick, TICK);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) slept = true;
  tick();
});
document.addEventListener("freeze", () => {
  slept = true;
});
