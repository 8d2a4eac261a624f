// The log by keyboard: from message to message, to the line of what is new, to the field.
import { $, $$ } from "../lib/dom.js";

const STEPS = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

// Answers what to do with a key. toLatest() goes to the end, loading it if need be; older() loads what came before.
export function makeKeys({ log, toLatest, older }) {
  const all = () => $$(".msg", log);
  const here = () => document.activeElement.closest?.(".msg");

  function go(message) {
    if (!message) return;
    message.tabIndex = -1;
    message.focus({ preventScroll: true });
    message.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const messages = all();
    const at = messages.indexOf(here());
    if (at < 0) return go(by > 0 ? firstSeen(messages) : messages.at(-1));
    if (at + by < 0) return older();
    go(messages[at + by] ?? messages[at]);
  }

  // From the log itself, one begins with what one sees.
  function firstSeen(messages) {
    const top = log.getBoundingClientRect().top;
    return messages.find((message) => message.getBoundingClientRect().top >= top) ?? messages.at(-1);
  }

  const acts = {
    Home: () => go(all()[0]),
    End: toLatest,
    n: () => go($("#new")?.nextElementSibling ?? all().at(-1)),
    Escape: () => $("#composer textarea")?.focus(),
    "?": () => $("#keys").showModal(),
  };

  return (event) => {
    const typing = event.target.matches("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const act = event.key in STEPS ? () => step(STEPS[event.key]) : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
}
