"""Exact copies of what was sent, kept for a while: they also keep a letter from going twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, select, update

from incubator.kernel.db import db, end_read, insert_once, transaction, utcnow
from incubator.kernel.schedule import hourly
from incubator.reactions.mail.letters import compose
from incubator.reactions.mail.models import MailCopy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from incubator.kernel.settings import Settings
    from incubator.reactions.mail.letters import Letter

KEPT: Final = timedelta(days=90)
HIDDEN: Final = "…"


@dataclass(frozen=True)
class Copy:
    """A letter on its way, and the secrets that no copy may hold."""

    letter: Letter
    payload: Mapping[str, Any]
    secrets: Iterable[str]
    settings: Settings

    def keep(self, state: str) -> None:
        """Note where it stands, in a transaction of its own."""
        masked = _masked(self.letter, self.secrets)
        message = compose(masked, self.settings)
        with transaction():
            kept = insert_once(
                MailCopy,
                id=self.letter.id,
                member_id=self.payload.get("member_id"),
                email=self.letter.to,
                kind=str(self.payload["kind"]),
                subject=str(message["Subject"])[:300],
                state=state,
                at=utcnow(),
                message=message.as_string(),
            )
            if not kept:
                here = MailCopy.id == self.letter.id
                db.session.execute(update(MailCopy).where(here).values(state=state))

    def drop(self) -> None:
        """The server did not take it: it is tried again."""
        with transaction():
            db.session.execute(delete(MailCopy).where(MailCopy.id == self.letter.id))


def _masked(letter: Letter, secrets: Iterable[str]) -> Letter:
    plain, rich, ending = letter.plain, letter.rich, letter.ending
    for each in filter(None, secrets):
        plain, rich = plain.replace(each, HIDDEN), rich.replace(each, HIDDEN)
        ending = ending.replace(each, "hidden")
    return replace(letter, plain=plain, rich=rich, ending=ending)


def settled(letter_id: str) -> bool:
    """Whether a letter has left, or may have: then it does not go again."""
    state = db.session.scalar(select(MailCopy.state).where(MailCopy.id == letter_id))
    end_read()
    if state == "handing":
        with transaction():
            here = MailCopy.id == letter_id
            db.session.execute(update(MailCopy).where(here).values(state="unsure"))
    return state is not None


@hourly("mail.forget")
def forget_old(payload: Mapping[str, Any]) -> None:
    """Copies go after 90 days."""
    del payload
    with transaction():
        db.session.execute(delete(MailCopy).where(MailCopy.at < utcnow() - KEPT))
