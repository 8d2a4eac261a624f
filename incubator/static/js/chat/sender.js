// One message in flight at a time, under the same cid until the server answers for good.
import { moment } from "../lib/time.js";
import { byHttp } from "./connection.js";
import { newCid } from "./outbox.js";

const LATE = 10_000;
const LONGEST = 30_000;
const FINAL_WORDS = ["absent", "archived", "blank", "files", "too_long", "forbidden", "muted", "not_member", "gone"];
const NAMING_WORDS = ["everybody", "mentions", "no_message"];

export function makeSender({ config, outbox, connection, view, onFinal, onSignedOut }) {
  let busy = false;
  let tries = 0;
  let wake = null;

  const here = (item) => (item.root ?? null) === config.root;
  const url = (room) => config.urls.send.replace(String(config.room), String(room));

  function deliver({ room, cid, text, root, drafted, files = [] }) {
    const ids = files.map((file) => file.id);
    if (connection.live()) {
      return connection.ask("send", { room, cid, md: text, files: ids, ...(root && { root }), ...(drafted && { drafted }) });
    }
    const body = new FormData();
    body.set("once", cid);
    body.set("text", text);
    if (root) body.set("root", root);
    for (const id of ids) body.append("file", id);
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
    if (answer.err) return refuse(item, answer);
    outbox.remove(item.cid);
    if (item.room === config.room && here(item)) confirm(answer);
  }

  function confirm(answer) {
    view.show({ ...answer, author: { id: config.me } }, { announce: false });
  }

  function refuse(item, answer) {
    const words = explain(answer);
    if (!onFinal(item, words)) {
      outbox.fail(item.cid, { err: answer.err, until: answer.until });
      return view.late(item.cid, words, true);
    }
    outbox.remove(item.cid);
    view.forget(item.cid);
  }

  function explain({ err, until }) {
    const said = config.words[[...FINAL_WORDS, ...NAMING_WORDS].includes(err) ? err : "refused"];
    return said.replace("{until}", until ? moment(new Date(until), config.zone) : "");
  }

  const next = () => outbox.all().find((item) => !item.why);

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
    for (let item = next(); item; item = next()) {
      if ((await one(item)) === "stop") break;
    }
    busy = false;
  }

  // drafted: the server keeps a draft of it, which goes when it is said.
  function send(text, files = [], drafted = false) {
    const item = { room: config.room, cid: newCid(), text, files, drafted, ...(config.root && { root: config.root }) };
    outbox.add(item);
    view.promise(item);
    return pump();
  }

  // What an earlier visit left: on its way, or refused.
  function restore(item) {
    view.promise(item);
    if (item.why) view.late(item.cid, explain(item.why), true);
  }

  return { send, pump, restore };
}
