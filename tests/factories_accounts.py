"""Invitations, links and letters for tests."""

from __future__ import annotations

from email import message_from_bytes, policy
from typing import TYPE_CHECKING
from uuid import uuid4

from incubator.kernel.db import transaction
from incubator.kernel.jobs import run_due
from incubator.network.accounts import invitations

if TYPE_CHECKING:
    from email.message import EmailMessage

    from flask import Flask

    from incubator.network.accounts.invitations import Issued
    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

PASSWORD = "une loutre dans la brume"


def invitation(
    make: Make, by: Account, site: Site | None, *, role: str = "resident", email: str | None = None
) -> Issued:
    """An invitation by somebody who may give it."""
    with transaction():
        return invitations.invite(
            make.actor(by),
            role=role,
            site_id=site.id if site else None,
            email=email,
            language="fr",
            once=uuid4().hex,
            now=make.now,
        )


def guest(**more: str) -> invitations.Guest:
    """What a newcomer types."""
    typed = {
        "name": "Awa Diop",
        "email": "awa@example.org",
        "password": PASSWORD,
        "language": "fr",
        "time_zone": "Africa/Dakar",
    }
    return invitations.Guest(**(typed | more))


def worked(app: Flask) -> None:
    """Do the jobs that are due, and those that they write."""
    with app.app_context():
        while run_due():
            pass


def letters(app: Flask, make: Make) -> list[EmailMessage]:
    """Do the jobs; the letters that left now, oldest first, taken out of the outbox."""
    folder = make.settings.instance_dir / "outbox"
    for path in folder.glob("*.eml"):
        path.unlink()
    worked(app)
    files = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]
    for path in files:
        path.unlink()
    return found


def link_in(letter: EmailMessage) -> str:
    """The path of the one link of a letter's plain text."""
    body = letter.get_body(("plain",))
    assert body is not None
    address = next(word for word in body.get_content().split() if word.count("/") > 3)
    return "/" + address.split("/", 3)[3]
