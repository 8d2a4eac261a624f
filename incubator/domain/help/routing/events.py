"""What happened while a question was routed."""

from __future__ import annotations

from dataclasses import dataclass, field

from incubator.kernel.events import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class HelpersAsked(Event):
    """``how_many`` members were asked to help with a question; who is theirs to tell."""

    question_id: int
    step: int
    how_many: int
    member_ids: tuple[int, ...] = field(metadata={"secret": True})


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestSettled(Event):
    """What a member was asked is no longer asked of them; ``how`` is the state it has now."""

    question_id: int
    member_id: int
    how: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestTold(Event):
    """The letter of a request is due: what it holds is read when it is written."""

    question_id: int
    member_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestsLimited(Event):
    """A member chose how often they want to be asked, or to pause."""

    member_id: int
