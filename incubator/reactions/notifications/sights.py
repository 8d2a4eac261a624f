"""Which notifications are for their reader's eyes today: rights are asked again at each look.

The list, the bell, digests and pushes all ask this clause, so none can tell what another hides.
"""

from __future__ import annotations

from sqlalchemy import and_, exists, func, not_, or_, select

from incubator.domain.chat.models import Seat
from incubator.domain.exchanges.deals.queries import READABLE as DEAL_READABLE
from incubator.domain.exchanges.listings.models import Listing
from incubator.domain.exchanges.rings.queries import READABLE as RING_READABLE
from incubator.domain.exchanges.rounds.queries import READABLE as ROUND_READABLE
from incubator.domain.help.models import Question
from incubator.domain.help.queries import READABLE
from incubator.domain.notices.models import Notice
from incubator.network.members.circle_models import CirclePlace
from incubator.network.members.firm_models import FirmRole
from incubator.network.members.reader import (
    MANAGED_SITES,
    READ_SITES,
    READER_ID,
    READS_ALL,
    Counter,
)
from incubator.reactions.notifications.models import Notification

BELL_MOST = 100

_N = Notification
_thread = exists(select(Question.id).where(Question.id == _N.item_id, READABLE))
_room = exists(
    select(Seat.room_id).where(
        Seat.room_id == _N.item_id, Seat.member_id == READER_ID, Seat.left_at.is_(None)
    )
)
_circle = exists(
    select(CirclePlace.circle_id).where(
        CirclePlace.circle_id == _N.item_id, CirclePlace.member_id == READER_ID
    )
)
_notice = exists(
    select(Notice.id).where(
        Notice.id == _N.item_id,
        Notice.withdrawn_at.is_(None),
        or_(Notice.site_id.is_(None), READS_ALL, Notice.site_id.in_(READ_SITES)),
    )
)
_deal = _N.item_id.in_(DEAL_READABLE)
_round = or_(READS_ALL, _N.item_id.in_(ROUND_READABLE))
_ring = _N.item_id.in_(RING_READABLE)
_listing = exists(
    select(Listing.id)
    .join(FirmRole, FirmRole.firm_id == Listing.firm_id)
    .where(Listing.id == _N.item_id, FirmRole.member_id == READER_ID, FirmRole.until_on.is_(None))
)
_credit = exists(
    select(FirmRole.id).where(
        FirmRole.firm_id == _N.item_id,
        FirmRole.member_id == READER_ID,
        FirmRole.until_on.is_(None),
    )
)
MINE = and_(_N.member_id == READER_ID, not_(_N.muted), _N.archived_at.is_(None))
READABLE_STILL = and_(
    or_(not_(_N.desk), READS_ALL, _N.site_id.in_(MANAGED_SITES)),
    or_(_N.area != "thread", _thread),
    or_(_N.area != "room", _room),
    or_(_N.area != "circle", _circle),
    or_(_N.area != "notice", _notice),
    or_(_N.area != "deal", _deal),
    or_(_N.area != "round", _round),
    or_(_N.area != "listing", _listing),
    or_(_N.area != "credit", _credit),
    or_(_N.area != "ring", _ring),
)
VISIBLE = and_(MINE, _N.shown, READABLE_STILL)
UNREAD = and_(VISIBLE, _N.read_at.is_(None))

_unread = select(_N.item_id).where(UNREAD).limit(BELL_MOST).subquery()
# How many subjects have news that the reader has not read.
BELL = Counter(select(func.count()).select_from(_unread).scalar_subquery(), BELL_MOST)
