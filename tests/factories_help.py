"""Skills, questions and answers for tests, made by the commands that pages call."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from incubator.domain.help import bump_letters, commands, discussing, drafts, resolving, voting
from incubator.domain.help.events import ThreadNews
from incubator.domain.help.models import Answer
from incubator.domain.help.typed import Typed
from incubator.kernel import events
from incubator.kernel.db import db, transaction
from incubator.kernel.text import slugify
from incubator.network.members.models import MemberSkill, Skill, key_of
from tests.conftest import NOW

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from incubator.domain.help.models import Question
    from incubator.domain.help.post_models import Comment, Draft
    from incubator.network.accounts.models import Account
    from tests.factories import Make


def skill(make: Make, name: str = "Comptabilité", *, offered_by: tuple[Account, ...] = ()) -> Skill:
    """A term of the vocabulary, offered by some members; a second of a name gets a number."""
    number = next(make.numbers)
    with transaction():
        if db.session.scalar(select(Skill.id).where(Skill.key_fr == key_of(name))):
            name = f"{name} {number}"
        term = Skill(slug=f"{slugify(name)}-{number}", name_fr=name, name_en=name)
        db.session.add(term)
        db.session.flush()
        for member in offered_by:
            db.session.add(MemberSkill(member_id=member.id, skill_id=term.id, wanted=False))
    return term


def question(make: Make, asker: Account, *skills: Skill, **more: Any) -> Question:
    """A question about some skills, or about a new one."""
    chosen = skills or (skill(make),)
    title = more.pop("title", "Comment relancer un client sans le perdre")
    now = more.pop("now", make.now)
    with transaction():
        return commands.ask(
            make.actor(asker),
            title=title,
            body=more.pop("body", "Trois factures en retard, un **bon** client."),
            skill_ids=[each.id for each in chosen],
            once=more.pop("once", uuid.uuid4().hex),
            now=now,
            **more,
        )


def answer(make: Make, helper: Account, asked: Question, **more: Any) -> Answer:
    """An answer to a question."""
    with transaction():
        return commands.answer(
            make.actor(helper),
            asked.id,
            body=more.get("body", "Appelez-le, puis écrivez ce que vous avez convenu."),
            once=more.get("once", uuid.uuid4().hex),
            now=more.get("now", make.now),
        )


def accept(make: Make, who: Account, given: Answer) -> None:
    """The acceptance of an answer."""
    with transaction():
        resolving.accept(make.actor(who), given.id, now=make.now)


def comment(make: Make, who: Account, asked: Question, **more: Any) -> Comment:
    """A comment on a question, or on an answer by ``answer_id``."""
    with transaction():
        return discussing.comment(
            make.actor(who),
            asked.id,
            body=more.pop("body", "Merci, et pour une **association** ?"),
            once=more.pop("once", uuid.uuid4().hex),
            now=more.pop("now", make.now),
            **more,
        )


def news_told(patch: pytest.MonkeyPatch) -> list[ThreadNews]:
    """What is told of threads, as it is told; letters hear it too."""
    told: list[ThreadNews] = []
    joining = events._joining  # noqa: SLF001 - as the tests of the commands do
    patch.setitem(joining, ThreadNews, joining[ThreadNews] | {"test": told.extend})
    return told


def letters_due(question: Question, *, now: datetime = NOW + timedelta(minutes=10)) -> None:
    """The letters of a thread that are due, a little later unless it is said when."""
    with transaction():
        bump_letters.write_due(question.id, now=now)


def vote(make: Make, who: Account, post: Question | Answer, *, given: bool = True) -> int:
    """«Useful» of an answer, «me too» of a question; how many there are."""
    with transaction():
        say = voting.vote_answer if isinstance(post, Answer) else voting.vote
        return say(make.actor(who), post.id, given=given, now=make.now)


def repeats(make: Make, who: Account, asked: Question, original: Question) -> None:
    """A question that repeats another."""
    with transaction():
        resolving.repeats(make.actor(who), asked.id, original_id=original.id, now=make.now)


def drafted(make: Make, who: Account, body: str, **more: Any) -> Draft:
    """What somebody has begun to write: a question unless ``more`` says what else."""
    words = {"kind": "question", "once": uuid.uuid4().hex, "body": body, **more}
    with transaction():
        kept = drafts.save(make.actor(who), Typed(**words), now=make.now)
    assert kept
    return kept
