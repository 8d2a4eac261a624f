"""Why somebody is asked, with the names of skills in a language: what pages and letters say."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from incubator.network.members.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.domain.help.routing.rules import Reason
    from incubator.network.members.vocabulary import Vocabulary


class Told(NamedTuple):
    """A reason: its ``code``, the skill by name, its level (1 to 3), how often it helped.

    ``asked`` is the skill that the question asks for, when it is a neighbour of theirs.
    """

    code: str
    skill: str = ""
    level: int = 0
    times: int = 0
    asked: str = ""


def told(reasons: Sequence[Reason], language: str) -> list[Told]:
    """The same reasons in «fr» or «en»; a term that was merged has the name of the kept one."""
    return all_told([reasons], language)[0]


def all_told(several: Sequence[Sequence[Reason]], language: str) -> list[list[Told]]:
    """The reasons of several requests at once: the vocabulary is read once, if at all."""
    if not any("skill" in reason for reasons in several for reason in reasons):
        return [[Told(reason["code"]) for reason in reasons] for reasons in several]
    known = vocabulary(language)
    return [[_told(reason, known) for reason in reasons] for reasons in several]


def _told(reason: Reason, known: Vocabulary) -> Told:
    return Told(
        code=reason["code"],
        skill=_name(reason.get("skill", 0), known),
        level=reason.get("level", 0),
        times=reason.get("times", 0),
        asked=_name(reason.get("asked", 0), known),
    )


def _name(skill_id: int, known: Vocabulary) -> str:
    term = known.terms.get(known.merged.get(skill_id, skill_id))
    return term.name if term else ""
