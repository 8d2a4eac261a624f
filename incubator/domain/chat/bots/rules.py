"""Rules of machines in rooms: their names, the addresses that are told, what they may send."""

from __future__ import annotations

import hashlib
import hmac
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from incubator.domain.chat.rules import clean
from incubator.kernel.errors import Refusal, TooMany
from incubator.kernel.outward import is_public
from incubator.kernel.text import one_line, slugify

NAME_LENGTH: Final = range(2, 41)
HANDLE_MOST: Final = 40
URL_MOST: Final = 500
BOTS_MOST: Final = 10
SALT: Final = 40
# Thirty messages at once, then one in two seconds.
SPOKEN: Final = (30, 60)
KEY_MOST: Final = 100
# What «@…» means something else with.
TAKEN: Final = frozenset({"room", "salon", "on-site", "sur-place"})


def name_of(text: str) -> tuple[str, str]:
    """The name of a machine on one line and what one calls it by; raise Refusal ``chat.bot_name``.

    «Météo du matin» is called by «@meteo-du-matin».
    """
    line = one_line(clean(text))
    handle = slugify(line, HANDLE_MOST)
    spoken = any(letter.isalnum() for letter in line)
    if len(line) not in NAME_LENGTH or not spoken or handle in TAKEN:
        least, most = NAME_LENGTH.start, NAME_LENGTH.stop - 1
        raise Refusal("chat.bot_name", field="name", least=least, most=most)
    return line, handle


def url_of(text: str, *, local: bool) -> str:
    """An address to be told, or nothing; raise Refusal ``chat.bot_url``.

    HTTPS only, without a name and password in it; ``local`` allows HTTP on this very machine.
    Where its name leads is looked at each time it is called.
    """
    line = text.strip()
    if not line:
        return ""
    if len(line) > URL_MOST or not _fits(line, local=local):
        raise Refusal("chat.bot_url", field="url")
    return line


def _fits(address: str, *, local: bool) -> bool:
    written = address.isascii() and all(sign > " " for sign in address)
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    schemes = {"https", "http"} if local else {"https"}
    plain = parts.scheme in schemes and "@" not in parts.netloc and not parts.fragment
    return written and plain and port != 0 and _is_host(host, local=local)


def _is_host(host: str, *, local: bool) -> bool:
    """Whether it may be in the open net; names without a dot lead to machines nearby."""
    try:
        number = ip_address(host)
    except ValueError:
        return "." in host.rstrip(".") or (local and bool(host))
    return is_public(number) or (local and number.is_loopback)


def cid_of(bot_id: int, key: str) -> str:
    """The name of a message of a machine; raise Refusal ``chat.bot_key``.

    ``key`` is what the machine calls it: said twice, it is one message.
    """
    if not 1 <= len(key) <= KEY_MOST:
        raise Refusal("chat.bot_key")
    digest = hashlib.sha256(f"{bot_id}:{key}".encode("utf-8", "replace")).hexdigest()
    return f"bot-{digest[:32]}"


def secret_of(salt: str, house: str) -> str:
    """What signs the calls of a machine, made from its ``salt`` and the secret of the ``house``."""
    return hmac.new(house.encode(), f"chat.bot:{salt}".encode(), hashlib.sha256).hexdigest()


def signature(secret: str, at: int, body: bytes) -> str:
    """The signature of a call made ``at`` seconds since 1970: HMAC-SHA-256 of «at.body», in hex."""
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def check_pace(wait: int) -> None:
    """Raise TooMany ``chat.bot_fast`` when there are seconds to wait."""
    if wait:
        raise TooMany("chat.bot_fast", retry_after=wait)
