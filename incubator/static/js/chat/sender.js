// One message in flight at a time, under the same cid until the server answers for good.
import { byHttp } from "./connection.js";
import { newCid } from "./outbox.js";

const LATE = 10_000;
const LONGEST = 30_000;
const FINAL_WORDS = ["absent", "blank", "too_long", "forbidden", "not_member", "gone"];

export function makeSender({ config, outbox, connection, view, onFinal, onSignedOut }) {
  let busy = false;
  let tries = 0;
  let wake = null;

  const url = (room) => config.urls.send.replace(String(config.room), String(room));

  function deliver({ room, cid, text }) {
    if (connection.live()) return connection.ask("send", { room, cid, md: text });
    const body = new FormData();
    body.set("once", cid);
    body.set("text", text);
    body.set("csrf_token", document.querySelector("input[name=csrf_token]")?.value ?? "");
    return byHttp(url(room), { method: "POST", body });
  }

  async function one(item) {
    const slow = setTimeout(() => view.late(item.cid, config.words.slow, false), LATE);
    const answer = await deliver(item);
    clearTimeout(slow);
    if (answer.err && answer.retry) {
      tries += 1;
      if (tries > 1) view.late(item.cid, config.words.slow, false);
      const pause = Math.min(LONGEST, (answer.retry_after ?? 1) * 1_000 * 2 ** (tries - 1));
      await rest(pause * (0.75 + Math.random() / 2));
      return;
    }
    tries = 0;
    if (answer.err === "auth_expired") {
      onSignedOut();
      return "stop";
    }
    outbox.remove(item.cid);
    if (answer.err) refuse(item, answer.err);
    else if (item.room === config.room) confirm(answer);
  }

  function confirm(answer) {
    view.show({ ...answer, author: { id: config.me } }, { announce: false });
  }

  function refuse(item, code) {
    const words = config.words[FINAL_WORDS.includes(code) ? code : "refused"];
    if (onFinal(item, words)) view.forget(item.cid);
    else view.late(item.cid, words, true);
  }

  const rest = (delay) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, delay);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function pump() {
    if (busy) return wake?.();
    busy = true;
    for (let next = outbox.all()[0]; next; next = outbox.all()[0]) {
      if ((await one(next)) === "stop") break;
    }
    busy = false;
  }

  function send(text) {
    const item = { room: config.room, cid: newCid(), text };
    outbox.add(item);
    view.promise(item);
    return pump();
  }

  return { send, pump };
}
