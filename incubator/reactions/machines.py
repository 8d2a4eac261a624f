"""The job that tells a machine of a room that it was called, and posts what it answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast

from flask import current_app  # noqa: TID251 - a job runs outside any request

from incubator.domain.chat import bot_calls
from incubator.domain.chat.bots import rules, speaking
from incubator.kernel.db import end_read, transaction, utcnow
from incubator.kernel.errors import Refusal, TooMany
from incubator.kernel.jobs import job
from incubator.kernel.outward import Answer, Unreachable, post

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from incubator.domain.chat.bot_calls import Call
    from incubator.kernel.settings import Settings

KEY: Final = "incubator.machines"
AGENT: Final = "Incubator-Hooks/1"


def init_app(app: Flask, settings: Settings) -> None:
    """Give the jobs the settings of their application."""
    app.extensions[KEY] = settings


@job(bot_calls.CALL)
def call(payload: Mapping[str, Any]) -> None:
    """Tell it once; a failure leaves it to the next try, and says why in the room's settings."""
    found = bot_calls.call_of(int(payload["bot"]), int(payload["message"]))
    if found is None:
        return
    bot_id = found.bot.id
    settings = cast("Settings", current_app.extensions[KEY])
    # No read stays open while another machine is waited for.
    url, body, headers = found.bot.url, *_letter(found, settings.secret_key)
    end_read()
    try:
        trouble = _post_back(found, post(url, body, headers, local=settings.hooks_on_loopback))
    except Unreachable as error:
        _note(bot_id, str(error))
        raise
    _note(bot_id, trouble)


def _letter(call: Call, house: str) -> tuple[bytes, dict[str, str]]:
    body = json.dumps(call.told, ensure_ascii=False).encode()
    at = int(utcnow().timestamp())
    signed = rules.signature(rules.secret_of(call.bot.salt, house), at, body)
    return body, {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": AGENT,
        "X-Incubator-Delivery": str(call.told["id"]),
        "X-Incubator-Signature": f"t={at},v1={signed}",
    }


def _post_back(call: Call, answer: Answer) -> str:
    """Say what came back in the thread of the message, once however often the job runs.

    Why it was refused, if it was: said again it would be again.
    """
    if not answer.well:
        raise Unreachable(f"status {answer.status}")
    text = _text_of(answer)
    if not text:
        return ""
    spoken = speaking.Spoken(text=text, key=f"call {call.told['id']}", root=call.root)
    try:
        with transaction():
            wait = speaking.count(call.bot, now=utcnow())
            speaking.speak(call.bot, spoken, now=utcnow(), wait=wait)
    except TooMany as refusal:
        raise Unreachable("pace") from refusal
    except Refusal as refusal:
        return f"refused {refusal.code}"
    return ""


def _text_of(answer: Answer) -> str:
    if answer.kind != "application/json":
        return ""
    try:
        told = json.loads(answer.body)
    except ValueError:
        return ""
    text = told.get("text") if isinstance(told, dict) else None
    return text if isinstance(text, str) else ""


def _note(bot_id: int, trouble: str) -> None:
    with transaction():
        bot_calls.note_trouble(bot_id, trouble)
