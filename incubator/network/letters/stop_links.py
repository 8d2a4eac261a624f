"""Links in letters that end their kind without signing in, by one click (RFC 8058). Pure."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from incubator.kernel import signed
from incubator.kernel.errors import NotFound
from incubator.network.letters.kinds import DIGESTS, MAIL, Kind, kind_named

PURPOSE: Final = "letters.stop"
_TOLD: Final = re.compile(r"([0-9]{1,18})-([a-z_]{1,24})")


class Stop(NamedTuple):
    """A member who wants no more letters of a kind, or without one no more digests of a rhythm."""

    member_id: int
    kind: Kind | None
    channel: str = MAIL

    def token(self, secret: str) -> str:
        """The part of an address that only this house can make."""
        what = self.kind.code if self.kind else self.channel
        return signed.sign(f"{self.member_id}-{what}", secret, purpose=PURPOSE)


def stop_of(token: str, secret: str) -> Stop:
    """What a token ends; raise NotFound ``letters.stop`` for one that this house did not make."""
    found = _TOLD.fullmatch(signed.told_by(token, secret, purpose=PURPOSE) or "")
    if not found:
        raise NotFound("letters.stop")
    member_id, what = int(found[1]), found[2]
    if what in DIGESTS:
        return Stop(member_id, None, what)
    return Stop(member_id, kind_named(what))
