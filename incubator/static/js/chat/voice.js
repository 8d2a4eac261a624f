// New messages of others, read aloud once each; many at once are told as a number.
import { $ } from "../lib/dom.js";

const PAUSE = 300;
const ONE_BY_ONE = 3;
const KEPT = 5;

// many: the words for several messages, with {n}.
export function makeVoice(many) {
  const region = $("#said");
  let waiting = [];
  let timer = 0;

  function flush() {
    timer = 0;
    const all = waiting.length > ONE_BY_ONE ? [many.replace("{n}", waiting.length)] : waiting;
    waiting = [];
    for (const words of all) {
      const line = document.createElement("p");
      line.textContent = words;
      region.append(line);
    }
    while (region.childElementCount > KEPT) region.firstElementChild.remove();
  }

  return function speak(name, text) {
    waiting.push(`${name} : ${text}`);
    timer ||= setTimeout(flush, PAUSE);
  };
}
