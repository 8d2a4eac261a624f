// The log of the open room, replayed in the order of the server: nothing skipped, nothing twice.
const PATIENCE = 300;
const BUSY = 1_000;

// fetchAfter(seq) answers one room of «sync»; show(event) draws; reset() starts afresh.
export function makeRoom({ last, fetchAfter, show, reset }) {
  const held = new Map();
  let timer = 0;
  let running = null;

  function apply(event) {
    if (event.seq <= last) return;
    // Only the server knows whether we may read what it is about.
    if (event.ask) return suspect();
    held.set(event.seq, event);
    while (held.has(last + 1)) {
      last += 1;
      const next = held.get(last);
      held.delete(last);
      show(next);
    }
    if (held.size) suspect();
  }

  // Something is missing: it may be on its way, else it is asked for.
  function suspect(delay = PATIENCE) {
    if (!timer) timer = setTimeout(catchUp, delay);
  }

  function behind(head) {
    if (head > last) suspect();
  }

  function catchUp() {
    clearTimeout(timer);
    timer = 0;
    running ??= run().finally(() => {
      running = null;
    });
    return running;
  }

  async function run() {
    for (let more = true; more; ) {
      const answer = await fetchAfter(last);
      // Who is busy is asked again; who cannot be reached comes back, and that asks too.
      if (answer?.retry && answer.err !== "lost") return suspect(BUSY * (answer.retry_after ?? 1));
      if (!answer || answer.err) return;
      if (answer.reset) return reset();
      for (const event of answer.events) apply(event);
      more = answer.more;
    }
  }

  return { apply, behind, catchUp, last: () => last };
}
