"""What members do in the help threads."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from incubator.domain.help import commands, queries, resolving
from incubator.domain.help.events import (
    AnswerAccepted,
    AnswerEdited,
    AnswerGiven,
    AnswerRemoved,
    AnswerUnaccepted,
    HelpEvent,
    QuestionAsked,
    QuestionClosed,
    QuestionEdited,
    QuestionRemoved,
    QuestionReopened,
)
from incubator.domain.help.models import (
    Acceptance,
    Answer,
    Closure,
    Question,
    QuestionSkill,
    Removal,
    Revision,
)
from incubator.kernel import events
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal
from tests import factories_help as h

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from incubator.network.accounts.models import Account
    from tests.factories import Make


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[HelpEvent]]:
    """The help events told in their transactions."""
    seen: list[HelpEvent] = []
    monkeypatch.setitem(events._joining, HelpEvent, {"test": seen.extend})  # noqa: SLF001
    return seen


@pytest.fixture
def asker(make: Make) -> Account:
    return make.member(make.site("Lyon"), name="Camille Dervaux")


@pytest.fixture
def helper(make: Make) -> Account:
    return make.member(make.site("Lille"), name="Paul Vasseur")


def do(command: Callable[..., Any], *args: Any, **more: Any) -> Any:
    with transaction():
        return command(*args, **more)


def fresh(question: Question) -> Question:
    db.session.expire_all()
    return db.session.get_one(Question, question.id)


def count(row: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(row)) or 0


def edited(make: Make, who: Account, asked: Question, **more: Any) -> Question:
    skills = db.session.scalars(
        select(QuestionSkill.skill_id)
        .where(QuestionSkill.question_id == asked.id)
        .order_by(QuestionSkill.position)
    ).all()
    form = {"title": asked.title, "body": asked.body_md, "skill_ids": skills, "revision": 0}
    changed: Question = do(
        commands.edit_question, make.actor(who), asked.id, **{**form, **more}, now=make.now
    )
    return changed


def test_a_question_keeps_what_was_asked(
    make: Make, asker: Account, heard: list[HelpEvent]
) -> None:
    first, second = h.skill(make, "Relance"), h.skill(make, "Droit")
    asked = h.question(make, asker, first, second, body="Une **bonne** cliente")
    assert (asked.state, asked.answer_count, asked.revision) == ("open", 0, 0)
    assert asked.asked_at == asked.last_activity_at == make.now
    assert asked.body_html == "<p>Une <strong>bonne</strong> cliente</p>"
    assert asked.summary == "Une bonne cliente"
    assert (asked.audience, asked.language) == ("network", "fr")
    assert asked.site_id == make.actor(asker).home_site_id
    assert [type(event) for event in heard] == [QuestionAsked]
    assert isinstance(heard[0], QuestionAsked)
    assert heard[0].skill_ids == (first.id, second.id)


def test_the_same_send_asks_once(make: Make, asker: Account, heard: list[HelpEvent]) -> None:
    term = h.skill(make)
    first, second = (h.question(make, asker, term, once="same") for _ in range(2))
    assert first.id == second.id
    assert len(heard) == count(Question) == count(QuestionSkill) == 1


def test_two_people_may_send_the_same_key(make: Make, asker: Account, helper: Account) -> None:
    term = h.skill(make)
    h.question(make, asker, term, once="same")
    h.question(make, helper, term, once="same")
    assert count(Question) == 2


def test_a_send_without_a_key_or_with_a_long_one_is_taken(make: Make, asker: Account) -> None:
    term = h.skill(make)
    for once in ("", "", "k" * 500):
        h.question(make, asker, term, once=once)
    assert count(Question) == 3


def test_a_skill_out_of_the_vocabulary_is_refused(make: Make, asker: Account) -> None:
    term = h.skill(make)
    with transaction(), pytest.raises(Refusal) as caught:
        commands.ask(
            make.actor(asker),
            title="Qui connaît le droit ?",
            body="Moi non.",
            skill_ids=[term.id, 987_654],
            once="a",
            now=make.now,
        )
    assert (caught.value.code, caught.value.field) == ("help.skills_unknown", "skills")
    assert not count(Question)


def test_an_administrator_without_a_site_asks_the_network_only(make: Make) -> None:
    boss = make.member(role="administrator")
    assert h.question(make, boss).site_id is None
    with pytest.raises(Refusal, match=r"help\.audience"):
        h.question(make, boss, audience="site")


def test_guests_neither_ask_nor_answer(make: Make, asker: Account) -> None:
    guest = make.member(make.site("Nantes"), role="guest")
    asked = h.question(make, asker)
    for post in (lambda: h.question(make, guest), lambda: h.answer(make, guest, asked)):
        with pytest.raises(NotAllowed, match=r"help\.guest"):
            post()


def test_an_answer_moves_the_thread_up(
    make: Make, asker: Account, helper: Account, heard: list[HelpEvent]
) -> None:
    asked = h.question(make, asker)
    later = make.now + timedelta(hours=2)
    given = h.answer(make, helper, asked, now=later)
    after = fresh(asked)
    assert (after.answer_count, after.last_activity_at) == (1, later)
    assert after.first_reply_at == later
    assert db.session.scalars(select(QuestionSkill.last_activity_at)).all() == [later]
    assert isinstance(heard[-1], AnswerGiven)
    assert (heard[-1].answer_id, heard[-1].asker_id) == (given.id, asker.id)


def test_the_askers_own_words_are_no_first_reply(make: Make, asker: Account) -> None:
    asked = h.question(make, asker)
    h.answer(make, asker, asked)
    assert fresh(asked).first_reply_at is None


def test_the_past_may_be_told_in_any_order(make: Make, asker: Account, helper: Account) -> None:
    asked = h.question(make, asker, now=make.now - timedelta(days=90))
    h.answer(make, helper, asked, now=make.now - timedelta(days=10))
    h.answer(make, helper, asked, now=make.now - timedelta(days=80))
    after = fresh(asked)
    assert after.last_activity_at == make.now - timedelta(days=10)
    assert after.first_reply_at == make.now - timedelta(days=80)


def test_the_same_send_answers_once(make: Make, asker: Account, heard: list[HelpEvent]) -> None:
    asked = h.question(make, asker)
    first, second = (h.answer(make, asker, asked, once="same") for _ in range(2))
    assert first.id == second.id
    assert (count(Answer), len(heard), fresh(asked).answer_count) == (1, 2, 1)


def test_an_accepted_answer_solves(
    make: Make, asker: Account, helper: Account, heard: list[HelpEvent]
) -> None:
    asked = h.question(make, asker)
    given = h.answer(make, helper, asked)
    h.accept(make, asker, given)
    after = fresh(asked)
    assert (after.state, after.solved_at) == ("solved", make.now)
    assert db.session.scalars(select(QuestionSkill.state)).all() == ["solved"]
    assert isinstance(heard[-1], AnswerAccepted)
    assert heard[-1].helper_id == helper.id


def test_accepting_twice_says_it_once(make: Make, asker: Account, heard: list[HelpEvent]) -> None:
    given = h.answer(make, asker, h.question(make, asker))
    h.accept(make, asker, given)
    h.accept(make, asker, given)
    assert count(Acceptance) == 1
    assert [type(event) for event in heard].count(AnswerAccepted) == 1


def test_several_answers_may_have_solved_it(make: Make, asker: Account, helper: Account) -> None:
    asked = h.question(make, asker)
    first, second = h.answer(make, helper, asked), h.answer(make, asker, asked)
    h.accept(make, asker, second)
    h.accept(make, asker, first)
    assert set(queries.accepted_ids(asked)) == {first.id, second.id}
    do(resolving.unaccept, make.actor(asker), second.id)
    assert (fresh(asked).is_solved, queries.accepted_ids(asked)) == (True, [first.id])


def test_at_most_ten_answers_are_accepted(make: Make, asker: Account, helper: Account) -> None:
    asked = h.question(make, asker)
    given = [h.answer(make, helper, asked) for _ in range(11)]
    for each in given[:10]:
        h.accept(make, asker, each)
    with pytest.raises(Refusal, match=r"help\.accepted_too_many"):
        h.accept(make, asker, given[10])


def test_a_manager_of_the_site_accepts_for_the_asker(make: Make, helper: Account) -> None:
    site = make.site("Lyon")
    asked = h.question(make, make.member(site))
    given = h.answer(make, helper, asked)
    with pytest.raises(NotAllowed, match=r"help\.accept_not_asker"):
        h.accept(make, helper, given)
    with pytest.raises(NotAllowed):
        h.accept(make, make.member(make.site("Nantes"), role="manager"), given)
    h.accept(make, make.member(site, role="manager"), given)
    assert fresh(asked).is_solved


def test_an_acceptance_is_taken_back(
    make: Make, asker: Account, helper: Account, heard: list[HelpEvent]
) -> None:
    asked = h.question(make, asker)
    first, second = h.answer(make, helper, asked), h.answer(make, helper, asked)
    h.accept(make, asker, first)
    do(resolving.unaccept, make.actor(asker), second.id)
    assert fresh(asked).is_solved
    do(resolving.unaccept, make.actor(asker), first.id)
    assert (fresh(asked).state, fresh(asked).solved_at) == ("open", None)
    assert [type(event) for event in heard[-2:]] == [AnswerUnaccepted, QuestionReopened]
    assert isinstance(heard[-2], AnswerUnaccepted)
    assert (heard[-2].answer_id, heard[-2].helper_id) == (first.id, helper.id)
    with pytest.raises(NotAllowed):
        do(resolving.unaccept, make.actor(helper), first.id)


def test_solved_otherwise_is_a_record(
    make: Make, asker: Account, helper: Account, heard: list[HelpEvent]
) -> None:
    asked = h.question(make, asker)
    for _ in range(2):
        do(resolving.close, make.actor(asker), asked.id, how="Au téléphone", now=make.now)
    closure = db.session.scalars(select(Closure)).one()
    assert (closure.how, closure.by_id) == ("Au téléphone", asker.id)
    assert fresh(asked).solved_at == make.now
    assert [type(event) for event in heard] == [QuestionAsked, QuestionClosed]
    do(resolving.reopen, make.actor(asker), asked.id)
    do(resolving.reopen, make.actor(asker), asked.id)
    assert (count(Closure), fresh(asked).state) == (0, "open")
    assert [type(event) for event in heard].count(QuestionReopened) == 1
    for command, more in ((resolving.close, {"how": "x", "now": make.now}), (resolving.reopen, {})):
        with pytest.raises(NotAllowed):
            do(command, make.actor(helper), asked.id, **more)


def test_an_answer_replaces_solved_otherwise_and_not_the_reverse(
    make: Make, asker: Account
) -> None:
    asked = h.question(make, asker)
    do(resolving.close, make.actor(asker), asked.id, how="Au téléphone", now=make.now)
    h.accept(make, asker, h.answer(make, asker, asked))
    assert (count(Closure), count(Acceptance)) == (0, 1)
    with pytest.raises(Refusal, match=r"help\.already_solved"):
        do(resolving.close, make.actor(asker), asked.id, how="Non", now=make.now)
    do(resolving.reopen, make.actor(asker), asked.id)
    assert not count(Acceptance)


def test_an_edit_keeps_the_old_text(make: Make, asker: Account, heard: list[HelpEvent]) -> None:
    asked = h.question(make, asker, now=make.now - timedelta(days=1))
    old = asked.body_md
    changed = edited(make, asker, asked, title="Relancer une cliente fidèle", body="Voici.")
    assert (changed.revision, changed.edited_at, changed.summary) == (1, make.now, "Voici.")
    kept = db.session.scalars(select(Revision)).one()
    assert (kept.body_md, kept.by_id, kept.number) == (old, asker.id, 1)
    assert kept.written_at == make.now - timedelta(days=1)
    assert isinstance(heard[-1], QuestionEdited)


def test_an_edit_that_changes_nothing_leaves_no_trace(
    make: Make, asker: Account, heard: list[HelpEvent]
) -> None:
    asked = h.question(make, asker, h.skill(make), h.skill(make, "Droit"))
    assert edited(make, asker, asked).revision == 0
    assert (count(Revision), len(heard)) == (0, 1)


def test_skills_change_without_a_revision(
    make: Make, asker: Account, heard: list[HelpEvent]
) -> None:
    asked, other = h.question(make, asker), h.skill(make, "Droit")
    edited(make, asker, asked, skill_ids=[other.id])
    assert db.session.scalars(select(QuestionSkill.skill_id)).all() == [other.id]
    assert (count(Revision), type(heard[-1])) == (0, QuestionEdited)


def test_who_edits_from_an_old_text_is_told(make: Make, asker: Account) -> None:
    asked = h.question(make, asker)
    edited(make, asker, asked, body="Première fenêtre")
    with pytest.raises(Conflict, match=r"help\.edited_meanwhile"):
        edited(make, asker, asked, body="Seconde fenêtre")
    assert fresh(asked).body_md == "Première fenêtre"


def test_only_the_author_and_managers_edit(make: Make, helper: Account) -> None:
    site = make.site("Lyon")
    asked = h.question(make, make.member(site))
    given = h.answer(make, helper, asked)
    stranger = make.member(make.site("Dakar"))
    with pytest.raises(NotAllowed, match=r"help\.edit_not_yours"):
        edited(make, stranger, asked, body="Non")
    with pytest.raises(NotAllowed, match=r"help\.edit_not_yours"):
        do(commands.edit_answer, make.actor(stranger), given.id, body="N", revision=0, now=make.now)
    boss = make.member(site, role="manager")
    assert edited(make, boss, asked, body="Oui").body_md == "Oui"


def test_an_edited_answer_keeps_its_old_text(
    make: Make, asker: Account, heard: list[HelpEvent]
) -> None:
    given = h.answer(make, asker, h.question(make, asker), body="Avant")
    for body, revision in (("Avant", 0), ("Après", 0), ("Encore", 1)):
        do(
            commands.edit_answer,
            make.actor(asker),
            given.id,
            body=body,
            revision=revision,
            now=make.now,
        )
    with pytest.raises(Conflict):
        do(commands.edit_answer, make.actor(asker), given.id, body="Tard", revision=1, now=make.now)
    bodies = db.session.scalars(select(Revision.body_md).order_by(Revision.number)).all()
    assert bodies == ["Avant", "Après"]
    assert [type(event) for event in heard].count(AnswerEdited) == 2


def test_a_question_is_removed_by_its_author_while_nobody_answered(
    make: Make, asker: Account, helper: Account, heard: list[HelpEvent]
) -> None:
    asked = h.question(make, asker)
    given = h.answer(make, helper, asked)
    with pytest.raises(NotAllowed, match=r"help\.remove_answered"):
        do(commands.remove_question, make.actor(asker), asked.id, now=make.now)
    do(commands.remove_answer, make.actor(helper), given.id, now=make.now)
    do(commands.remove_question, make.actor(asker), asked.id, reason=" Doublon ", now=make.now)
    assert fresh(asked).state == "removed"
    assert isinstance(heard[-1], QuestionRemoved)
    assert heard[-1].reason == "Doublon"
    assert count(Removal) == 2
    with pytest.raises(NotFound):
        queries.visible_to(make.actor(asker), asked.id)


def test_a_manager_removes_what_has_answers(make: Make, helper: Account) -> None:
    site = make.site("Lyon")
    asked = h.question(make, make.member(site))
    given = h.answer(make, helper, asked)
    boss = make.member(site, role="manager")
    do(commands.remove_question, make.actor(boss), asked.id, now=make.now)
    for late in (
        lambda: h.answer(make, helper, asked),
        lambda: h.accept(make, boss, given),
        lambda: do(resolving.reopen, make.actor(boss), asked.id),
    ):
        with pytest.raises(NotFound, match=r"help\.question"):
            late()


def test_an_accepted_answer_is_removed_by_managers_only_and_reopens(
    make: Make, helper: Account, heard: list[HelpEvent]
) -> None:
    site = make.site("Lyon")
    asker = make.member(site)
    asked = h.question(make, asker)
    given = h.answer(make, helper, asked)
    h.accept(make, asker, given)
    with pytest.raises(NotAllowed, match=r"help\.remove_accepted"):
        do(commands.remove_answer, make.actor(helper), given.id, now=make.now)
    boss = make.member(site, role="manager")
    do(commands.remove_answer, make.actor(boss), given.id, now=make.now)
    after = fresh(asked)
    assert (after.state, after.answer_count, after.first_reply_at) == ("open", 0, None)
    told = [AnswerRemoved, AnswerUnaccepted, QuestionReopened]
    assert [type(event) for event in heard[-3:]] == told
    with pytest.raises(NotFound, match=r"help\.answer"):
        h.accept(make, asker, given)


def test_no_command_opens_a_hidden_thread(make: Make, asker: Account, helper: Account) -> None:
    asked = h.question(make, asker, audience="site")
    given = h.answer(make, asker, asked)
    stranger, now = make.actor(helper), make.now
    for act in (
        lambda: commands.answer(stranger, asked.id, body="x", once="", now=now),
        lambda: resolving.accept(stranger, given.id, now=now),
        lambda: resolving.unaccept(stranger, given.id),
        lambda: resolving.close(stranger, asked.id, how="x", now=now),
        lambda: resolving.reopen(stranger, asked.id),
        lambda: commands.remove_question(stranger, asked.id, now=now),
        lambda: commands.remove_answer(stranger, given.id, now=now),
        lambda: commands.edit_answer(stranger, given.id, body="x", revision=0, now=now),
    ):
        with pytest.raises(NotFound):
            do(act)
    with pytest.raises(NotFound, match=r"help\.answer"):
        do(resolving.accept, stranger, 987_654, now=now)
