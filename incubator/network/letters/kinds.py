"""The kinds of news, each declared once: whom it is for, how it comes, whether it waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from incubator.kernel.errors import NotFound

if TYPE_CHECKING:
    from incubator.network.members.actor import Actor

APP: Final = "app"
MAIL: Final = "mail"
DAILY: Final = "daily"
WEEKLY: Final = "weekly"
PUSH: Final = "push"
# Ways by which something is told; the page of choices has a column for each.
CHANNELS: Final = (APP, MAIL, DAILY, WEEKLY, PUSH)
# Those by which something goes today.
OFFERED: Final = (APP, MAIL, DAILY, WEEKLY, PUSH)
DIGESTS: Final = (DAILY, WEEKLY)
TOLD: Final = (APP, MAIL)
URGENT: Final = (APP, MAIL, PUSH)
Reader = Literal["anybody", "member", "desk"]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of news, of one feature.

    Only an ``optional`` one may be switched off; ``usual`` are the channels that hold without a
    choice, ``offered`` those by which it can come. One that ``waits`` keeps quiet hours, another
    goes at once. «desk» is for who runs a site.
    """

    code: str
    feature: str
    reader: Reader = "member"
    optional: bool = True
    waits: bool = True
    usual: tuple[str, ...] = TOLD
    offered: tuple[str, ...] = OFFERED

    @property
    def channels(self) -> tuple[str, ...]:
        """Those that a member may choose among."""
        return self.offered if self.optional else ()


KINDS: Final = (
    Kind(code="account", feature="account", reader="anybody", optional=False, waits=False),
    Kind(code="membership", feature="account", reader="anybody", optional=False),
    Kind(code="mailing", feature="account", reader="anybody", optional=False, waits=False),
    Kind(code="notice", feature="account", reader="anybody", usual=(APP,)),
    Kind(code="desk_applications", feature="account", reader="desk"),
    Kind(code="desk_life", feature="account", reader="desk"),
    # Whoever asks to be forgotten has a right to an answer in time.
    Kind(code="desk_erasures", feature="account", reader="desk", optional=False),
    Kind(code="slot_reminder", feature="hours"),
    # A slot that begins tomorrow morning may be called off tonight.
    Kind(code="slot_changes", feature="hours", waits=False, usual=URGENT),
    Kind(code="slot_places", feature="hours"),
    Kind(code="slot_asked", feature="hours"),
    Kind(code="hours_presumed", feature="hours"),
    Kind(code="hours_confirm", feature="hours"),
    Kind(code="hours_decided", feature="hours"),
    Kind(code="hours_corrected", feature="hours"),
    Kind(code="hours_gift", feature="hours"),
    Kind(code="hours_half", feature="hours"),
    Kind(code="hours_closed", feature="hours"),
    Kind(code="hours_standing", feature="hours"),
    Kind(code="desk_hours", feature="hours", reader="desk"),
    Kind(code="desk_slots", feature="hours", reader="desk"),
    Kind(code="desk_morning", feature="hours", reader="desk"),
    Kind(code="help_mentions", feature="help", reader="anybody", usual=URGENT),
    Kind(code="help_comments", feature="help", reader="anybody"),
    Kind(code="help_threads", feature="help"),
    Kind(code="help_thanks", feature="help", reader="anybody", usual=(APP,)),
    Kind(code="help_questions", feature="help"),
    Kind(code="help_asked", feature="help", usual=URGENT),
    Kind(code="help_quotes", feature="help", reader="anybody"),
    Kind(code="help_care", feature="help", reader="anybody"),
    Kind(code="help_reported", feature="help", reader="anybody"),
    Kind(code="desk_reports", feature="help", reader="desk"),
    Kind(code="chat_direct", feature="chat", reader="anybody", usual=URGENT),
    Kind(code="chat_mentions", feature="chat", reader="anybody", usual=URGENT),
    Kind(code="chat_reports", feature="chat", reader="anybody"),
    # Who waits for somebody wants to know it while they are there.
    Kind(code="arrivals", feature="people", waits=False, usual=URGENT),
    Kind(code="circle_invited", feature="people"),
    Kind(code="firm_requests", feature="people"),
    Kind(code="skill_decided", feature="people"),
    Kind(code="deal_news", feature="exchanges", usual=URGENT),
    Kind(code="desk_deals", feature="exchanges", reader="desk"),
    Kind(code="netting_news", feature="exchanges", usual=URGENT),
    Kind(code="desk_netting", feature="exchanges", reader="desk"),
    Kind(code="credit_news", feature="exchanges"),
    # Each follows a delivery that was told already.
    Kind(code="credit_moves", feature="exchanges", usual=(APP,)),
    Kind(code="desk_credit", feature="exchanges", reader="desk"),
    Kind(code="ring_ideas", feature="exchanges"),
    Kind(code="listing_ends", feature="exchanges"),
    Kind(code="listing_care", feature="exchanges"),
    Kind(code="listing_searches", feature="exchanges"),
    Kind(code="listing_hint", feature="exchanges", usual=(APP,)),
    Kind(code="weekly", feature="network", usual=(MAIL,), offered=(MAIL,)),
    Kind(code="desk_newsletter", feature="network", reader="desk", usual=(MAIL,), offered=(MAIL,)),
)
_BY_CODE: Final = {kind.code: kind for kind in KINDS}


def kind_named(code: str) -> Kind:
    """The kind of a code; raise NotFound ``letters.kind``."""
    if code not in _BY_CODE:
        raise NotFound("letters.kind")
    return _BY_CODE[code]


def kinds_for(actor: Actor) -> tuple[Kind, ...]:
    """The kinds that may come to somebody, in their order."""
    mine = {"anybody"}
    if not actor.is_guest:
        mine.add("member")
    if actor.is_manager:
        mine.add("desk")
    return tuple(kind for kind in KINDS if kind.reader in mine)
