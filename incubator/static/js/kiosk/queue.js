// Presses that the server has not answered yet. Each has a number of its own: sent again, it
// counts once. They outlive the page and the tablet's sleep.
import { steady } from "./steady.js";

const KEPT = "kiosk-presses";

export const waiting = () => JSON.parse(localStorage.getItem(KEPT) ?? "[]");

const keep = (presses) => localStorage.setItem(KEPT, JSON.stringify(presses));

export function add(number, way) {
  const press = { uid: crypto.randomUUID(), number, way, at: steady() };
  keep([...waiting(), press]);
  return press.uid;
}

// As they are sent: how long ago each was, whatever the clock of the tablet shows.
export function told() {
  const now = steady();
  return waiting().map(({ at, ...press }) => ({ ...press, age: Math.max(0, Math.round(now - at)) }));
}

export function settle(answers) {
  const done = new Set(answers.filter((one) => one.done).map((one) => one.uid));
  keep(waiting().filter((press) => !done.has(press.uid)));
}
