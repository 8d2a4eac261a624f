"""An applicant who comes in by their invitation has joined."""

from __future__ import annotations

from incubator.domain.membership import applications
from incubator.kernel.db import utcnow
from incubator.kernel.events import joins
from incubator.network.accounts.events import InvitationAccepted


def invitation_accepted(event: InvitationAccepted) -> None:
    """Note on the application who they became."""
    applications.join(event.invitation_id, event.member_id, now=utcnow())


def subscribe() -> None:
    """Hear it in its own transaction."""
    joins(InvitationAccepted, invitation_accepted)
