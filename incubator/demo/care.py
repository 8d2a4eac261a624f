"""A step of the loader: what members reported in the threads, and what managers did about it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from incubator.demo.content import email_of
from incubator.demo.stage import key_of
from incubator.domain.help import bumps, discussing
from incubator.domain.help.care import deciding, hiding, pinning, records, reporting
from incubator.domain.help.models import Question
from incubator.kernel.db import as_of, db

if TYPE_CHECKING:
    from incubator.demo.stage import Stage

THREAD: Final = "transporteur-lyon-lille"
UNKIND: Final = "Franchement, apprends à lire avant de répondre."
PRIVATE: Final = "Le code de la cour est le 4471, passez quand vous voulez."


def take_care(stage: Stage) -> str:
    """One report waits, one text was hidden, one closed without more; a thread is pinned."""
    asked = f"question-{stage.questions[THREAD]}"
    with bumps.without_letters():
        unkind = _say(stage, "rachid.ouali", UNKIND)
        private = _say(stage, "guillaume.roy", PRIVATE)
    for post, who, reason, words in (
        (unkind, "paul-henri.vasseur", "unkind", "Le ton me gêne."),
        (private, "ines.belkacem", "private", "Un code d’immeuble."),
        (asked, "mathilde.joly", "misplaced", ""),
    ):
        _report(stage, post, who, reason=reason, words=words)
    _decide(stage, private)
    return "3 reports, 1 text hidden, 1 thread pinned"


def _say(stage: Stage, author: str, words: str) -> str:
    with as_of(at := stage.now - timedelta(hours=9)):
        said = discussing.comment(
            stage.actors[email_of(author)],
            stage.questions[THREAD],
            body=words,
            once=key_of("comment", THREAD, author, words),
            now=at,
        )
    return f"comment-{said.id}"


def _report(stage: Stage, post: str, who: str, *, reason: str, words: str) -> None:
    reporter = stage.actors[email_of(who)]
    with as_of(at := stage.now - timedelta(hours=3)):
        reporting.report(reporter, post, reason=reason, words=words, now=at)


def _decide(stage: Stage, private: str) -> None:
    """The manager of Lyon hides one text, lets the question be and pins it for two weeks."""
    boss, question_id = stage.manager_of("lyon", other_than=""), stage.questions[THREAD]
    case = records.find_case(db.session.get_one(Question, question_id))
    with as_of(at := stage.now - timedelta(hours=1)):
        hiding.hide(boss, private, reason="Un code d’immeuble n’a pas sa place ici.", now=at)
        if case:
            note = "La question est bien à sa place."
            deciding.decide(boss, case.id, act="dismiss", note=note, seen=None, now=at)
        pinning.pin(
            boss,
            question_id,
            site_id=boss.home_site_id,
            until=stage.now.date() + timedelta(days=14),
            today=stage.now.date(),
            now=at,
        )
