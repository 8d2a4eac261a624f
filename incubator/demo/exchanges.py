"""A step of the loader: questions, their answers, and which one solved them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from incubator.demo.stage import key_of, luck
from incubator.domain.help import bumps, commands, follows, resolving
from incubator.domain.help.routing import waves
from incubator.kernel.db import as_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from incubator.demo.shapes import Answer, Thread
    from incubator.demo.stage import Stage

SEEN_AFTER = timedelta(days=2)
KEPT_MOST = 3
CURIOUS = 0.5
LONGEST_THANKS = 20 * 60  # minutes from an answer to its acceptance


class _Act(NamedTuple):
    """An act in a thread: without an answer the question is asked, else given or accepted."""

    at: datetime
    turn: int
    thread: Thread
    answer: Answer | None
    accepts: bool


def open_threads(stage: Stage) -> str:
    """Let members ask, answer and accept, in the order of the clock."""
    questions, answers = stage.questions, stage.answers
    acts = [act for thread in stage.content.threads for act in _acts(stage, thread)]
    for act in sorted(acts, key=lambda act: act[:2]):
        slug, key = act.thread.slug, _place(act)
        # What happened long ago is in nobody's letters.
        with as_of(act.at), bumps.without_letters():
            if act.answer is None:
                questions[slug] = _ask(stage, act.thread, now=act.at)
            elif act.accepts:
                resolving.accept(stage.actors[act.thread.author], answers[key], now=act.at)
            else:
                answers[key] = _answer(stage, act, act.answer, question_id=questions[slug])
    _widen(stage)
    _follow(stage, questions)
    return f"{len(questions)} questions, {len(answers)} answers"


def _widen(stage: Stage) -> None:
    """Questions that still wait were brought to more people, each at its time."""
    with bumps.without_letters():
        while waiting := waves.due(stage.now):
            for question_id in waiting:
                waves.advance(question_id, now=stage.now)


def _follow(stage: Stage, questions: dict[str, int]) -> None:
    """What everybody saw but of late; some keep threads, and follow skills and other sites."""
    bumps.read_before(stage.now - SEEN_AFTER)
    for key, actor in sorted(stage.actors.items()):
        if actor.is_guest:
            continue
        dice = luck("follow", key)
        for slug in dice.sample(sorted(questions), dice.randint(1, KEPT_MOST)):
            follows.save(actor, questions[slug], now=stage.now)
        if dice.random() < CURIOUS:
            skill = dice.choice(sorted(stage.skills))
            follows.follow_skill(actor, stage.skills[skill], now=stage.now)
            site = dice.choice(sorted(stage.sites))
            follows.follow_site(actor, stage.sites[site], now=stage.now)


def _acts(stage: Stage, thread: Thread) -> Iterator[_Act]:
    yield _Act(thread.when.instant(stage.now), 0, thread, None, accepts=False)
    for place, answer in enumerate(thread.answers, start=1):
        at = answer.when.instant(stage.now)
        yield _Act(at, place, thread, answer, accepts=False)
        if answer.accepted:
            wait = luck("accept", thread.slug).randint(15, LONGEST_THANKS)
            thanked_at = stage.not_later(at + timedelta(minutes=wait))
            yield _Act(thanked_at, len(thread.answers) + 1, thread, answer, accepts=True)


def _place(act: _Act) -> str:
    place = act.thread.answers.index(act.answer) if act.answer else None
    return f"{act.thread.slug}/{place}"


def _key(act: _Act) -> str:
    slug, _slash, place = _place(act).partition("/")
    return key_of("thread", slug, place)


def _ask(stage: Stage, thread: Thread, *, now: datetime) -> int:
    asked = commands.ask(
        stage.actors[thread.author],
        title=thread.title,
        body=thread.body,
        skill_ids=[stage.skills[slug] for slug in thread.skills],
        once=key_of("thread", thread.slug),
        now=now,
    )
    stage.threads[thread.slug] = f"/entraide/{asked.id}-{asked.slug}"
    return asked.id


def _answer(stage: Stage, act: _Act, answer: Answer, *, question_id: int) -> int:
    given = commands.answer(
        stage.actors[answer.author],
        question_id,
        body=answer.body,
        once=_key(act),
        now=act.at,
    )
    return given.id
