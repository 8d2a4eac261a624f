"""Copies of the letters that a member got, and how they are forgotten."""

from __future__ import annotations

from sqlalchemy import delete, or_, select

from incubator.kernel.db import db
from incubator.kernel.personal import Part, PersonalData
from incubator.network.accounts.models import Account
from incubator.reactions.mail.models import MailCopy

personal_data = PersonalData({"letters-sent": Part(MailCopy, (MailCopy.member_id,))})


def forget(member_id: int) -> None:
    """No copy of what they were written stays."""
    address = select(Account.email).where(Account.id == member_id).scalar_subquery()
    theirs = or_(MailCopy.member_id == member_id, MailCopy.email == address)
    db.session.execute(delete(MailCopy).where(theirs))
