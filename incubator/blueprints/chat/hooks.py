"""The address by which a machine speaks: JSON in, JSON out, no session and no form."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from flask import jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from incubator.blueprints.chat.views import pages
from incubator.domain.chat.bots import speaking
from incubator.domain.chat.bots.speaking import Spoken
from incubator.edge.access import anybody
from incubator.edge.brakes import here
from incubator.edge.clock import now
from incubator.edge.forms import act
from incubator.edge.refusals import words_for
from incubator.edge.security import csrf
from incubator.kernel.errors import NotFound, Refusal, TooMany
from incubator.network.accounts import limits
from incubator.network.accounts.rules import Limit

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.chat.bot_models import Bot
    from incubator.domain.chat.saying import Sent

MOST_BYTES: Final = 32 * 1024
# For all machines of one address, and for whoever tries tokens.
CALLS: Final = Limit("chat.hook", 120, 60)
# What is told by other codes than the rest of the chat has.
CODES: Final = {
    "chat.bot": "unknown",
    "chat.bot_fast": "too_fast",
    "chat.bot_key": "bad_id",
    "chat.cid_reused": "id_reused",
}
BIGGEST: Final = 2**53


class _Wrong(Exception):
    """What was sent cannot be understood: a status, a code and one English sentence."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(code)
        self.status, self.code, self.words = status, code, words


@pages.post("/crochets/<token>", en="/hooks/<token>", may=anybody)
def hook(token: str) -> ResponseReturnValue:
    """Say something in the room of the machine whose secret this is; docs/WEBHOOKS.md tells how."""
    wait = act(lambda: limits.spend(CALLS, here(), now=now()))
    if wait:
        return _refused(TooMany("chat.bot_fast", retry_after=wait))
    try:
        bot = speaking.by_token(token)
        spoken = _read()
        pause = act(lambda: speaking.count(bot, now=now()))
        return _told(bot, act(lambda: speaking.speak(bot, spoken, now=now(), wait=pause)))
    except _Wrong as wrong:
        return jsonify(ok=False, error=wrong.code, message=wrong.words), wrong.status
    except Refusal as refusal:
        return _refused(refusal)


# There is no session that another site could use: who knows the token may speak.
csrf.exempt(hook)


def _read() -> Spoken:
    if request.mimetype != "application/json":
        raise _Wrong(415, "not_json", "Send JSON, with Content-Type: application/json.")
    request.max_content_length = MOST_BYTES
    try:
        told: Any = request.get_json(silent=True)
    except RequestEntityTooLarge:
        words = f"Send {MOST_BYTES} bytes at most."
        raise _Wrong(413, "too_big", words) from None
    if not isinstance(told, dict) or not isinstance(told.get("text"), str):
        raise _Wrong(422, "bad_text", 'Send an object with a "text", which is a string.')
    key, thread = told.get("id"), told.get("thread")
    if key is not None and not isinstance(key, str):
        raise _Wrong(422, "bad_id", '"id" is a string, or left out.')
    if thread is not None and (type(thread) is not int or not 0 < thread < BIGGEST):
        raise _Wrong(422, "bad_thread", '"thread" is the number of a message, or left out.')
    own = uuid.uuid4().hex if key is None else key
    return Spoken(text=told["text"], key=own, root=thread)


def _told(bot: Bot, sent: Sent) -> ResponseReturnValue:
    told = {"ok": True, "bot": bot.handle, "no": sent.no, "at": sent.at.isoformat()}
    return jsonify(told | {"again": sent.again}), 200 if sent.again else 201


def _refused(refusal: Refusal) -> ResponseReturnValue:
    code = CODES.get(refusal.code, refusal.code.partition(".")[2])
    # The message that a reply hangs on: the address itself is right.
    status = 422 if isinstance(refusal, NotFound) and code != "unknown" else refusal.status
    code = "bad_thread" if refusal.code == "chat.message" else code
    pause = {"Retry-After": str(refusal.retry_after)} if isinstance(refusal, TooMany) else {}
    return jsonify(ok=False, error=code, message=words_for(refusal)), status, pause
