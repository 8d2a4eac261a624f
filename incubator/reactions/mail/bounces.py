"""Bounces: what a mail server says of a letter that it took and could not deliver (RFC 3464).

They are believed only about letters that we sent, by their Message-ID, which nobody else knows.
"""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import Message
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select, update

from incubator.kernel.db import db
from incubator.network.letters.refusals import note
from incubator.reactions.mail.models import MailCopy
from incubator.reactions.mail.transport import NO_MAILBOX, NOT_THE_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

# A mail server returns the head of a letter, or all of it: no bounce is longer.
MOST = 5_000_000
RETURNED = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
STATUSES = ("message/delivery-status", "message/global-delivery-status")
_ID = re.compile(r"<([0-9a-f]{32})@")
# «smtp; 550 5.1.1 <elise@example.org>: no such user»
_ANSWER = re.compile(r"smtp\s*;\s*(\d{3})[ -]?(.*)", re.IGNORECASE | re.DOTALL)
# What a status says without the words of a server: there is no such mailbox, or no such domain.
_NO_MAILBOX = re.compile(r"5\.1\.\d+")


class Bounce(NamedTuple):
    """A letter that reached nobody: the code of SMTP and what the server said."""

    letter_id: str
    code: int
    said: str


def read(raw: bytes) -> Bounce | None:
    """The bounce that a message is, by the rules for addresses that are refused at once.

    None for anything else: a delay, a full mailbox, a refusal of the sender, another message.
    """
    parts = list(message_from_bytes(raw[:MOST], policy=policy.compat32).walk())
    ids = [found for part in parts for found in _returned(part)]
    refusals = [answer for part in parts for answer in _refused(part)]
    return Bounce(ids[0], *refusals[0]) if ids and refusals else None


def _returned(part: Message) -> Iterator[str]:
    """Which letter comes back, by the head of it."""
    if part.get_content_type() not in RETURNED:
        return
    heads, raw = _held(part), part.get_payload(decode=True)
    if not heads and isinstance(raw, bytes):
        heads = [message_from_bytes(raw, policy=policy.compat32)]
    for head in heads:
        yield from _ID.findall(str(head["Message-ID"] or ""))


def _held(part: Message) -> list[Message]:
    """The messages that a part is made of."""
    held = part.get_payload()
    return [each for each in held if isinstance(each, Message)] if isinstance(held, list) else []


def _refused(part: Message) -> Iterator[tuple[int, str]]:
    """What is said of each address for which it failed for good."""
    for one in _held(part) if part.get_content_type() in STATUSES else ():
        status = str(one["Status"] or "").strip()
        answer = _ANSWER.search(str(one["Diagnostic-Code"] or ""))
        code = int(answer[1]) if answer else NO_MAILBOX[0]
        said = " ".join((answer[2] if answer else status).split())
        by_us = said.startswith(NOT_THE_ADDRESS.decode()) or status.startswith("5.7.")
        gone = code in NO_MAILBOX if answer else _NO_MAILBOX.match(status)
        if str(one["Action"] or "").strip().lower() == "failed" and gone and not by_us:
            yield code, said


def take(raw: bytes, *, now: datetime) -> bool:
    """Write no more to the address of a letter that came back; whether there was such a letter."""
    bounce = read(raw)
    if bounce is None:
        return False
    here = MailCopy.id == bounce.letter_id
    email = db.session.scalar(select(MailCopy.email).where(here))
    if email is None:
        return False
    db.session.execute(update(MailCopy).where(here).values(state="refused"))
    note(email, code=bounce.code, said=bounce.said, now=now)
    return True
