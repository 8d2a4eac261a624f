"""What clients may send: whole numbers, texts, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incubator.edge.numbers import natural
from incubator.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

BIGGEST = 2**53
MOST_ROOMS = 200
DIGITS = 15


def number(payload: Mapping[str, Any], key: str) -> int:
    """A whole number from 0 to 2⁵³; raise Refusal ``live.bad_payload``."""
    value = payload.get(key)
    if type(value) is not int or not 0 <= value <= BIGGEST:
        raise Refusal("live.bad_payload")
    return value


def number_or_none(payload: Mapping[str, Any], key: str) -> int | None:
    """The same, or None when it is absent."""
    return number(payload, key) if payload.get(key) is not None else None


def text(payload: Mapping[str, Any], key: str) -> str:
    """A text; raise Refusal ``live.bad_payload``."""
    value = payload.get(key)
    if not isinstance(value, str):
        raise Refusal("live.bad_payload")
    return value


def flag(payload: Mapping[str, Any], key: str) -> bool:
    """True or false; raise Refusal ``live.bad_payload``."""
    value = payload.get(key)
    if type(value) is not bool:
        raise Refusal("live.bad_payload")
    return value


def positions(payload: Mapping[str, Any]) -> dict[int, int]:
    """Room ids and the ``seq`` that a client has of each; raise Refusal ``live.bad_payload``."""
    rooms = payload.get("rooms")
    if not isinstance(rooms, dict) or len(rooms) > MOST_ROOMS:
        raise Refusal("live.bad_payload")
    return {position(room): number(rooms, room) for room in rooms}


def truth(payload: Mapping[str, Any], key: str) -> bool:
    """Yes or no; raise Refusal ``live.bad_payload``."""
    value = payload.get(key)
    if not isinstance(value, bool):
        raise Refusal("live.bad_payload")
    return value


def one_of(payload: Mapping[str, Any], key: str, words: Collection[str]) -> str:
    """One of some words; raise Refusal ``live.bad_payload``."""
    value = text(payload, key)
    if value not in words:
        raise Refusal("live.bad_payload")
    return value


def numbers(payload: Mapping[str, Any], key: str, *, most: int) -> list[int]:
    """At most so many whole numbers; raise Refusal ``live.bad_payload``."""
    values = payload.get(key)
    if not isinstance(values, list) or len(values) > most:
        raise Refusal("live.bad_payload")
    return [number({key: value}, key) for value in values]


def position(key: object) -> int:
    """A room id written as the key of an object; raise Refusal ``live.bad_payload``."""
    found = natural(key, digits=DIGITS) if isinstance(key, str) else None
    if found is None:
        raise Refusal("live.bad_payload")
    return found
