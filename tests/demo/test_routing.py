"""Forty questions in the demo network: whoever can answer is among the first three told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.demo.content import email_of
from incubator.domain.help import commands
from incubator.domain.help.routing.models import HelpRequest
from incubator.domain.help.routing.ranking import ranked
from incubator.domain.help.rules import Wish
from incubator.domain.help.similar import similar
from incubator.domain.help.skills_told import proposed
from incubator.kernel.db import as_of, db, transaction
from incubator.network.accounts.queries import account_by_email, actor_of
from incubator.network.members.models import Member, Skill
from tests.demo.loaded import NOW
from tests.demo.routing_cases import CASES, Case

if TYPE_CHECKING:
    from flask import Flask

TOLD_FIRST = 3
# Of forty, so many may find no word of the vocabulary in what is asked.
ALLOWED = 12


class Undone(Exception):
    """Takes the question back."""


def told(case: Case) -> list[str]:
    """The addresses of those whom the question of a case is brought to, in order."""
    account = account_by_email(email_of(case.asker))
    assert account is not None
    asker = actor_of(account)
    order: list[str] = []
    with pytest.raises(Undone), transaction(), as_of(NOW):
        skill_ids = db.session.scalars(select(Skill.id).where(Skill.slug.in_(case.skills))).all()
        assert len(skill_ids) == len(case.skills)
        # Nobody rests because of what the demo asked of them before.
        db.session.query(HelpRequest).delete()
        question = commands.ask(
            asker,
            title=case.title,
            body=case.body,
            skill_ids=skill_ids,
            once=f"routing-{CASES.index(case)}",
            now=NOW,
            wish=Wish(language=case.language),
        )
        asked = set(db.session.scalars(select(HelpRequest.member_id)))
        db.session.query(HelpRequest).delete()
        ids = [each.person.id for each in ranked(question, asker, now=NOW)]
        # The wave that was told is the beginning of the ranking.
        assert asked == set(ids[:5])
        slugs = dict(db.session.execute(select(Member.id, Member.slug)).all())
        order = [slugs[each] for each in ids]
        raise Undone
    return order


def test_there_are_forty_questions_of_many_askers_in_two_languages() -> None:
    assert len(CASES) == 40
    assert len({case.asker for case in CASES}) >= 35
    assert {case.language for case in CASES} == {"fr", "en"}
    assert len({slug for case in CASES for slug in case.skills}) >= 35


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_who_can_answer_is_among_the_first_three_told(inside: Flask, case: Case) -> None:
    del inside
    first = told(case)[:TOLD_FIRST]
    hoped = {each.replace(".", "-") for each in case.hoped}
    assert hoped & set(first), first


def test_most_questions_are_proposed_a_skill_that_their_askers_tick(inside: Flask) -> None:
    del inside
    missed = []
    for case in CASES:
        account = account_by_email(email_of(case.asker))
        assert account
        near = [each.id for each in similar(actor_of(account), case.title)]
        found = proposed(case.title, case.body, language=case.language, like=near)
        if not {term.slug for term in found} & set(case.skills):
            missed.append(case.title)
    assert len(missed) <= ALLOWED, missed
