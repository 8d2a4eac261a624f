"""The doorbell: tells tailers that the log grew. It may fail; the log is in the database.

Inside a process it is an event. Between processes it is Redis, spoken to by two threads of
their own, so that a slow, frozen or dead Redis never stands between a commit and its answer.
"""

from __future__ import annotations

import importlib
import json
import logging
import queue
import threading
import time
import uuid
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

log = logging.getLogger(__name__)

CHANNEL = "incubator:live"
TIMEOUT = 0.5
BACKLOG = 1_000
PAUSES = (0.2, 1.0)

Note = dict[str, Any]


class Doorbell:
    """Notes from this process and from the others, in no order that anybody may rely on."""

    def __init__(self, redis_url: str) -> None:
        self._redis_url = redis_url
        self._redis: Any = None
        # ValueError: what a stranger may publish on the channel.
        self._errors: tuple[type[Exception], ...] = (OSError, ValueError)
        if redis_url:
            # An optional package: only who names a Redis needs it.
            self._redis = importlib.import_module("redis")
            self._errors += (self._redis.RedisError,)
        self._started = False
        self._origin = uuid.uuid4().hex
        self._bell = threading.Event()
        self._heard: deque[Note] = deque(maxlen=BACKLOG)
        self._to_send: queue.Queue[str] = queue.Queue(maxsize=BACKLOG)
        self._stopping = False

    def ring(self, note: Mapping[str, Any]) -> None:
        """Tell every tailer; never waits and never fails."""
        self._heard.append(dict(note))
        self._bell.set()
        if self._started:
            try:
                self._to_send.put_nowait(json.dumps({**note, "from": self._origin}))
            except queue.Full:
                log.warning("the doorbell is stuck; other processes will see by themselves")

    def wait(self, seconds: float) -> list[Note]:
        """The notes that came, at the latest after ``seconds``."""
        self._bell.wait(seconds)
        self._bell.clear()
        notes = []
        while self._heard:
            notes.append(self._heard.popleft())
        return notes

    def start(self) -> None:
        """Speak to Redis, when there is one."""
        if self._redis_url:
            self._started = True
            for work in (self._speak, self._listen):
                target = self._forever(work)
                threading.Thread(target=target, name="doorbell", daemon=True).start()

    def stop(self) -> None:
        """Wake whoever waits; the threads end with the process."""
        self._stopping = True
        self._bell.set()

    def _connect(self) -> Any:
        return self._redis.Redis.from_url(
            self._redis_url,
            socket_timeout=TIMEOUT,
            socket_connect_timeout=TIMEOUT,
            retry=None,
            decode_responses=True,
        )

    def _forever(self, work: Callable[[Any], None]) -> Callable[[], None]:
        def run() -> None:
            told = False
            while not self._stopping:
                try:
                    work(self._connect())
                except self._errors as error:
                    if not told:
                        log.warning("Redis does not answer: %s", error)
                    told = True
                    time.sleep(PAUSES[1])
                else:
                    told = False

        return run

    def _speak(self, client: Any) -> None:
        while not self._stopping:
            client.publish(CHANNEL, self._to_send.get())

    def _listen(self, client: Any) -> None:
        heard = client.pubsub(ignore_subscribe_messages=True)
        heard.subscribe(CHANNEL)
        # What was rung while nobody listened is in the database: look.
        self._bell.set()
        while not self._stopping:
            message = heard.get_message(timeout=PAUSES[0])
            if message:
                self._hear(message["data"])

    def _hear(self, text: str) -> None:
        note = json.loads(text)
        if isinstance(note, dict) and note.pop("from", None) != self._origin:
            self._heard.append(note)
            self._bell.set()
