"""Links in letters that stop them without signing in: a few ids and their signature. Pure."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from incubator.kernel import signed
from incubator.kernel.errors import NotFound

PURPOSE: Final = "help.stop"
_TOLD: Final = re.compile(r"([0-9]{1,18})-(thread|skill|site|asked|mention|comment)-([0-9]{1,18})")
# What letters once ended by such links is a kind of letters of the house by now.
KINDS: Final = {"asked": "help_asked", "mention": "help_mentions", "comment": "help_comments"}


class Stop(NamedTuple):
    """What a member hears no more of: a thread, a skill or a site, by its id.

    Links of older letters say «asked», «mention» or «comment» (``KINDS``) with the id 0.
    """

    member_id: int
    kind: str
    id: int

    def token(self, secret: str) -> str:
        """The part of an address that only this house can make."""
        return signed.sign(f"{self.member_id}-{self.kind}-{self.id}", secret, purpose=PURPOSE)


def stop_of(token: str, secret: str) -> Stop:
    """What a token stops; raise NotFound for one that this house did not make."""
    found = _TOLD.fullmatch(signed.told_by(token, secret, purpose=PURPOSE) or "")
    if not found:
        raise NotFound("help.stop")
    return Stop(int(found[1]), found[2], int(found[3]))
