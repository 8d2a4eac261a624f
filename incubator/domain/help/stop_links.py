"""Links in letters that stop them without signing in: a few ids and their signature. Pure."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final, NamedTuple

from incubator.kernel.errors import NotFound

_TOKEN: Final = re.compile(r"([0-9]{1,18})-(thread|skill|site)-([0-9]{1,18})-([0-9a-f]{32})")


class Stop(NamedTuple):
    """What a member hears no more of: a thread, a skill or a site, by its id."""

    member_id: int
    kind: str
    id: int

    def token(self, secret: str) -> str:
        """The part of an address that only this house can make."""
        told = f"{self.member_id}-{self.kind}-{self.id}"
        return f"{told}-{_signature(told, secret)}"


def stop_of(token: str, secret: str) -> Stop:
    """What a token stops; raise NotFound for one that this house did not make."""
    found = _TOKEN.fullmatch(token)
    if found:
        stop = Stop(int(found[1]), found[2], int(found[3]))
        if hmac.compare_digest(stop.token(secret), token):
            return stop
    raise NotFound("help.stop")


def _signature(told: str, secret: str) -> str:
    key = b"help.stop:" + secret.encode()
    return hmac.new(key, told.encode(), hashlib.sha256).hexdigest()[:32]
