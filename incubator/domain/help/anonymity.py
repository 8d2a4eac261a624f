"""Who asked without their name: hidden in every list and page from all but those who may know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, not_, or_, select

from incubator.domain.help.models import Question
from incubator.domain.help.policy import knows_asker
from incubator.kernel.db import db
from incubator.kernel.errors import Refusal
from incubator.network.members.reader import MANAGED_SITES, READER_ID, READS_ALL
from incubator.network.sites.models import Site

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor

# Whether the reader may not know who asked; the same rule as ``policy.knows_asker``. Search that
# finds by author must leave these out.
HIDES_ASKER = and_(
    Question.anonymous,
    Question.author_id != READER_ID,
    not_(READS_ALL),
    or_(Question.site_id.is_(None), Question.site_id.not_in(MANAGED_SITES)),
)


def hidden_author(reader: Actor, question: Question) -> int | None:
    """The member whose posts of this thread bear no name for this reader, if any."""
    return None if knows_asker(reader, question) else question.author_id


def may_stay_unnamed(actor: Actor) -> bool:
    """Whether the site they live in lets members ask without their name."""
    query = select(Site.hidden_askers).where(Site.id == actor.home_site_id)
    return bool(actor.home_site_id and db.session.scalar(query))


def check_unnamed(actor: Actor, *, anonymous: bool) -> bool:
    """The wish to stay unnamed, if it is allowed; raise Refusal ``help.anonymous``."""
    if anonymous and not may_stay_unnamed(actor):
        raise Refusal("help.anonymous", field="anonymous")
    return anonymous
