"""The hour where an author lives, when it is not the reader's."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from incubator.network.sites.queries import open_places

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from incubator.network.members.actor import Actor
    from incubator.network.sites.queries import Place


def elsewhere(reader: Actor) -> dict[int, Place]:
    """The sites that keep another time zone than the reader, by id."""
    return {each.id: each for each in open_places() if each.time_zone != reader.time_zone}


def clocks(places: Mapping[int, Place]) -> dict[int, tuple[str, str]]:
    """City and time zone of each, for the script."""
    return {number: (each.city, each.time_zone) for number, each in places.items()}


def there(
    at: datetime, site_id: int | None, *, here: str, cities: Mapping[int, Place]
) -> Place | None:
    """The place of a site where the clock says something else than in the zone ``here``."""
    place = cities.get(site_id) if site_id is not None else None
    if place is None:
        return None
    own, other = (at.astimezone(ZoneInfo(zone)).utcoffset() for zone in (here, place.time_zone))
    return place if own != other else None
