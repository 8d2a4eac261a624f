"""Links in letters that renew one listing once, without signing in. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final, NamedTuple

from incubator.kernel import signed
from incubator.kernel.errors import NotFound

PURPOSE: Final = "listings.renew"
_TOLD: Final = re.compile(r"([0-9]{1,18})-([0-9]{1,18})-([0-9]{1,16})")


class Renewal(NamedTuple):
    """A listing, who was written to, and the end that the letter told: another end, no renewal."""

    listing_id: int
    member_id: int
    until: datetime

    def token(self, secret: str) -> str:
        """The part of an address that only this house can make."""
        told = f"{self.listing_id}-{self.member_id}-{micros(self.until)}"
        return signed.sign(told, secret, purpose=PURPOSE)


def renewal_of(token: str, secret: str) -> Renewal:
    """What a token renews; raise NotFound ``listings.link`` for one not made by this house."""
    found = _TOLD.fullmatch(signed.told_by(token, secret, purpose=PURPOSE) or "")
    if not found:
        raise NotFound("listings.link")
    return Renewal(int(found[1]), int(found[2]), instant_of(int(found[3])))


def micros(instant: datetime) -> int:
    """Microseconds since 1970, whole."""
    seconds = int(instant.replace(microsecond=0).timestamp())
    return seconds * 1_000_000 + instant.microsecond


def instant_of(number: int) -> datetime:
    """The instant of so many microseconds since 1970 (UTC)."""
    seconds, part = divmod(number, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=part)
