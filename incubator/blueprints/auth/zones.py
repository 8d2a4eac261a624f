"""The time zones that a list offers."""

from functools import cache

from incubator.kernel.zones import all_zones


@cache
def offered() -> tuple[str, ...]:
    """The IANA zones that are places, and UTC; any other name that exists may still be typed."""
    places = {zone for zone in all_zones() if "/" in zone}
    return (*sorted(zone for zone in places if not zone.startswith("Etc/")), "UTC")
