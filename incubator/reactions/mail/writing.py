"""Writing a letter: a job in the transaction of what causes it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from incubator.kernel.db import utcnow
from incubator.kernel.jobs import later, later_all
from incubator.network.letters.delivery import dues
from incubator.reactions.mail.deliver import DELIVER
from incubator.reactions.notifications.telling import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from incubator.network.accounts.models import Account
    from incubator.reactions.notifications.telling import About

    Values = Mapping[str, object]


def write(
    sort: str,
    kind: str,
    readers: Iterable[Account],
    *,
    values: Values | Callable[[Account], Values],
    about: About,
) -> None:
    """Tell members of a subject, in the product and by letter: a ``sort`` of network/letters.

    Who does not want letters of it, or has muted the subject, gets none; ``values`` may differ by
    reader.
    """
    known = {reader.id: reader for reader in readers}
    heard = tell(sort, known, about)
    write_only(sort, kind, [known[each] for each in sorted(heard)], values=values)


def write_only(
    sort: str,
    kind: str,
    readers: Iterable[Account],
    *,
    values: Values | Callable[[Account], Values],
) -> None:
    """A letter from its templates about what stands in the product already.

    Who does not want it gets none; it goes when their quiet hours allow.
    """
    known = {reader.id: reader for reader in readers}
    letters = []
    for member_id, due in sorted(dues(sort, known.keys(), at=utcnow()).items()):
        reader = known[member_id]
        told = values(reader) if callable(values) else values
        letter = _letter(kind, told, to=reader.email, language=reader.language)
        letters.append((letter | {"member_id": member_id, "sort": sort}, due))
    later_all(DELIVER, letters)


def post(kind: str, *, to: str, language: str, values: Values) -> None:
    """Write to an address, at once: what belongs to an account, or goes to no member."""
    later(DELIVER, _letter(kind, values, to=to, language=language))


def _letter(kind: str, values: Values, *, to: str, language: str) -> dict[str, object]:
    """The payload of a letter; ``kind`` names its templates in templates/mail/."""
    told = {"to": to, "language": language, "values": dict(values)}
    return {"id": uuid4().hex, "kind": kind, **told}
