"""A step of the loader: what is said around questions and answers, and what became of some."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from incubator.demo.comments import COMMENTS, Said
from incubator.demo.content import email_of
from incubator.demo.stage import key_of, luck
from incubator.domain.help import bumps, commands, discussing, drafts, resolving, voting
from incubator.domain.help.care import locking
from incubator.domain.help.rules import Wish
from incubator.domain.help.typed import Typed
from incubator.kernel.db import as_of

if TYPE_CHECKING:
    from incubator.demo.stage import Stage


# Threads with a second answer that helped too.
ALSO: Final = (("contrat-new-york", 1), ("sirop-vers-france", 0))
HOURS_AGO: Final = 20
MOST_VOTES: Final = 6


def discuss(stage: Stage) -> str:
    """What is said around the threads, as of long ago: it is in nobody's letters."""
    with bumps.without_letters():
        return _discuss(stage)


def _discuss(stage: Stage) -> str:
    """Comment, vote, edit, lock, begin; ask one question without a name and one twice."""
    for place, said in enumerate(COMMENTS):
        _comment(stage, said, hours_ago=HOURS_AGO - 2 * place)
    votes = sum(_vote(stage, key) for key in sorted(stage.answers) if key.endswith("/0"))
    for thread, place in ALSO:
        _accept_too(stage, thread, place)
    _ask_unnamed(stage)
    _ask_twice(stage)
    _edit_and_lock(stage)
    _begin(stage)
    return f"{len(COMMENTS)} comments, {votes} votes"


def _comment(stage: Stage, said: Said, *, hours_ago: int) -> None:
    with as_of(at := stage.now - timedelta(hours=hours_ago)):
        discussing.comment(
            stage.actors[email_of(said.author)],
            stage.questions[said.thread],
            body=said.body,
            once=key_of("comment", said.thread, said.author, said.body),
            answer_id=None
            if said.answer is None
            else stage.answers[f"{said.thread}/{said.answer}"],
            now=at,
        )


def _vote(stage: Stage, key: str) -> int:
    """Some find an answer useful; how many."""
    chance = luck("votes", key)
    thread = next(t for t in stage.content.threads if key.startswith(f"{t.slug}/"))
    voters = [
        email
        for email, actor in sorted(stage.actors.items())
        if not actor.is_guest and email != thread.answers[0].author
    ]
    at = stage.now - timedelta(hours=1)
    chosen = chance.sample(voters, chance.randint(1, MOST_VOTES))
    for email in chosen:
        with as_of(at):
            voting.vote_answer(stage.actors[email], stage.answers[key], given=True, now=at)
    return len(chosen)


def _accept_too(stage: Stage, thread: str, place: int) -> None:
    asker = next(each.author for each in stage.content.threads if each.slug == thread)
    with as_of(at := stage.now - timedelta(hours=2)):
        resolving.accept(stage.actors[asker], stage.answers[f"{thread}/{place}"], now=at)


def _ask_unnamed(stage: Stage) -> None:
    """The site of Lyon lets its members ask without their name; somebody does."""
    with as_of(at := stage.now - timedelta(hours=6)):
        asked = commands.ask(
            stage.actors[email_of("camille.dervaux")],
            title="Préparer un entretien avec ma banque sans y aller la boule au ventre",
            body="Mon découvert est au plafond et le rendez-vous approche. Que montrer d’abord : "
            "le carnet de commandes, ou ce que je dois ?",
            skill_ids=[stage.skills["tresorerie"]],
            once=key_of("thread", "entretien-banque"),
            wish=Wish(needed_on=_in_days(stage, 6), minutes=60, anonymous=True),
            now=at,
        )
    stage.questions["entretien-banque"] = asked.id


def _in_days(stage: Stage, days: int) -> date:
    return (stage.now + timedelta(days=days)).date()


def _ask_twice(stage: Stage) -> None:
    """A question that had been asked before leads to the earlier thread."""
    asker, at = stage.actors[email_of("antoine.guichard")], stage.now - timedelta(hours=5)
    with as_of(at):
        asked = commands.ask(
            asker,
            title="Facturer par voie électronique quand on est artisan : par où commencer ?",
            body="Je n’avais pas vu que j’avais déjà demandé la même chose au printemps.",
            skill_ids=[stage.skills["facturation"]],
            once=key_of("thread", "facture-deux-fois"),
            now=at,
        )
        first = stage.questions["facture-electronique-artisan"]
        resolving.repeats(asker, asked.id, original_id=first, now=at)


def _edit_and_lock(stage: Stage) -> None:
    """An answer says it better, and a thread on which all is said takes no more answers."""
    answer = next(t for t in stage.content.threads if t.slug == "bail-serrure").answers[0]
    with as_of(stage.now - timedelta(hours=4)):
        commands.edit_answer(
            stage.actors[answer.author],
            stage.answers["bail-serrure/0"],
            body=f"{answer.body}\n\nEt gardez la facture du serrurier : elle vaut preuve.",
            revision=0,
            now=stage.now - timedelta(hours=4),
        )
    asker = next(t for t in stage.content.threads if t.slug == "essai-prudhommes")
    boss = stage.manager_of(asker.site, other_than=asker.author)
    with as_of(stage.now - timedelta(hours=3)):
        locking.lock(
            boss,
            stage.questions["essai-prudhommes"],
            reason="L’affaire est devant les prud’hommes : la suite se dit de vive voix.",
            now=stage.now - timedelta(hours=3),
        )


def _begin(stage: Stage) -> None:
    """What Camille has begun to answer, and left for later."""
    drafts.save(
        stage.actors[email_of("camille.dervaux")],
        Typed(
            kind="answer",
            body="Pour mon miel, j’ai mis la date à côté du lot, et",
            once=key_of("draft", "etiquette-verveine"),
            question_id=stage.questions["etiquette-verveine"],
        ),
        now=stage.now - timedelta(hours=2),
    )
