"""Writing a letter: a job in the transaction of what causes it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from incubator.kernel.jobs import later
from incubator.reactions.mail.deliver import DELIVER

if TYPE_CHECKING:
    from collections.abc import Mapping


def post(kind: str, *, to: str, language: str, values: Mapping[str, object]) -> None:
    """Write the job of a letter; ``kind`` names its templates in templates/mail/."""
    letter = {"id": uuid4().hex, "kind": kind, "to": to, "language": language}
    later(DELIVER, {**letter, "values": dict(values)})
