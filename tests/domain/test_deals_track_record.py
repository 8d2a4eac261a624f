"""How a firm kept its deals: counted, in time or late, and nothing of prices or partners."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from incubator.domain.exchanges.deals import disputes, performing
from incubator.domain.exchanges.deals.terms import Terms
from incubator.domain.exchanges.deals.track_record import TrackRecord, track_record
from incubator.kernel.db import db, transaction
from incubator.network.members.firm_models import Firm
from tests import factories_deals as f

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from tests.factories import Make


def by(make: Make, one: f.House, other: f.House, days: int | None) -> Terms:
    """A poster by a day, that many from now; nothing in return."""
    due = None if days is None else make.now.date() + timedelta(days=days)
    return Terms(legs=(f.gives(one, other, f.POSTER, due_on=due, mode="cash"),))


def test_deals_are_counted_and_deliveries_by_their_day(make: Make) -> None:
    one, other = f.house(make, "Bois"), f.house(make, "Image")
    assert track_record(one.firm_id, now=make.now) == TrackRecord(0, 0, 0)
    begun = make.now
    for days, late in ((2, 0), (2, 2), (2, 3), (None, 0)):
        make.now = begun
        deal = f.bound(make, one, other, by(make, one, other, days))
        make.now += timedelta(days=late)
        f.delivers(make, one, deal, deal.legs[0])
        f.accepts(make, other, deal, deal.legs[0])
    assert track_record(one.firm_id, now=make.now) == TrackRecord(4, 3, 2)
    # Who received has kept the deals as well, and delivered nothing.
    assert track_record(other.firm_id, now=make.now) == TrackRecord(4, 0, 0)


def test_what_is_not_due_yet_says_nothing_and_what_never_came_is_late(make: Make) -> None:
    one, other = f.house(make, "Bois"), f.house(make, "Image")
    f.bound(make, one, other, by(make, one, other, 1))
    f.proposed(make, one, other, by(make, one, other, 1))
    told = [track_record(one.firm_id, now=make.now + timedelta(days=days)) for days in (0, 1, 2)]
    assert told == [TrackRecord(0, 0, 0), TrackRecord(0, 0, 0), TrackRecord(0, 1, 0)]


def test_what_was_said_never_to_have_come_stays_late_once_its_deal_is_over(make: Make) -> None:
    one, other = f.house(make, "Bois"), f.house(make, "Image")
    deal = f.bound(make, one, other, by(make, one, other, 1))
    # Called off by both: nobody was late.
    both = f.bound(make, one, other, by(make, one, other, 1))
    with transaction():
        performing.call_off(f.actor_of(make, one), both.id, now=make.now)
        performing.call_off(f.actor_of(make, other), both.id, now=make.now)
    make.now += timedelta(days=3)
    number = f.never_came(make, other, deal, f.looked_at(deal).legs[0])
    with transaction():
        disputes.agree(f.actor_of(make, one), deal.id, number or 0, cents=0, now=make.now)
    assert {f.looked_at(each).state for each in (deal, both)} == {"cancelled"}
    assert track_record(one.firm_id, now=make.now) == TrackRecord(0, 1, 0)


def test_the_page_of_a_firm_says_it_to_everybody(
    make: Make, sign_in: Callable[[Account], FlaskClient], frozen: object
) -> None:
    one, other = f.house(make, "Bois"), f.house(make, "Image")
    for _each in range(3):
        deal = f.bound(make, one, other, by(make, one, other, 2))
        f.delivers(make, one, deal, deal.legs[0])
        f.accepts(make, other, deal, deal.legs[0])
    browser = sign_in(make.member(make.site()))
    page = browser.get(f"/entreprises/{db.session.get_one(Firm, one.firm_id).slug}").text
    assert "3 accords tenus jusqu’au bout" in page
    assert "3 livraisons sur 3 à l’heure" in page
    assert "€" not in page
    assert other.name not in page
