"""A step of the loader: thanks, time that was counted, practice sheets, figures of the months."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import select

from incubator.demo.content import email_of
from incubator.demo.stage import luck
from incubator.domain.help import bumps
from incubator.domain.help.learning import counting, measuring, sheets, thanks
from incubator.domain.help.models import Acceptance, Answer, Question
from incubator.kernel.db import as_of, db

if TYPE_CHECKING:
    from incubator.demo.stage import Stage

GRATEFUL: Final = 0.7
COUNTED: Final = 0.4
AFTER: Final = timedelta(minutes=40)
MADE: Final = timedelta(hours=20)
WORDS: Final = (
    "",
    "",
    "Deux phrases de vous et trois soirées de gagnées.",
    "J’ai appelé comme vous disiez : réglé en dix minutes.",
    "Je vous dois un café, et un grand.",
    "Clair, précis, gentil. Merci.",
)
MINUTES: Final = (30, 45, 45, 60, 90)
Solved = tuple[Question, int, Acceptance]


class Lesson(NamedTuple):
    """A sheet: the thread it is made of, who makes it, its title and text."""

    thread: str
    author: str
    title: str
    body: str


LESSONS: Final = (
    Lesson(
        "facture-electronique-artisan",
        "assia.rahmani",
        "Facture électronique à deux : commencer sans douleur",
        "1. **Faire la liste** des clients professionnels : eux seuls sont concernés d’abord.\n"
        "2. Choisir une plateforme *avant* un logiciel : c’est elle qui transmet.\n"
        "3. Émettre **une seule** facture d’essai, au client le plus patient.\n"
        "4. Garder l’ancien modèle un trimestre, pour comparer.\n\n"
        "> À deux, une heure par semaine suffit : bloquez-la, toujours le même jour.",
    ),
    Lesson(
        "recouvrement-association",
        "ines.belkacem",
        "Se faire payer par une association sans la perdre",
        "- Demander **qui signe les chèques** avant de relancer : c’est rarement la personne du "
        "devis.\n"
        "- Proposer un échéancier écrit, en deux ou trois dates.\n"
        "- Relancer par téléphone, puis confirmer par écrit le jour même.\n"
        "- La mise en demeure reste possible : elle ne fâche que si elle surprend.",
    ),
)


# How the first sheet was bettered by its maker, then by who runs the site: hours ago, old, new.
BETTER: Final = (
    (5, "assia.rahmani", "l’ancien modèle un trimestre", "l’ancien modèle **un trimestre**"),
    (
        2,
        "sophie.lambert",
        "au client le plus patient.",
        "au client le plus patient, et l’appeler pour savoir comment elle est arrivée.",
    ),
)


def learn(stage: Stage) -> str:
    """What became of solved threads, as of long ago: it is in nobody's letters."""
    with bumps.without_letters():
        told = [_thank_and_count(stage, found) for found in _solved()]
        for lesson in LESSONS:
            _teach(stage, lesson)
        _better(stage, LESSONS[0])
    for month in measuring.due_months(stage.now):
        measuring.measure(month, now=stage.now)
    return f"{sum(told)} answers thanked for, {len(LESSONS)} practice sheets"


def _solved() -> list[Solved]:
    rows = db.session.execute(
        select(Question, Answer.id, Acceptance)
        .join(Acceptance, Acceptance.question_id == Question.id)
        .join(Answer, Answer.id == Acceptance.answer_id)
        .where(Answer.author_id != Question.author_id, ~Question.anonymous)
        .order_by(Acceptance.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _thank_and_count(stage: Stage, found: Solved) -> bool:
    asked, answer_id, said = found
    people = {actor.id: actor for actor in stage.actors.values()}
    asker, dice = people[asked.author_id], luck("thanks", str(answer_id))
    at = stage.not_later(said.accepted_at + AFTER)
    if dice.random() > GRATEFUL:
        return False
    with as_of(at):
        thanks.thank(asker, answer_id, words=dice.choice(WORDS), now=at)
    if dice.random() < COUNTED:
        helper = people[counting.helper_of(asker, answer_id)[1].helper_id]
        minutes = dice.choice(MINUTES)
        # Hours are numbered in the order in which they were told: these are the latest.
        for who in (helper, asker):
            counting.count(who, answer_id, minutes=minutes, now=stage.now)
    return True


def _teach(stage: Stage, lesson: Lesson) -> None:
    maker, at = stage.actors[email_of(lesson.author)], stage.now - MADE
    with as_of(at):
        question_id = stage.questions[lesson.thread]
        sheets.make(maker, question_id, title=lesson.title, body=lesson.body, now=at)


def _better(stage: Stage, lesson: Lesson) -> None:
    """Write a sheet anew, twice: each text before is kept."""
    body = lesson.body
    for revision, (hours_ago, editor, old, new) in enumerate(BETTER):
        body = body.replace(old, new)
        with as_of(at := stage.now - timedelta(hours=hours_ago)):
            sheets.edit(
                stage.actors[email_of(editor)],
                stage.questions[lesson.thread],
                title=lesson.title,
                body=body,
                revision=revision,
                now=at,
            )
