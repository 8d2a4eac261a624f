"""Rules on messages to many: pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.kernel.errors import Refusal
from incubator.kernel.text import one_line

if TYPE_CHECKING:
    from collections.abc import Collection

SUBJECT_MOST = 120
BODY_MOST = 5000
MOST_RECIPIENTS = 2000
A_DAY = 86_400
MOST_A_DAY = 10


def clean(text: str, field: str, most: int) -> str:
    """The text without spaces around it; refuse an empty or too long one."""
    trimmed = text.strip()
    if not trimmed:
        raise Refusal("mailings.empty", field=field)
    if len(trimmed) > most:
        raise Refusal("mailings.too_long", field=field, most=most)
    return trimmed


def clean_subject(text: str) -> str:
    """A subject on one line."""
    return clean(one_line(text), "subject", SUBJECT_MOST)


def check_recipients(member_ids: Collection[int]) -> None:
    """Refuse a message to nobody or to too many."""
    if not member_ids:
        raise Refusal("mailings.nobody")
    if len(member_ids) > MOST_RECIPIENTS:
        raise Refusal("mailings.too_many", most=MOST_RECIPIENTS)
