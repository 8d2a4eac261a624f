"""Whatever was raised for whom, and whatever changed since, nobody is told what policy hides."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from incubator.domain.help import policy
from incubator.domain.help.models import Question
from incubator.kernel.db import as_of, db, transaction
from incubator.kernel.keyset import Cursor
from incubator.network.letters import wishes
from incubator.network.letters.kinds import DAILY, MAIL, kind_named
from incubator.network.members.models import Member
from incubator.reactions.notifications import reading
from incubator.reactions.notifications.lines import lines_of
from incubator.reactions.notifications.sights import BELL
from incubator.reactions.notifications.telling import About, tell
from tests import factories_help as h
from tests.factories_accounts import letters

if TYPE_CHECKING:
    from email.message import EmailMessage

    from flask import Flask

    from incubator.network.accounts.models import Account
    from tests.factories import Make

NOON = datetime(2026, 11, 12, 11, 0, tzinfo=UTC)
ROLES = ("resident", "guest", "alumni", "manager", "resident")


class World:
    """Sites, readers of every role, threads for some eyes each, all raised for everybody."""

    def __init__(self, make: Make, chance: random.Random) -> None:
        self.make, self.chance = make, chance
        self.sites = [make.site(name) for name in ("Lyon", "Nantes", "Dakar")]
        self.readers = [
            make.member(site, role=role, email=f"{role}{number}@{site.slug}.org")
            for site in self.sites
            for number, role in enumerate(ROLES)
        ]
        self.readers.append(make.member(role="administrator", email="admin@example.org"))
        self.threads = [self.thread(number) for number in range(9)]
        with transaction():
            for each in self.readers:
                for yes, channel in ((True, DAILY), (False, MAIL)):
                    wishes.want(each.id, kind_named("help_threads"), yes=yes, channel=channel)
                    wishes.want(each.id, kind_named("desk_reports"), yes=yes, channel=channel)
        self.raise_all()

    def thread(self, number: int) -> Question:
        author = self.chance.choice([one for one in self.readers if "resident" in one.email])
        audience = self.chance.choice(("site", "network"))
        return h.question(self.make, author, title=f"Secret {number} of it", audience=audience)

    def raise_all(self) -> None:
        ids = [one.id for one in self.readers]
        with as_of(NOON), transaction():
            for asked in self.threads:
                by = self.chance.choice(ids)
                tell("help_threads", ids, About("thread", asked.id, "answer", by=by))
            for site in self.sites:
                about = About("desk", site.id, "reports", title=f"D{site.id}", site_id=site.id)
                tell("desk_reports", ids, about)

    def change(self) -> None:
        """Threads are taken away, and people move."""
        with transaction():
            for asked in self.chance.sample(self.threads, 3):
                db.session.get_one(Question, asked.id).state = "removed"
            for who in self.chance.sample(self.readers, 4):
                moved = db.session.get_one(Member, who.id)
                moved.home_site_id = self.chance.choice(self.sites).id

    def allowed(self, who: Account) -> set[str]:
        """The titles that policy lets somebody read."""
        actor = self.make.actor(who)
        rows = [db.session.get_one(Question, each.id) for each in self.threads]
        seen = {row.title for row in rows if policy.may_read(actor, row)}
        return seen | {f"D{site.id}" for site in self.sites if actor.manages(site.id)}


def whole(letter: EmailMessage) -> str:
    """All that a letter says."""
    bodies = [letter.get_body((kind,)) for kind in ("plain", "html")]
    return "\n".join(str(body.get_content()) for body in bodies if body)


@pytest.mark.parametrize("seed", range(4))
def test_lists_bells_and_digests_tell_what_policy_allows_and_nothing_else(
    app: Flask, make: Make, seed: int
) -> None:
    world = World(make, random.Random(seed))  # noqa: S311 - a game, not a secret
    world.change()
    told = {}
    for who in world.readers:
        actor = make.actor(who)
        page = reading.page_for(actor, Cursor(size=100), unread=True)
        told[who.email] = {line.title for line in lines_of(actor, page.rows)}
        assert told[who.email] == world.allowed(who), who.email
        assert BELL.of(actor) == len(told[who.email])
    with as_of(NOON + timedelta(days=1)):
        digests = {str(one["To"]): whole(one) for one in letters(app, make)}
    titles = [f"Secret {number} of it" for number in range(9)]
    assert {
        email: {title for title in titles if title in digests.get(email, "")} for email in told
    } == {email: {title for title in seen if title in titles} for email, seen in told.items()}
    # Something is hidden from somebody, or nothing was tried.
    assert any(len(seen) < len(titles) for seen in told.values())
    assert digests
