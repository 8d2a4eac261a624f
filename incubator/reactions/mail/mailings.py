"""A message to many: one letter for each recipient."""

from __future__ import annotations

from incubator.domain.mailings import queries
from incubator.domain.mailings.events import MailingSent
from incubator.domain.mailings.models import Mailing
from incubator.kernel.db import db
from incubator.kernel.events import joins
from incubator.network.members.models import Member
from incubator.reactions.mail.readers import accounts_of
from incubator.reactions.mail.writing import write
from incubator.reactions.notifications.telling import About


def subscribe() -> None:
    """Hear what was sent."""
    joins(MailingSent, on_mailing)


def on_mailing(event: MailingSent) -> None:
    """Write the letters in the transaction of the message: all of them, or none."""
    mailing = db.session.get_one(Mailing, event.mailing_id)
    author = db.session.get_one(Member, mailing.author_id)
    values = {
        "author": author.name,
        "subject": mailing.subject,
        "html": mailing.body_html,
        "text": mailing.body_md,
    }
    readers = accounts_of(queries.recipients_of(mailing.id))
    about = About("mailing", mailing.id, "mailing", by=author.id, title=mailing.subject)
    write("mailing", "mailing", readers, values=values, about=about)
