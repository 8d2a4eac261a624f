"""Cases at the edge of the model, played through from the press to the ledger.

Those that are proven elsewhere are listed with these in docs/HOURS.md.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from incubator.domain.commitments import (
    ledger,
    presence_edits,
    reliefs,
    slot_series,
    ticking,
    verifying,
)
from incubator.domain.commitments.ledger_models import Line
from incubator.domain.commitments.models import Period, Rule
from incubator.domain.commitments.presence_models import PresenceRevision, Punch
from incubator.domain.commitments.promise_models import Obligation
from incubator.kernel.db import db, transaction
from incubator.network.sites import commands as sites
from tests.factories_accounts import letters
from tests.factories_checkins import stayed, wish
from tests.factories_commitments import confirmed, lines, pledged, total
from tests.factories_slots import slots_of, weekly

if TYPE_CHECKING:
    from incubator.network.sites.models import Site
    from tests.factories import Make

HOUR = timedelta(hours=1)
OCTOBER = datetime(2026, 10, 1, 9, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 10, 9, tzinfo=UTC)


@pytest.fixture
def lyon(make: Make) -> Site:
    make.now = OCTOBER
    return make.site()


@pytest.fixture
def sophie(make: Make, lyon):
    return make.member(lyon, role="manager", name="Sophie")


@pytest.fixture
def ines(make: Make, lyon):
    return make.member(lyon, name="Inès", email="ines@example.org")


def presence_of(member) -> list[tuple[date, int]]:
    """What counts of a member's presence, by day."""
    rows = db.session.execute(
        select(Line.day, Line.minutes)
        .where(Line.member_id == member.id, Line.source_type == "presence")
        .order_by(Line.day)
    )
    return [(day, minutes) for day, minutes in rows]


@pytest.mark.parametrize(
    ("zone", "begins", "hours", "counted"),
    [
        # Ten in the evening until six in the morning by the clock on the wall.
        ("Europe/Paris", datetime(2026, 10, 24, 20, tzinfo=UTC), 9, (120, 420)),
        ("Europe/Paris", datetime(2026, 3, 28, 21, tzinfo=UTC), 7, (120, 300)),
        ("America/Montreal", datetime(2026, 11, 1, 2, tzinfo=UTC), 9, (120, 420)),
        ("America/Montreal", datetime(2026, 3, 8, 3, tzinfo=UTC), 7, (120, 300)),
        ("Africa/Dakar", datetime(2026, 10, 24, 22, tzinfo=UTC), 8, (120, 360)),
    ],
)
def test_a_night_counts_the_hours_that_passed_whatever_the_clocks_did(
    make, zone, begins, hours, counted
) -> None:
    make.now = datetime(2026, 2, 1, 9, tzinfo=UTC)
    site = make.site("Là-bas", time_zone=zone)
    night = make.member(site)
    make.now = begins
    stayed(make, night, site, begins, hours)
    assert tuple(minutes for _day, minutes in presence_of(night)) == counted
    assert verifying.verify(begins + hours * HOUR) == []


def test_a_leap_day_and_the_night_after_it(make: Make) -> None:
    make.now = datetime(2028, 2, 1, 9, tzinfo=UTC)
    lyon = make.site()
    ines, boss = make.member(lyon), make.member(lyon, role="manager")
    pledged(make, ines, boss)
    stayed(make, ines, lyon, datetime(2028, 2, 29, 22, 30, tzinfo=UTC), 1)
    assert presence_of(ines) == [(date(2028, 2, 29), 30), (date(2028, 3, 1), 30)]
    ticking.tick(datetime(2028, 3, 2, 9, tzinfo=UTC))
    assert lines(ines).count(("DUE", -720)) == 2


def test_a_year_of_53_weeks_has_twelve_periods_without_a_gap(make, ines, sophie) -> None:
    pledged(make, ines, sophie)
    ticking.tick(datetime(2027, 1, 20, 9, tzinfo=UTC))
    # The 53rd week of 2026 lies across the turn of the year; each month owes once.
    assert lines(ines).count(("DUE", -720)) == 4
    last = db.session.scalars(select(Period).where(Period.ends_on == date(2027, 1, 1))).one()
    assert (last.starts_on, last.state) == (date(2026, 12, 1), "closed")


