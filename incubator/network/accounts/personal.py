"""What is kept of a member's account, and how it is forgotten. Secrets are never given out."""

from __future__ import annotations

from sqlalchemy import delete, func, update

from incubator.kernel.db import db, utcnow
from incubator.kernel.personal import Part, PersonalData
from incubator.network.accounts.models import Account, Grant, Invitation, OneTimeLink, Session

personal_data = PersonalData(
    {
        "account": Part(Account, (Account.id,), secret=("password_hash", "rights_version")),
        "roles": Part(Grant, (Grant.account_id,)),
        "devices": Part(Session, (Session.account_id,), secret=("token_hash",)),
        "links": Part(OneTimeLink, (OneTimeLink.account_id,), secret=("token_hash", "data")),
        "invitations": Part(
            Invitation,
            (Invitation.invited_by_id, Invitation.used_by_id),
            secret=("token_hash", "once"),
        ),
    }
)


def forget(member_id: int) -> None:
    """Take away address, password, devices and links; nobody comes in by this account again."""
    account = db.session.get(Account, member_id, with_for_update=True)
    if account is None:
        return
    _take_back_invitations(account.email)
    # No mail reaches it, and no two are alike.
    account.email, account.password_hash = _nowhere(member_id), None
    db.session.flush()
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.account_id == member_id))
    db.session.execute(delete(Session).where(Session.account_id == member_id))
    used = Invitation.used_by_id == member_id
    db.session.execute(update(Invitation).where(used).values(email=None))


def is_forgotten(account: Account) -> bool:
    """Whether the person of an account was forgotten."""
    return account.email == _nowhere(account.id)


def _nowhere(member_id: int) -> str:
    return f"erased-{member_id}@invalid"


def _take_back_invitations(email: str) -> None:
    """Those that were sent to this address and not used: without it, anybody could use them."""
    sent = (Invitation.email == email, Invitation.used_at.is_(None))
    over = func.coalesce(Invitation.revoked_at, utcnow())
    db.session.execute(update(Invitation).where(*sent).values(email=None, revoked_at=over))
