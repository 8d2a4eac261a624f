"""A letter about a week at the desk of its managers: edited, held, sent, skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.domain.newsletter import commands, personal, queries
from incubator.domain.newsletter.commands import Change
from incubator.domain.newsletter.models import Item
from incubator.domain.newsletter.rules import LINE_MOST, TOO_LATE, Plan, Week
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.keyset import Cursor
from tests.factories_life import merged
from tests.factories_weekly import FRIDAY, HOUR, THURSDAY, WEEK, a_draft, edition, editions

if TYPE_CHECKING:
    from incubator.domain.newsletter.models import Edition
    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make


@pytest.fixture
def lyon(make: Make) -> Site:
    return make.site()


@pytest.fixture
def sophie(make: Make, lyon: Site) -> Account:
    return make.member(lyon, role="manager")


@pytest.fixture
def draft(lyon: Site, sophie: Account) -> Edition:
    a_draft(lyon, ("member", sophie.id), ("hours", lyon.id))
    return edition(lyon)


def told(site: Site) -> list[tuple[str, bool, str]]:
    return [(each.kind, each.kept, each.line) for each in edition(site).items]


def test_a_week_has_one_letter(lyon: Site, draft: Edition) -> None:
    with pytest.raises(AssertionError):
        a_draft(lyon, ("hours", 7))
    assert told(lyon) == [("member", True, ""), ("hours", True, "")]


def test_a_manager_strikes_orders_and_adds_words(
    make: Make, lyon: Site, sophie: Account, draft: Edition
) -> None:
    member, hours = (each.id for each in draft.items)
    changes = {
        member: Change(kept=False, position=9, line=""),
        hours: Change(kept=True, position=2, line=" Bravo ! "),
    }
    with transaction():
        commands.edit(
            make.actor(sophie),
            draft.id,
            title=" Belle semaine ",
            words="Merci **à tous** <script>",
            changes=changes,
            revision=0,
        )
    found = edition(lyon)
    assert told(lyon) == [("hours", True, "Bravo !"), ("member", False, "")]
    assert (found.title, found.revision) == ("Belle semaine", 1)
    assert "<strong>à tous</strong>" in found.words_html
    assert "<script" not in found.words_html


def test_who_edits_an_older_state_loses_nothing_of_the_newer(
    make: Make, lyon: Site, sophie: Account, draft: Edition
) -> None:
    def edit(words: str, revision: int) -> None:
        with transaction():
            commands.edit(
                make.actor(sophie), draft.id, title="", words=words, changes={}, revision=revision
            )

    edit("premiers", 0)
    with pytest.raises(Refusal, match=r"newsletter\.edited"):
        edit("seconds", 0)
    assert edition(lyon).words_md == "premiers"


def test_a_line_too_long_is_refused_whole(
    make: Make, lyon: Site, sophie: Account, draft: Edition
) -> None:
    long = {draft.items[0].id: Change(kept=False, position=1, line="x" * (LINE_MOST + 1))}
    with pytest.raises(Refusal, match=r"newsletter\.too_long"), transaction():
        commands.edit(make.actor(sophie), draft.id, title="t", words="", changes=long, revision=0)
    assert edition(lyon).title == ""
    assert told(lyon)[0] == ("member", True, "")


def test_only_managers_of_the_site_have_anything_to_say(
    make: Make, lyon: Site, draft: Edition
) -> None:
    others = [
        make.member(lyon),
        make.member(make.site("Dakar"), role="manager"),
        make.member(lyon, role="guest"),
    ]
    for who in others:
        for act in (commands.send, commands.skip):
            with pytest.raises(NotFound), transaction():
                act(make.actor(who), draft.id, now=THURSDAY)
        with pytest.raises(NotAllowed), transaction():
            commands.choose(make.actor(who), lyon.id, by_itself=False)
    assert editions(lyon) == [(46, "draft")]


def test_a_sent_letter_is_read_by_members_and_changed_by_nobody(
    make: Make, lyon: Site, sophie: Account, draft: Edition
) -> None:
    reader, guest = make.member(make.site("Dakar")), make.member(lyon, role="guest")
    with transaction():
        assert commands.send(make.actor(sophie), draft.id, now=THURSDAY)
    with transaction():
        assert not commands.send(make.actor(sophie), draft.id, now=FRIDAY)
    found = queries.of_week(make.actor(reader), lyon.slug, Week(2026, 46))
    assert (found.decided_at, found.decided_by_id) == (THURSDAY, sophie.id)
    with pytest.raises(NotFound):
        queries.of_week(make.actor(guest), lyon.slug, Week(2026, 46))
    for act in (commands.skip, commands.hold):
        more = {"held": True} if act is commands.hold else {"now": FRIDAY}
        with pytest.raises(Refusal, match=r"newsletter\.decided"), transaction():
            act(make.actor(sophie), draft.id, **more)  # type: ignore[operator]


def test_a_skipped_letter_is_never_sent_nor_shown(
    make: Make, lyon: Site, sophie: Account, draft: Edition
) -> None:
    for _twice in range(2):
        with transaction():
            commands.skip(make.actor(sophie), draft.id, now=THURSDAY)
    with pytest.raises(Refusal, match=r"newsletter\.decided"), transaction():
        commands.send(make.actor(sophie), draft.id, now=FRIDAY)
    assert queries.archive(None, Cursor()).rows == []
    with pytest.raises(NotFound):
        queries.of_week(make.actor(make.member(lyon)), lyon.slug, Week(2026, 46))


def test_it_leaves_by_itself_at_its_hour_unless_somebody_holds_it(
    make: Make, lyon: Site, sophie: Account, draft: Edition
) -> None:
    def leaves(at: object) -> bool:
        with transaction():
            return commands.leave(draft.id, now=at)  # type: ignore[arg-type]

    assert not leaves(FRIDAY - HOUR)
    with transaction():
        commands.hold(make.actor(sophie), draft.id, held=True)
    assert queries.due_to_leave(FRIDAY) == []
    assert not leaves(FRIDAY)
    with transaction():
        commands.hold(make.actor(sophie), draft.id, held=False)
    with transaction():
        commands.choose(make.actor(sophie), lyon.id, by_itself=False)
    assert queries.due_to_leave(FRIDAY) == []
    assert not leaves(FRIDAY)
    with transaction():
        commands.choose(make.actor(sophie), lyon.id, by_itself=True)
    assert queries.due_to_leave(FRIDAY) == [draft.id]
    assert leaves(FRIDAY)
    assert not leaves(FRIDAY)
    assert edition(lyon).decided_by_id is None


def test_old_news_leave_by_nobody_but_a_person(
    make: Make, lyon: Site, sophie: Account, draft: Edition
) -> None:
    late = FRIDAY + TOO_LATE
    assert queries.due_to_leave(late) == []
    with transaction():
        assert not commands.leave(draft.id, now=late)
    with transaction():
        assert commands.send(make.actor(sophie), draft.id, now=late)


def test_a_new_draft_ends_the_one_that_nobody_sent(lyon: Site, draft: Edition) -> None:
    plan_week = Week(2026, 47)
    with transaction():
        commands.draft(
            lyon.id,
            Plan(week=plan_week, since=THURSDAY, until=THURSDAY + WEEK, leaves_at=FRIDAY + WEEK),
            [("hours", lyon.id)],
            now=THURSDAY + WEEK,
        )
    assert editions(lyon) == [(46, "skipped"), (47, "draft")]


def test_a_member_who_is_forgotten_or_merged_leaves_the_letters(
    make: Make, lyon: Site, sophie: Account
) -> None:
    kept, gone, away = make.member(lyon), make.member(lyon), make.member(lyon)
    a_draft(lyon, *(("member", each.id) for each in (kept, gone, away)))
    a_draft(make.site("Dakar"), ("member", gone.id), week=Week(2026, 45))
    with transaction():
        personal.forget(away.id)
    merged(make, make.member(role="administrator"), kept, gone)
    assert list(db.session.scalars(select(Item.subject_id))) == [kept.id, kept.id]
