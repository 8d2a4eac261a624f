// Single keys of every page: «g» and a letter go to a place of the menu, «/» finds, «?» tells which
// there are. The server says where they lead; this file comes with the first of them.
import { $ } from "../lib/dom.js";
import { request } from "../lib/fetch.js";
import { parse } from "../lib/swap.js";

const places = JSON.parse(document.body.dataset.keys);
const PATIENCE = 2_000;
let since = -PATIENCE;

export function press(event) {
  const after = event.timeStamp - since < PATIENCE;
  since = event.key === "g" && !after ? event.timeStamp : -PATIENCE;
  if (after && places[`g${event.key}`]) location.assign(places[`g${event.key}`]);
  else if (event.key === "/") $("[data-palette]")?.click();
  else if (event.key === "?") tell(places["?"]);
}

// The list of keys over the page; without an answer, its own page.
async function tell(url) {
  try {
    const made = $("#shortcuts") ?? document.adoptNode($("#shortcuts", parse(await (await request(url)).text())));
    if (!made.isConnected) document.body.append(made);
    made.showModal();
  } catch {
    location.assign(url);
  }
}
