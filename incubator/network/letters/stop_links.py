"""Links in letters that end their kind without signing in, by one click (RFC 8058). Pure."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from incubator.kernel import signed
from incubator.kernel.errors import NotFound
from incubator.network.letters.kinds import Kind, kind_named

PURPOSE: Final = "letters.stop"
_TOLD: Final = re.compile(r"([0-9]{1,18})-([a-z_]{1,24})")


class Stop(NamedTuple):
    """A member who wants no more letters of a kind."""

    member_id: int
    kind: Kind

    def token(self, secret: str) -> str:
        """The part of an address that only this house can make."""
        return signed.sign(f"{self.member_id}-{self.kind.code}", secret, purpose=PURPOSE)


def stop_of(token: str, secret: str) -> Stop:
    """What a token ends; raise NotFound ``letters.stop`` for one that this house did not make."""
    found = _TOLD.fullmatch(signed.told_by(token, secret, purpose=PURPOSE) or "")
    if not found:
        raise NotFound("letters.stop")
    return Stop(int(found[1]), kind_named(found[2]))
