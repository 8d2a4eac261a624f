// Who writes in this room: one calm line for the eyes, which goes by itself and is never read aloud.
import { $ } from "../lib/dom.js";

const SHOWN = 8_000;
const EVERY = 5_000;

export function makeTyping({ room, connection, field }) {
  const line = $("#typing");
  const people = new Map();
  let told = 0;

  const first = (name) => name.split(" ")[0];

  function draw() {
    const [one, two, more] = [...people.values()].map((each) => first(each.name));
    const words = more ? line.dataset.many : two ? line.dataset.two : one ? line.dataset.one : "";
    $("span", line).textContent = words.replace("{a}", one).replace("{b}", two);
    line.classList.toggle("typing--on", Boolean(one));
  }

  function gone(id) {
    clearTimeout(people.get(id)?.timer);
    if (people.delete(id)) draw();
  }

  function heard({ room: where, by, name, on }) {
    if (where !== room) return;
    gone(by);
    if (!on) return;
    people.set(by, { name, timer: setTimeout(gone, SHOWN, by) });
    draw();
  }

  function tell(on) {
    told = on ? Date.now() : 0;
    connection.ask("typing", { room, on });
  }

  function wrote() {
    const some = field.value.trim() !== "";
    if (some && Date.now() - told >= EVERY) tell(true);
    else if (!some && told) stopped();
  }

  // Sent, or taken back.
  function stopped() {
    if (Date.now() - told < SHOWN) tell(false);
    told = 0;
  }

  // Nothing is known any more.
  function forget() {
    for (const id of [...people.keys()]) gone(id);
  }

  field?.addEventListener("input", wrote);
  return { heard, gone, stopped, forget };
}
