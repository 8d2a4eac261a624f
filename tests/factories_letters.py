"""Letters that members refuse, and the hours that they keep quiet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incubator.kernel.db import transaction
from incubator.network.letters import delivery, wishes
from incubator.network.letters.kinds import MAIL, kind_named
from incubator.network.letters.quiet_rules import Hours

if TYPE_CHECKING:
    from email.message import EmailMessage

    from incubator.network.accounts.models import Account
    from tests.factories import Make


def off(who: Account, *codes: str) -> None:
    """No more letters of these kinds."""
    with transaction():
        for code in codes:
            wishes.stop(who.id, code)


def texts(letter: EmailMessage) -> tuple[str, ...]:
    """A letter in plain words and as a page."""
    both: list[Any] = [letter.get_body((kind,)) for kind in ("plain", "html")]
    return tuple(str(body.get_content()) for body in both)


def refused(who: Account) -> set[str]:
    """The kinds that somebody does not get."""
    return {
        code
        for (code, channel), wanted in wishes.wanted_by(who.id).items()
        if channel == MAIL and MAIL in kind_named(code).usual and not wanted
    }


def keeps(make: Make, who: Account, hours: Hours) -> None:
    """Let somebody keep these quiet hours."""
    with transaction():
        delivery.choose_quiet_hours(make.actor(who), hours)
