// Who has read the last message of one's own, where all concerned chose to show it.
import { $, $$ } from "../lib/dom.js";

const NAMED = 3;

// words: «read by {names}» and «read by {names} and {n} others».
export function makeReaders({ readers, words, list }) {
  const people = new Map(readers.map((each) => [each.id, each]));
  const joined = new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" });

  function line(names) {
    const few = names.slice(0, NAMED);
    const others = names.length - few.length;
    if (!others) return words.read_by.replace("{names}", joined.format(few));
    return words.read_by_many.replace("{names}", few.join(", ")).replace("{n}", others);
  }

  function draw() {
    const last = $$(".msg--me[data-no]", list).at(-1);
    for (const old of $$(".msg__seen", list)) if (!last?.contains(old)) old.remove();
    if (!last) return;
    const names = [...people.values()].filter((each) => each.no >= Number(last.dataset.no)).map((each) => each.name);
    let place = $(".msg__seen", last);
    if (!names.length) return place?.remove();
    if (!place) {
      place = document.createElement("p");
      place.className = "msg__seen";
      last.append(place);
    }
    const told = line(names);
    if (place.textContent !== told) place.textContent = told;
  }

  // One message read: all those before as well.
  function heard(read) {
    for (const [id, no] of Object.entries(read)) {
      const person = people.get(Number(id));
      if (person) person.no = Math.max(person.no, no);
    }
    draw();
  }

  draw();
  return { draw, heard };
}
