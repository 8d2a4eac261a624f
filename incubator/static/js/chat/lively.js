// What passes: who is there and who writes.
import { $ } from "../lib/dom.js";
import { makeHeartbeat } from "./heartbeat.js";
import { makeSight } from "./sight.js";
import { makeTyping } from "./typing.js";

export function makeLively({ config, connection, field }) {
  const heartbeat = makeHeartbeat(connection);
  const sight = makeSight(connection, config.here);
  const typing = $("#typing") ? makeTyping({ room: config.room, connection, field }) : null;

  let readers = null;
  if (config.readers?.length) {
    import("./readers.js").then(({ makeReaders }) => {
      readers = makeReaders({ ...config, list: $("#msgs") });
    });
  }

  function up() {
    heartbeat.tell();
    sight.look();
  }

  // Without a line nothing is known of anybody.
  function down() {
    sight.forget();
    typing?.forget();
  }

  function told({ people, typing: note, read }) {
    if (people) sight.told(people);
    if (note) typing?.heard(note);
    if (read?.room === config.room) readers?.heard(read.people);
  }

  return { up, down, told, drawn: () => readers?.draw(), came: (who) => typing?.gone(who), sent: () => typing?.stopped() };
}
