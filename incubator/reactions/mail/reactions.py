"""Which events make a letter, to whom, and with what."""

from __future__ import annotations

from sqlalchemy import select

from incubator.kernel.db import db
from incubator.kernel.events import joins
from incubator.network.accounts.events import (
    EmailChanged,
    LinkAsked,
    MemberInvited,
    PasswordChanged,
)
from incubator.network.accounts.models import Account, Invitation
from incubator.network.members.events import (
    FirmRequestDecided,
    FirmRequested,
    SkillProposalDecided,
)
from incubator.network.members.models import Member
from incubator.network.sites.models import Site
from incubator.reactions.mail import firms, skills
from incubator.reactions.mail.writing import post, write
from incubator.reactions.notifications.telling import About


def subscribe() -> None:
    """Hear what must be told by mail."""
    joins(LinkAsked, on_link)
    joins(MemberInvited, on_invitation)
    joins(PasswordChanged, on_password)
    joins(EmailChanged, on_email)
    joins(FirmRequested, firms.on_request)
    joins(FirmRequestDecided, firms.on_decision)
    joins(SkillProposalDecided, skills.on_decision)


def on_link(event: LinkAsked) -> None:
    """A link to a new password, or to confirm an address."""
    name = db.session.get_one(Member, event.member_id).name
    values = {"name": name, "token": event.token, "new_email": event.new_email}
    post(event.purpose, to=event.email, language=event.language, values=values)


def on_invitation(event: MemberInvited) -> None:
    """An invitation by mail; one without an address is handed over by its giver."""
    if event.email is None:
        return
    row = db.session.get_one(Invitation, event.invitation_id)
    giver = db.session.get_one(Member, row.invited_by_id)
    site = db.session.get(Site, row.site_id) if row.site_id else None
    values = {
        "token": event.token,
        "giver": giver.name,
        "site": site.name if site else None,
        "role": event.role,
        "starts_on": row.starts_on.isoformat() if row.starts_on else None,
    }
    post("invitation", to=event.email, language=event.language, values=values)


def on_password(event: PasswordChanged) -> None:
    """A word to the owner of an account whose password changed: it may not have been they."""
    account, values = _owner(event.member_id)
    about = About("account", 0, "password_changed")
    write("account", "password_changed", [account], values=values, about=about)


def on_email(event: EmailChanged) -> None:
    """The same for an address, to the one that was left."""
    account, values = _owner(event.member_id)
    post("email_changed", to=event.old_email, language=account.language, values=values)


def _owner(member_id: int) -> tuple[Account, dict[str, str]]:
    account = db.session.scalars(select(Account).where(Account.id == member_id)).one()
    return account, {"name": db.session.get_one(Member, member_id).name}
