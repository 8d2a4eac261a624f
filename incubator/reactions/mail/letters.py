"""A letter as a message: its headers, its two texts, and what may not stand in a header."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from incubator.kernel.db import utcnow

if TYPE_CHECKING:
    from incubator.kernel.settings import Settings


class BadHeader(ValueError):
    """A line break or another control character where a header would break."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The first line of ``plain`` is the subject; ``id`` stays the same at each try.

    ``ending`` is the address that ends letters of its kind, by a page or one click (RFC 8058).
    """

    id: str
    to: str
    plain: str
    rich: str
    ending: str = ""


def compose(letter: Letter, settings: Settings) -> EmailMessage:
    """The message of a letter; raise BadHeader for an address or subject that breaks a line."""
    subject, _, body = letter.plain.strip().partition("\n")
    # French sets no-break spaces, which a header cannot hold.
    subject = subject.replace("\u00a0", " ").replace("\u202f", " ")
    sender = settings.mail_from or f"no-reply@{_domain(settings)}"
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(settings.network_name, addr_spec=_one_line(sender))
    message["To"] = Address(addr_spec=_one_line(letter.to))
    message["Subject"] = _one_line(subject.strip())
    message["Date"] = format_datetime(utcnow())
    # The same at each try: a server that took the letter twice can tell.
    message["Message-ID"] = f"<{letter.id}@{_domain(settings)}>"
    message["Auto-Submitted"] = "auto-generated"
    if letter.ending:
        message["List-Unsubscribe"] = f"<{_one_line(letter.ending)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(body.strip() + "\n")
    message.add_alternative(letter.rich, subtype="html")
    return message


def _domain(settings: Settings) -> str:
    if settings.mail_from:
        return settings.mail_from.rpartition("@")[2]
    host = urlsplit(settings.base_url).hostname or "localhost"
    return host if host[0].isalpha() and ":" not in host else "localhost"


def _one_line(text: str) -> str:
    if not text or not text.isprintable():
        raise BadHeader(f"not fit for a header: {text!r}")
    return text
