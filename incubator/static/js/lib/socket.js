// Socket.IO over one WebSocket, as much of it as we speak: one namespace, JSON, acknowledgements.
// It comes back by itself after each loss, pausing longer each time, except when refused.
// Until it is open; as many times as it was tried, four at most: whoever always leaves after the same
// wait makes work for a server that cannot keep up, and never comes in.
const PATIENCE = { first: 20_000, times: 4 };
const PAUSE = { first: 500, longest: 15_000 };
const PLACE = `${location.protocol.replace("http", "ws")}//${location.host}/socket.io/?EIO=4&transport=websocket`;

// auth() is what a connection brings. heard: { up(), down({ was, byServer }), refused(data), event(name, payload) }
export function makeSocket(space, auth, heard) {
  const asked = new Map();
  let line = null;
  let up = false;
  let number = 0;
  let tries = 0;
  let patience = PATIENCE.first;
  let silence = 0;
  let again = 0;

  const send = (text) => line?.readyState === WebSocket.OPEN && line.send(text);

  // A line that says nothing for too long is dead, though nobody closed it.
  function listen() {
    clearTimeout(silence);
    silence = setTimeout(lose, patience);
  }

  function connect() {
    drop();
    patience = PATIENCE.first * Math.min(tries + 1, PATIENCE.times);
    const fresh = new WebSocket(PLACE);
    line = fresh;
    listen();
    fresh.onmessage = ({ data }) => line === fresh && typeof data === "string" && packet(data);
    fresh.onclose = () => line === fresh && lose();
  }

  // Of Engine.IO: 0 opens, 1 closes, 2 is a ping, 4 holds a packet of Socket.IO.
  function packet(text) {
    listen();
    const [kind, rest] = [text[0], text.slice(1)];
    if (kind === "0") {
      const { pingInterval, pingTimeout } = JSON.parse(rest);
      patience = pingInterval + pingTimeout;
      send(`40${space},${JSON.stringify(auth())}`);
    } else if (kind === "1") lose();
    else if (kind === "2") send("3");
    else if (kind === "4") message(rest);
  }

  // Of Socket.IO: 0 connected, 1 hung up, 2 an event, 3 an answer, 4 refused.
  function message(text) {
    const [, kind, id, body] = /^(\d)(?:\/[^,]*,)?(\d*)(.*)$/s.exec(text) ?? [];
    if (kind === "0") {
      [up, tries] = [true, 0];
      heard.up();
    } else if (kind === "1") stop({ byServer: true });
    else if (kind === "2") heard.event(...JSON.parse(body));
    else if (kind === "3") answer(Number(id), JSON.parse(body)[0]);
    else if (kind === "4") {
      stop();
      heard.refused(JSON.parse(body).data);
    }
  }

  function answer(id, said) {
    asked.get(id)?.(said);
    asked.delete(id);
  }

  // The answer of the server; undefined when none came in time or the line broke.
  function ask(event, payload, limit) {
    number += 1;
    const id = number;
    return new Promise((resolve) => {
      const timer = setTimeout(answer, limit, id);
      asked.set(id, (said) => {
        clearTimeout(timer);
        resolve(said);
      });
      send(`42${space},${id}${JSON.stringify([event, payload])}`);
    });
  }

  function drop() {
    clearTimeout(silence);
    clearTimeout(again);
    const old = line;
    [line, up] = [null, false];
    old?.close();
    for (const id of [...asked.keys()]) answer(id);
  }

  function lose() {
    stop();
    const pause = Math.min(PAUSE.longest, PAUSE.first * 2 ** tries);
    tries += 1;
    again = setTimeout(connect, pause * (0.5 + Math.random()));
  }

  // Until somebody calls connect().
  function stop({ byServer = false } = {}) {
    const [had, was] = [line, up];
    drop();
    if (had) heard.down({ was, byServer });
  }

  addEventListener("offline", () => line && lose());
  return { connect, stop, ask, connected: () => up };
}
