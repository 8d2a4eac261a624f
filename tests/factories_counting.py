"""Help that counts, for tests: a question, an answer of use, minutes told by either of the two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from incubator.domain.commitments import commands
from incubator.domain.commitments.models import Contribution
from incubator.domain.help.learning import counting, thanks
from incubator.domain.help.rules import Wish
from incubator.kernel.db import db, transaction
from tests import factories_help as h

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.domain.help.models import Answer, Question
    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make


@dataclass(frozen=True)
class Helping:
    """Nadia asked in Lyon, Paul of Lille answered."""

    make: Make
    site: Site
    asker: Account
    helper: Account
    asked: Question
    given: Answer

    def accept(self) -> Answer:
        """Nadia says that the answer solved it."""
        h.accept(self.make, self.asker, self.given)
        return self.given

    def count(self, who: Account, minutes: int = 45) -> None:
        """One of the two says how long it took."""
        count(self.make, who, self.given, minutes)

    def confirm(self, who: Account) -> None:
        """One of the two gives their word."""
        with transaction():
            commands.confirm(self.make.actor(who), line().id, now=self.make.now)

    def take(self) -> None:
        """Paul agrees to what was offered."""
        with transaction():
            commands.take_offer(self.make.actor(self.helper), line().id, now=self.make.now)


def helping(make: Make, **more: Any) -> Helping:
    """The two of them, before anything was said of the answer."""
    lyon = make.site("Lyon")
    asker = make.member(lyon, name="Nadia Belkacem")
    helper = make.member(make.site("Lille"), name="Paul Vasseur")
    if more.get("anonymous"):
        with transaction():
            db.session.get_one(type(lyon), lyon.id).hidden_askers = True
    wish = Wish(**{key: more.pop(key) for key in ("anonymous", "minutes") if key in more})
    asked = h.question(make, asker, *more.pop("skills", ()), wish=wish, **more)
    return Helping(make, lyon, asker, helper, asked, h.answer(make, helper, asked))


def count(make: Make, who: Account, given: Answer, minutes: int = 45) -> None:
    """Minutes of an answer told by somebody."""
    with transaction():
        counting.count(make.actor(who), given.id, minutes=minutes, now=make.now)


def thank(make: Make, who: Account, given: Answer, words: str = "") -> None:
    """Thanks for an answer."""
    with transaction():
        thanks.thank(make.actor(who), given.id, words=words, now=make.now)


def lines() -> Sequence[Contribution]:
    """All lines of hours, as they are now."""
    return db.session.scalars(
        select(Contribution).order_by(Contribution.id).execution_options(populate_existing=True)
    ).all()


def line() -> Contribution:
    """The one line of hours."""
    (only,) = lines()
    return only
