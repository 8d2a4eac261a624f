// Who of the people on the page is there: a dot for the eyes, a word for screen readers.
import { $, $$ } from "../lib/dom.js";

const MOST = 120;
const DOTS = { online: "av--on", away: "av--away", site: "av--site" };

// here: the words for «online», «away» and «site».
export function makeSight(connection, here) {
  const shown = () => $$("[data-person]");

  function draw(place, signs) {
    const told = signs ? signs.split(" ") : [];
    const said = told.map((sign) => here[sign]).join(", ");
    if ("said" in place.dataset) {
      place.textContent = said && `${said} · `;
      return;
    }
    for (const [sign, dot] of Object.entries(DOTS)) $(".av", place)?.classList.toggle(dot, told.includes(sign));
    let words = $("[data-here]", place);
    if (!words) {
      words = document.createElement("span");
      words.className = "vh";
      words.dataset.here = "";
      place.append(words);
    }
    words.textContent = said && ` (${said})`;
    place.title = said;
  }

  function told(people) {
    for (const place of shown()) {
      if (place.dataset.person in people) draw(place, people[place.dataset.person]);
    }
  }

  async function look() {
    const ids = [...new Set(shown().map((place) => Number(place.dataset.person)))].slice(0, MOST);
    if (!ids.length) return;
    const answer = await connection.ask("see", { people: ids });
    if (answer.err) return;
    for (const place of shown()) draw(place, answer.people[place.dataset.person] ?? "");
  }

  // Without a line nothing is known of anybody.
  function forget() {
    for (const place of shown()) draw(place, "");
  }

  document.addEventListener("swapped", look);
  return { look, told, forget };
}
