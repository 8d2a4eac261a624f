"""What is kept of the browsers a member lets be told, and how it is forgotten."""

from __future__ import annotations

from incubator.kernel.personal import Part, PersonalData
from incubator.reactions.push.browsers import of_member
from incubator.reactions.push.models import PushBrowser

# Whoever has endpoint and keys could tell the browser something in our stead.
personal_data = PersonalData(
    {
        "browsers-told": Part(
            PushBrowser, (PushBrowser.member_id,), secret=("endpoint", "p256dh", "auth")
        )
    }
)


def forget(member_id: int) -> None:
    """Nothing reaches their browsers any more."""
    of_member(member_id)
