// The messages on the page: drawn one by one, placed by number, own ones first as a promise.
import { $, $$, fromTemplate, say } from "../lib/dom.js";
import { parse } from "../lib/swap.js";
import { clock } from "../lib/time.js";

const RUN = 5 * 60_000;
const MOST = 300;
const NEAR = 120;

export function makeView({ me, zone, portrait, face: photo }) {
  const log = $("#log");
  const list = $("#msgs");
  const state = $("#state");
  const day = (at) => new Date(at).toLocaleDateString("sv", { timeZone: zone });
  const said = (node) => $("time", node).dateTime;
  const waiting = () => $(".msg--pending, .msg--failed", list);
  const byCid = (cid) => list.querySelector(`[data-cid="${CSS.escape(cid)}"]`);
  const byNo = (no) => list.querySelector(`[data-no="${no}"]`);
  const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
  const toEnd = () => log.scrollTo({ top: log.scrollHeight });

  function blank(mine) {
    $("#quiet")?.remove();
    return fromTemplate(mine ? "msg-mine" : "msg-theirs");
  }

  function fill(node, frame) {
    node.id = `m-${frame.no}`;
    Object.assign(node.dataset, { no: frame.no, author: frame.author.id });
    const time = $("time", node);
    time.dateTime = frame.at;
    time.textContent = clock(new Date(frame.at), zone);
    const name = $("b", node);
    if (name) name.textContent = frame.author.name;
    const face = $("img", node);
    const { slug, face: key } = frame.author;
    if (face) face.src = (key ? photo : portrait).replace("SLUG", slug).replace("KEY", key);
    // The server cleaned this HTML when it stored the message.
    $(".prose", node).replaceChildren(...parse(frame.html).body.childNodes);
  }

  function place(node, no) {
    const after = $$("[data-no]", list).findLast((other) => other !== node && Number(other.dataset.no) < no);
    if (after) after.after(node);
    else if ($("[data-no]", list)) $("[data-no]", list).before(node);
    else list.insertBefore(node, waiting());
    const before = after && said(after);
    if (before && day(before) !== day(said(node))) node.before(fromTemplate("day-today"));
    const close = before && new Date(said(node)) - new Date(before) < RUN;
    const follows =
      close && after.dataset.author === node.dataset.author && node.previousElementSibling === after;
    node.classList.toggle("msg--next", follows);
    $(".msg__who", node).classList.toggle("vh", follows);
    if (follows) $(".av", node)?.remove();
  }

  function trim() {
    for (const old of $$(".msg", list).slice(0, -MOST)) old.remove();
  }

  // An event of the log, or the acknowledgement of an own message: whichever comes first.
  function show(frame, { announce = true } = {}) {
    if (byNo(frame.no)) return byNo(frame.no);
    const stay = atEnd();
    const mine = frame.author.id === me;
    const node = (frame.cid && byCid(frame.cid)) || blank(mine);
    settle(node);
    fill(node, frame);
    place(node, frame.no);
    trim();
    if (stay || mine) toEnd();
    if (!mine && announce) say(`${frame.author.name} : ${$(".prose", node).textContent}`);
    return node;
  }

  function settle(node) {
    node.classList.remove("msg--pending", "msg--failed");
    delete node.dataset.cid;
    $(".msg__fail", node)?.remove();
  }

  // An own message on its way: its text as typed, until the server's copy replaces it.
  function promise({ cid, text }) {
    if (byCid(cid)) return;
    const node = blank(true);
    node.dataset.cid = cid;
    node.classList.add("msg--pending");
    const paragraph = document.createElement("p");
    paragraph.className = "typed";
    paragraph.textContent = text;
    $(".prose", node).append(paragraph);
    $("time", node).textContent = clock(new Date(), zone);
    list.append(node);
    toEnd();
  }

  // final: the server refused; otherwise it is only late.
  function late(cid, words, final) {
    const node = byCid(cid);
    if (!node) return;
    node.classList.toggle("msg--failed", final);
    node.classList.toggle("msg--pending", !final);
    $(".msg__fail", node)?.remove();
    const line = fromTemplate("msg-failed");
    $("span", line).textContent = words;
    node.append(line);
    if (final) say(words, { urgent: true });
  }

  // Where new messages begin, when they come while nobody looks.
  function lineBefore(node) {
    if (!$("#new")) node.before(fromTemplate("day-new"));
  }

  function tell(words) {
    if (state.textContent === words) return;
    state.textContent = words;
    state.hidden = !words;
  }

  return {
    show,
    promise,
    late,
    lineBefore,
    tell,
    atEnd,
    toEnd,
    forget: (cid) => byCid(cid)?.remove(),
    clearLine: () => $("#new")?.remove(),
    open: () => ($("#new") ? $("#new").scrollIntoView({ block: "center" }) : toEnd()),
    numbers: () => $$("[data-no]", list).map((node) => Number(node.dataset.no)),
  };
}
