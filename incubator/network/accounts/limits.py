"""Counting tries: each limit apart for an address of the net or for an account."""

from __future__ import annotations

import hashlib
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from incubator.kernel import throttle

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.accounts.rules import Limit

V6_HOME = 64
V6_NET = 48
V4_NET = 24


def spend(limit: Limit, subject: str, *, now: datetime) -> int:
    """Take one try; 0 when allowed, else seconds to wait. Commit it also when the try fails."""
    return throttle.spend(
        _key(limit, subject), limit=limit.acts, per_seconds=limit.seconds, now=now
    )


def give_back(limit: Limit, subject: str) -> None:
    """Return the try of somebody who proved to be who they say."""
    throttle.give_back(_key(limit, subject), limit=limit.acts, per_seconds=limit.seconds)


def origin(address: str | None) -> str:
    """What counts as one address: an IPv6 home owns a whole /64."""
    found = _parsed(address)
    if found is None:
        return address or ""
    if isinstance(found, IPv6Address):
        return str(ip_network((found, V6_HOME), strict=False))
    return str(found)


def neighbourhood(address: str | None) -> str:
    """The net around an address, for counting those who change theirs: a /24, or a /48 of IPv6."""
    found = _parsed(address)
    if found is None:
        return address or ""
    wide = V6_NET if isinstance(found, IPv6Address) else V4_NET
    return str(ip_network((found, wide), strict=False))


def _parsed(address: str | None) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(address or "")
    except ValueError:
        return None
    # A server that listens on IPv6 sees those of IPv4 in one net of its own.
    return getattr(found, "ipv4_mapped", None) or found


def _key(limit: Limit, subject: str) -> str:
    # Hashed: the table keeps no address of people who only mistyped.
    digest = hashlib.sha256(subject.strip().lower().encode("utf-8", "replace")).hexdigest()
    return f"{limit.name}:{digest[:40]}"
