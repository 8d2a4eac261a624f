"""Who is named, or commented upon, gets one letter a thread: if they may read it and want it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from incubator.domain.help import (
    bumps,
    commands,
    converting,
    discussing,
    follows,
)
from incubator.domain.help.events import ThreadNews
from incubator.domain.help.follow_models import Bump, Concern
from incubator.domain.help.models import QuestionSkill
from incubator.domain.help.news import news_of
from incubator.domain.help.personal import forget
from incubator.kernel.db import as_of, db, transaction
from incubator.kernel.jobs import Job
from incubator.network.members.models import Member
from tests import factories_help as h
from tests.conftest import NOW
from tests.factories_letters import off

if TYPE_CHECKING:
    from incubator.domain.help.models import Question
    from incubator.network.accounts.models import Account
    from tests.factories import Make

pytestmark = pytest.mark.usefixtures("present")
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def news(monkeypatch: pytest.MonkeyPatch) -> list[ThreadNews]:
    return h.news_told(monkeypatch)


@pytest.fixture
def asker(make: Make) -> Account:
    return make.member(make.site("Lyon"), name="Camille Dervaux")


@pytest.fixture
def nadia(make: Make) -> Account:
    return make.member(make.site("Lille"), name="Nadia Benali")


def at(make: Make, who: Account) -> str:
    return f"@{make.actor(who).slug}"


def told(news: list[ThreadNews]) -> dict[int, tuple[str, tuple[tuple[str, int, str], ...]]]:
    return {one.member_id: (one.why, one.concerns) for one in news}


def waiting() -> int:
    return db.session.scalar(select(func.count()).select_from(Concern)) or 0


def test_who_is_named_is_told_once_and_what_else_is_new_only_if_they_follow(
    make: Make, asker: Account, nadia: Account, news: list[ThreadNews]
) -> None:
    asked, helper = h.question(make, asker), make.member(make.site("Dakar"))
    for number in range(2):
        given = h.answer(make, helper, asked, body=f"Demandez à {at(make, nadia)} : {number}.")
    said = h.comment(make, helper, asked, body=f"Et encore {at(make, nadia)}, merci.")
    h.letters_due(asked)
    h.letters_due(asked)
    found = told(news)
    assert found.keys() == {asker.id, nadia.id}
    assert found[nadia.id] == (
        "",
        (
            ("answer", given.id - 1, "mention"),
            ("answer", given.id, "mention"),
            ("comment", said.id, "mention"),
        ),
    )
    assert found[asker.id] == ("thread", (("comment", said.id, "comment"),))
    (to_nadia,) = [one for one in news if one.member_id == nadia.id]
    assert to_nadia.after_answer_id == to_nadia.last_answer_id
    assert not to_nadia.solved
    assert waiting() == 0


@pytest.mark.parametrize("follows_it", [False, True])
def test_who_is_named_in_a_post_that_becomes_another_is_told_once(
    make: Make, asker: Account, nadia: Account, news: list[ThreadNews], follows_it: bool
) -> None:
    asked, helper = h.question(make, asker), make.member(make.site("Dakar"))
    if follows_it:
        with transaction():
            follows.follow(make.actor(nadia), asked.id, now=make.now)
    said = h.comment(make, helper, asked, body=f"Demandez à {at(make, nadia)}.")
    with transaction():
        given = converting.to_answer(make.actor(helper), said.id, now=make.now)
    with transaction():
        again = converting.to_comment(make.actor(helper), given.id, now=make.now)
    with transaction():
        final = converting.to_answer(make.actor(helper), again.id, now=make.now)
    h.letters_due(asked)
    assert told(news)[nadia.id][1] == (("answer", final.id, "mention"),)
    (letter,) = [news_of(one) for one in news if one.member_id == nadia.id]
    assert letter
    assert [each.text for each in letter.concerning] == [final.body_md]
    assert letter.answers == ()
    (to_asker,) = [news_of(one) for one in news if one.member_id == asker.id]
    assert to_asker
    assert (len(to_asker.answers), to_asker.concerning) == (1, ())
    with transaction():
        converting.to_comment(make.actor(helper), final.id, now=LATER)
    h.letters_due(asked, now=LATER + timedelta(hours=2))
    assert len([one for one in news if one.member_id == nadia.id]) == 1
    assert waiting() == 0


def test_an_edit_tells_only_whom_it_names_anew(
    make: Make, asker: Account, nadia: Account, news: list[ThreadNews]
) -> None:
    asked = h.question(make, asker, body=f"Avec {at(make, nadia)}, comment faire ?")
    other = make.member(make.site("Dakar"))
    h.letters_due(asked)
    with transaction():
        commands.edit_question(
            make.actor(asker),
            asked.id,
            title=asked.title,
            body=f"Avec {at(make, nadia)} et {at(make, other)} ?",
            skill_ids=[each.skill_id for each in _skills(asked)],
            revision=0,
            now=make.now,
        )
    h.letters_due(asked, now=LATER + timedelta(hours=2))
    assert [one.member_id for one in news] == [nadia.id, other.id]
    assert news[1].concerns == (("question", asked.id, "mention"),)


def _skills(question: Question) -> list[QuestionSkill]:
    query = select(QuestionSkill).where(QuestionSkill.question_id == question.id)
    return list(db.session.scalars(query))


def test_a_remark_is_told_to_who_wrote_what_it_is_about(
    make: Make, asker: Account, nadia: Account, news: list[ThreadNews]
) -> None:
    asked = h.question(make, asker)
    h.answer(make, asker, asked)
    given, other = h.answer(make, nadia, asked), make.member(make.site("Dakar"))
    h.letters_due(asked)
    news.clear()
    said = h.comment(make, other, asked, answer_id=given.id)
    with transaction():
        bumps.read(asker.id, asked.id, now=make.now)
    h.letters_due(asked, now=LATER + timedelta(hours=2))
    assert told(news) == {nadia.id: ("thread", (("comment", said.id, "comment"),))}


def test_nobody_is_told_of_their_own_remark_nor_of_a_thread_given_up(
    make: Make, asker: Account, nadia: Account, news: list[ThreadNews]
) -> None:
    asked = h.question(make, asker)
    h.comment(make, asker, asked, body=f"Moi {at(make, asker)}.")
    assert waiting() == 0
    with transaction():
        follows.unfollow(asker.id, asked.id, now=make.now)
    h.comment(make, nadia, asked)
    h.letters_due(asked)
    assert news == []


def test_what_was_read_or_taken_away_is_not_told(
    make: Make, asker: Account, nadia: Account, news: list[ThreadNews]
) -> None:
    asked, other = h.question(make, asker), make.member(make.site("Dakar"))
    h.comment(make, other, asked, body=f"Voyez {at(make, nadia)} !")
    with transaction():
        bumps.read(nadia.id, asked.id, now=make.now)
    assert [row.member_id for row in db.session.scalars(select(Concern))] == [asker.id]
    with transaction():
        follows.unfollow(asker.id, asked.id, now=make.now)
    h.letters_due(asked)
    assert news == []
    said = h.comment(make, other, asked, body=f"Voyez {at(make, nadia)} ?")
    with transaction():
        discussing.remove_comment(make.actor(other), said.id, now=make.now)
    h.letters_due(asked)
    assert [one.member_id for one in news] == [nadia.id]
    assert not [job for job in _letters() if job.payload["values"]["concerning"]]


def _letters() -> list[Job]:
    return list(db.session.scalars(select(Job).where(Job.kind == "mail.deliver")))


def test_the_switches_hold_and_the_thread_is_raised_all_the_same(
    make: Make, asker: Account, nadia: Account, news: list[ThreadNews]
) -> None:
    asked, other = h.question(make, asker), make.member(make.site("Dakar"))
    off(nadia, "help_mentions")
    off(asker, "help_comments")
    h.comment(make, other, asked, body=f"Voyez {at(make, nadia)} !")
    h.letters_due(asked)
    assert news == []
    raised = select(Bump.member_id).where(Bump.read_at.is_(None)).order_by(Bump.member_id)
    assert list(db.session.scalars(raised)) == sorted([asker.id, nadia.id])


def test_who_may_not_read_the_thread_is_told_nothing(make: Make, news: list[ThreadNews]) -> None:
    lyon, far = make.site("Lyon"), make.site("Dakar")
    asker, near, away = make.member(lyon), make.member(lyon), make.member(far)
    asked = h.question(make, asker, audience="site")
    h.comment(make, asker, asked, body=f"{at(make, near)} et {at(make, away)} ?")
    assert [row.member_id for row in db.session.scalars(select(Concern))] == [near.id]
    with transaction():
        db.session.get_one(Member, near.id).home_site_id = far.id
    h.letters_due(asked)
    assert news == []
    assert waiting() == 0


@pytest.mark.usefixtures("nights")
def test_letters_of_mentions_keep_quiet_hours_and_an_hour_between(
    make: Make, asker: Account, nadia: Account, news: list[ThreadNews]
) -> None:
    asked = h.question(make, asker)
    evening = NOW.replace(hour=21)
    with as_of(evening):
        h.answer(make, asker, asked, body=f"{at(make, nadia)} ?", now=evening)
    due = db.session.scalars(select(Bump.due_at).where(Bump.member_id == nadia.id)).one()
    assert due
    assert due > evening + timedelta(hours=8)
    h.letters_due(asked, now=due - timedelta(minutes=1))
    assert news == []
    with as_of(due):
        h.letters_due(asked, now=due)
        h.answer(make, asker, asked, body=f"{at(make, nadia)} !", now=due)
    assert len(news) == 1
    again = db.session.scalars(select(Bump.due_at).where(Bump.member_id == nadia.id)).one()
    assert again == due + timedelta(hours=1)


def test_what_is_loaded_late_concerns_nobody(make: Make, asker: Account, nadia: Account) -> None:
    asked = h.question(make, asker)
    with bumps.without_letters():
        h.comment(make, nadia, asked)
    assert waiting() == 0


def test_a_closed_account_is_noted_nowhere_and_forgetting_leaves_nothing(
    make: Make, asker: Account, nadia: Account
) -> None:
    asked = h.question(make, asker)
    h.comment(make, asker, asked, body=f"{at(make, nadia)} ?")
    with transaction():
        nadia.deactivated_at = make.now
    assert waiting() == 1
    h.comment(make, asker, asked, body=f"Encore {at(make, nadia)} ?")
    assert waiting() == 1
    with transaction():
        forget(nadia.id)
    assert waiting() == 0
