// The messages on the page: drawn one by one, placed by number, own ones first as a promise.
import { $, $$, fromTemplate, say } from "../lib/dom.js";
import { parse } from "../lib/swap.js";
import { clock } from "../lib/time.js";
import { makeHanging } from "./hanging.js";
import { makeFiles } from "./files.js";
import { makeVoice } from "./voice.js";

const RUN = 5 * 60_000;
const NEAR = 120;

export function makeView(config) {
  const { me, zone, portrait, face: photo, urls, words } = config;
  const hanging = makeHanging(config);
  const files = makeFiles({ urls, words });
  const speak = makeVoice(config.words.several);
  const log = $("#log");
  const list = $("#msgs");
  const state = $("#state");
  const day = (at) => new Date(at).toLocaleDateString("sv", { timeZone: zone });
  const said = (node) => $("time", node).dateTime;
  const waiting = () => $(".msg--pending, .msg--failed", list);
  // Who comes by a link to a message is shown that one.
  const aimed = () => (location.hash.startsWith("#m-") ? document.getElementById(location.hash.slice(1)) : null);
  const byCid = (cid) => list.querySelector(`[data-cid="${CSS.escape(cid)}"]`);
  const byNo = (no) => list.querySelector(`[data-no="${no}"]`);
  const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
  const toEnd = () => log.scrollTo({ top: log.scrollHeight });

  function blank(mine) {
    $("#quiet")?.remove();
    return fromTemplate(mine ? "msg-mine" : "msg-theirs");
  }

  // «9 h 30 à Montréal», where the author's clock says something else than the reader's.
  function hour(node, { at, author }) {
    const [city, theirs] = config.cities[author.site] ?? [];
    const told = city && clock(new Date(at), theirs);
    $(".msg__there", node)?.remove();
    if (!told || told === clock(new Date(at), zone)) return;
    const words = document.createElement("span");
    words.className = "msg__there";
    words.textContent = config.words.there.replace("{clock}", told).replace("{city}", city);
    $("time", node).after(words);
  }

  // The face of somebody who is on the page, as long as it is a drawing: those never change.
  function known({ id, face }) {
    return face ? null : $(`:is([data-author="${id}"], [data-person="${id}"]) .av img[src*="/art/"]`)?.src;
  }

  function fill(node, frame) {
    node.id = `m-${frame.no}`;
    Object.assign(node.dataset, { no: frame.no, author: frame.author.id, seq: frame.seq });
    const time = $("time", node);
    time.dateTime = frame.at;
    time.textContent = clock(new Date(frame.at), zone);
    hour(node, frame);
    const name = $("b", node);
    if (name) name.textContent = frame.author.name;
    if (frame.author.bot && !$(".msg__bot", node)) name.after(fromTemplate("msg-bot"));
    const face = $("img", node);
    const { slug, face: key } = frame.author;
    if (face) face.src = known(frame.author) ?? (key ? photo : portrait).replace("SLUG", slug).replace("KEY", key);
    write(node, frame);
  }

  // The text of a message, or what is left of it. The server cleaned the HTML when it stored it.
  function write(node, frame) {
    if (frame.gone) {
      files.show(node, []);
      return hanging.trace(node, frame);
    }
    hanging.back(node);
    $(".prose", node).replaceChildren(...parse(frame.html).body.childNodes);
    files.show(node, frame.files);
    hanging.edited(node, frame);
    if ("me" in frame || frame.all) hanging.calls(node, Boolean(frame.me ?? frame.author.id !== me));
  }

  // Its links may be of our own pages: what names those is fetched then.
  const written = (node) => $(".prose a", node) && node.dispatchEvent(new CustomEvent("written", { bubbles: true }));

  // Something happened to a message that may be on the page: its text, a sign, a pin, a reply.
  function change(frame) {
    const node = byNo(frame.root ?? frame.no);
    if (!node) return;
    const stay = atEnd();
    if (frame.kind === "edit" || frame.kind === "del") write(node, frame);
    else if (frame.kind === "react") hanging.sign(node, frame);
    else if (frame.kind === "pin") hanging.pin(node, frame.on);
    else hanging.replied(node, frame);
    written(node);
    if (stay) toEnd();
  }

  // What happened since the last message stands before the next.
  function belowWhatHappened(last) {
    let above = last;
    if ($$("[data-no]", list).at(-1) !== last) return last;
    while (above.nextElementSibling?.matches(".happened, .day:not(.day--new)")) above = above.nextElementSibling;
    return above;
  }

  function place(node, no) {
    const after = $$("[data-no]", list).findLast((other) => other !== node && Number(other.dataset.no) < no);
    if (after) belowWhatHappened(after).after(node);
    else if ($("[data-no]", list)) $("[data-no]", list).before(node);
    else list.insertBefore(node, waiting());
    const before = after && said(after);
    const dated = $$(".day time", list).at(-1)?.dateTime;
    if (before && day(before) !== day(said(node)) && dated !== day(said(node))) node.before(fromTemplate("day-today"));
    const close = before && new Date(said(node)) - new Date(before) < RUN;
    const follows =
      close && after.dataset.author === node.dataset.author && node.previousElementSibling === after;
    node.classList.toggle("msg--next", follows);
    $(".msg__who", node).classList.toggle("vh", follows);
    if (follows) $(".av", node)?.remove();
  }

  // An event of the log, or the acknowledgement of an own message: whichever comes first.
  function show(frame, { announce = true } = {}) {
    if (byNo(frame.no)) return byNo(frame.no);
    const stay = atEnd();
    const mine = frame.author.id === me;
    const node = (frame.cid && byCid(frame.cid)) || blank(mine);
    settle(node);
    fill(node, frame);
    hanging.more(node, frame.no);
    place(node, frame.no);
    written(node);
    if (stay || mine) toEnd();
    if (!mine && announce) speak(frame.author.name, $(".prose", node).textContent);
    return node;
  }

  function settle(node) {
    node.classList.remove("msg--pending", "msg--failed");
    delete node.dataset.cid;
    $(".msg__fail", node)?.remove();
  }

  // An own message on its way: its text as typed, until the server's copy replaces it.
  function promise({ cid, text, files: sent }) {
    if (byCid(cid)) return;
    const node = blank(true);
    node.dataset.cid = cid;
    node.classList.add("msg--pending");
    const paragraph = document.createElement("p");
    paragraph.className = "typed";
    paragraph.textContent = text;
    $(".prose", node).append(paragraph);
    files.show(node, sent);
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
    $("[data-mend]", line).hidden = !final;
    const stay = atEnd();
    node.append(line);
    if (stay) toEnd();
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
    if (words) say(words);
  }

  return {
    show,
    change,
    called: (no, on) => byNo(no) && hanging.calls(byNo(no), on),
    promise,
    late,
    lineBefore,
    tell,
    atEnd,
    toEnd,
    forget: (cid) => byCid(cid)?.remove(),
    clearLine: () => $("#new")?.remove(),
    open: () => {
      const place = aimed() ?? $("#new");
      return place ? place.scrollIntoView({ block: "center" }) : toEnd();
    },
    numbers: () => $$("[data-no]", list).map((node) => Number(node.dataset.no)),
  };
}
