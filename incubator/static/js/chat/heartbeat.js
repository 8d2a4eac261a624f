// Somebody is at this screen: told on change and once a minute, never what they do.
const IDLE = 5 * 60_000;
const EVERY = 60_000;
const GLANCE = 15_000;
const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel", "focus"];

export function makeHeartbeat(connection) {
  let last = Date.now();
  let told = "";
  let at = 0;

  const state = () => (Date.now() - last < IDLE ? "active" : "idle");

  function tell() {
    if (!connection.live()) return;
    told = state();
    at = Date.now();
    connection.ask("presence", { state: told });
  }

  for (const type of SIGNS) {
    const note = () => {
      last = Date.now();
      if (told === "idle") tell();
    };
    addEventListener(type, note, { passive: true, capture: true });
  }
  setInterval(() => (state() !== told || Date.now() - at >= EVERY) && tell(), GLANCE);
  return { tell };
}