def test_who_is_at_home_in_paris_and_works_in_montreal_has_lines_of_both(
    make, ines, sophie, lyon
) -> None:
    pledged(make, ines, sophie)
    montreal = make.site("Montréal", time_zone="America/Montreal")
    stayed(make, ines, lyon, OCTOBER, 2)
    # Half past one in the morning in Paris is still the evening before in Montréal.
    stayed(make, ines, montreal, datetime(2026, 10, 2, 23, 30, tzinfo=UTC), 2)
    rows = db.session.execute(
        select(Line.day, Line.site_id, Line.minutes)
        .where(Line.member_id == ines.id, Line.kind == "DONE")
        .order_by(Line.day)
    ).all()
    assert [tuple(row) for row in rows] == [
        (date(2026, 10, 1), lyon.id, 120),
        (date(2026, 10, 2), montreal.id, 120),
    ]


def test_sickness_told_afterwards_is_reckoned_anew_or_made_good(make, ines, sophie) -> None:
    pledged(make, ines, sophie, minutes_per_period=300)
    make.now = DECEMBER
    ticking.tick(DECEMBER)
    november, december = date(2026, 11, 1), date(2026, 12, 1)
    terms = reliefs.Terms("sickness", 100, date(2026, 11, 16), date(2026, 12, 17))
    with transaction():
        reliefs.grant(make.actor(sophie), ines.id, terms=terms, now=DECEMBER)
    revs = db.session.execute(
        select(Period.starts_on, Obligation.rev, Obligation.minutes)
        .join(Period, Period.id == Obligation.period_id)
        .where(Obligation.member_id == ines.id, Period.starts_on >= november)
        .order_by(Period.starts_on, Obligation.rev)
    ).all()
    told = {(day, rev): minutes for day, rev, minutes in revs}
    assert told[november, 1] == told[december, 1] == 300
    assert (told[november, 2], told[december, 2]) == (150, 145)
    made_good = db.session.scalars(select(Line).where(Line.kind == "CORRECTION")).one()
    origin = db.session.get_one(Period, made_good.origin_period_id)
    assert (made_good.minutes, origin.starts_on) == (150, november)
    assert verifying.verify(DECEMBER) == []


def test_a_correction_is_told_by_mail_with_the_balance_before_and_after(
    app, make, ines, sophie
) -> None:
    pledged(make, ines, sophie, minutes_per_period=300)
    make.now = DECEMBER
    ticking.tick(DECEMBER)
    letters(app, make)
    before = ledger.balance(ines.id)
    confirmed(make, ines, sophie, receiver=sophie, day=date(2026, 11, 5), minutes=120)
    assert ledger.balance(ines.id) == before + 120
    told = [one for one in letters(app, make) if one["To"] == "ines@example.org"]
    (letter,) = [one for one in told if "correction" in one["Subject"].lower()]
    text = letter.get_body(("plain",)).get_content().replace("\u202f", " ").replace("\xa0", " ")
    assert "Votre solde change de 2 h, de −15 h à −13 h" in text


def test_what_a_manager_does_for_somebody_names_the_manager(make, ines, sophie, lyon) -> None:
    session = stayed(make, ines, lyon, OCTOBER, 2)
    later = OCTOBER + 5 * HOUR
    with transaction():
        presence_edits.change(
            make.actor(sophie), session.id, wish(OCTOBER, 3, why="Vu sur place"), now=later
        )
    revision = db.session.scalars(select(PresenceRevision)).one()
    assert (revision.actor_id, revision.on_behalf_of_id) == (sophie.id, ines.id)
    assert total(ines) == 180
    assert db.session.scalars(select(Punch.actor_id)).all() == [ines.id, ines.id]


def test_the_first_short_period_is_free_where_the_rule_says_so(make, lyon, sophie) -> None:
    with transaction():
        db.session.execute(update(Rule).values(first_period_free=True))
    make.now = datetime(2026, 10, 20, 9, tzinfo=UTC)
    newcomer = make.member(lyon)
    pledged(make, newcomer, sophie)
    ticking.tick(datetime(2026, 11, 2, 9, tzinfo=UTC))
    assert lines(newcomer) == [("DUE", -720)]


def test_feasts_are_those_of_the_region(make, lyon, sophie) -> None:
    with transaction():
        metz = sites.open_site(
            None,
            details=sites.SiteDetails(
                name="Metz", city="Metz", country="FR", subdivision="57", time_zone="Europe/Paris"
            ),
        )
    make.now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    boss = make.actor(make.member(role="administrator"))
    days = {}
    for site in (lyon, metz):
        with transaction():
            # Saturdays: the 26th of December is a feast in Moselle alone.
            series = slot_series.add_series(
                boss,
                site_id=site.id,
                plan=weekly(make, weekdays=frozenset({5})),
                now=make.now,
            )
        days[site.id] = {slot.local_date for slot in slots_of(series)}
    assert days[lyon.id] - days[metz.id] == {date(2026, 12, 26)}
