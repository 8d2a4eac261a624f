"""Posting to addresses that people typed: only to the open net, briefly, and to no other place.

The name is resolved once and every address it has must be public; the connection goes to one of
those very addresses, so that a second answer of the name server leads nowhere else. No redirection
is followed, no proxy of the environment asked.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CONNECT_SECONDS: Final = 3.0
# From the first byte sent to the last one read, whatever comes between.
WHOLE_SECONDS: Final = 8.0
MOST_BYTES: Final = 32 * 1024
PORTS: Final = {"https": 443, "http": 80}

# Addresses of IPv6 that lead to one of IPv4, be it nearby (NAT64).
TRANSLATED: Final = ip_network("64:ff9b::/32")

Number = IPv4Address | IPv6Address


class Unreachable(Exception):
    """It was not delivered; the message is a word that says why."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: at most MOST_BYTES of it; ``wait`` is its Retry-After, as written."""

    status: int
    kind: str
    body: bytes
    wait: str = ""

    @property
    def well(self) -> bool:
        """Whether it was taken (2xx)."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


def is_public(number: Number) -> bool:
    """Whether an address lies in the open net: not here, not nearby, not reserved."""
    if isinstance(number, IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour
        if inner is not None:
            return is_public(inner)
        if number in TRANSLATED:
            return False
    closed = number.is_private or number.is_loopback or number.is_link_local
    odd = number.is_multicast or number.is_reserved or number.is_unspecified
    return number.is_global and not closed and not odd


def resolved(host: str, port: int, *, local: bool = False) -> Number:
    """One address of a host, all of which are public; raise Unreachable.

    With ``local`` those of this very machine will do, too.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable("host") from error
    numbers = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    if not numbers or not all(is_public(n) or (local and n.is_loopback) for n in numbers):
        raise Unreachable("closed")
    return numbers[0]


def _ready() -> None:
    """Nobody wants to know when the first byte leaves."""


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    local: bool = False,
    handing: Callable[[], None] = _ready,
) -> Answer:
    """Post ``body`` and read the answer; raise Unreachable. ``local``: see ``resolved``.

    ``handing`` is called when the line stands, just before the first byte of ours goes: until
    then nothing was sent, and what it raises keeps it so.
    """
    parts = urlsplit(url)
    port = parts.port or PORTS.get(parts.scheme, 0)
    number = resolved(parts.hostname or "", port, local=local)
    if parts.scheme != "https" and not (local and parts.scheme == "http" and number.is_loopback):
        raise Unreachable("https")
    line = _Line(parts, number, port)
    try:
        line.secure()
        handing()
        return line.post(body, headers)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable("silence") from error
    finally:
        line.end()


class _Line:
    """One connection to one address, which ends by itself: whatever drips in slowly is cut off."""

    def __init__(self, parts: SplitResult, number: Number, port: int) -> None:
        self._parts = parts
        self._http = http.client.HTTPConnection(parts.hostname or "", port)
        try:
            self._socket = socket.create_connection((str(number), port), CONNECT_SECONDS)
        except OSError as error:
            raise Unreachable("connection") from error
        self._socket.settimeout(WHOLE_SECONDS)
        self._timer = threading.Timer(WHOLE_SECONDS, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        self._http.sock = self._socket
        query = f"?{self._parts.query}" if self._parts.query else ""
        self._http.request("POST", (self._parts.path or "/") + query, body, dict(headers))
        answer = self._http.getresponse()
        read = answer.read(MOST_BYTES + 1)
        if len(read) > MOST_BYTES:
            raise Unreachable("long")
        return Answer(
            status=answer.status,
            kind=answer.headers.get_content_type(),
            body=read,
            wait=answer.headers.get("Retry-After", ""),
        )

    def secure(self) -> None:
        """Speak TLS if it shall; the certificate is that of the name, wherever it led."""
        if self._parts.scheme != "https":
            return
        context, host = ssl.create_default_context(), self._parts.hostname
        line = context.wrap_socket(
            self._socket, server_hostname=host, do_handshake_on_connect=False
        )
        self._socket = line
        line.do_handshake()

    def end(self) -> None:
        self._timer.cancel()
        self._http.close()
        self._socket.close()

    def _cut(self) -> None:
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            # It ended meanwhile.
            return
