"""Whether somebody else than the one who acts only visits: hours are given by members."""

from __future__ import annotations

from incubator.kernel.errors import NotFound
from incubator.network.accounts.queries import account_of, actor_of


def is_guest(member_id: int) -> bool:
    """Whether a member is a guest or has left. Raise NotFound ``members.member``."""
    account = account_of(member_id)
    if account is None:
        raise NotFound("members.member")
    return actor_of(account).is_guest
