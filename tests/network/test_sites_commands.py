"""Who may change a site, and what is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.network.sites import commands, public_holidays, queries, rules
from incubator.network.sites.models import EVER, SiteHours

if TYPE_CHECKING:
    from tests.factories import Make

CHRISTMAS = date(2026, 12, 24)
NEW_YEAR = date(2027, 1, 2)


def details(**more: object) -> commands.SiteDetails:
    plain = {"name": "Lyon", "city": "Lyon", "country": "FR", "time_zone": "Europe/Paris"}
    return commands.SiteDetails(**{**plain, **more})  # type: ignore[arg-type]


def test_only_an_administrator_opens_a_site(make: Make) -> None:
    boss = make.actor(make.member(role="administrator"))
    with transaction():
        site = commands.open_site(boss, details=details(city="Metz"))
    assert site.slug == "metz"
    manager = make.actor(make.member(make.site(), role="manager"))
    with pytest.raises(NotAllowed), transaction():
        commands.open_site(manager, details=details(city="Nancy"))


def test_two_sites_do_not_share_an_address(make: Make) -> None:
    with transaction():
        commands.open_site(None, details=details(city="Metz"))
    with pytest.raises(Refusal, match="slug_taken"), transaction():
        commands.open_site(None, details=details(city="metz"))


def test_a_manager_changes_their_site_and_no_other(make: Make) -> None:
    mine, other = make.site("Lyon"), make.site("Lille")
    manager = make.actor(make.member(mine, role="manager"))
    with transaction():
        commands.edit_site(manager, site_id=mine.id, details=details(about="**Ici**", capacity=9))
    assert queries.with_address(mine.slug).about_html == "<p><strong>Ici</strong></p>"
    with pytest.raises(NotAllowed), transaction():
        commands.edit_site(manager, site_id=other.id, details=details())
    with pytest.raises(NotAllowed), transaction():
        commands.set_hours(manager, site_id=other.id, week={})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"country": "France"}, "country"),
        ({"subdivision": "ZZ"}, "subdivision"),
        ({"capacity": -1}, "capacity"),
        ({"name": "  "}, "name"),
    ],
)
def test_a_wrong_detail_is_refused_beside_its_field(
    make: Make, wrong: dict[str, object], field: str
) -> None:
    site = make.site()
    with pytest.raises(Refusal) as refused, transaction():
        commands.edit_site(None, site_id=site.id, details=details(**wrong))
    assert refused.value.field == field


def test_new_hours_replace_the_old_ones(make: Make) -> None:
    site = make.site()
    for week in ({0: [(480, 720), (780, 1140)]}, {0: [(480, 700)], 6: [(600, 660)]}):
        with transaction():
            commands.set_hours(None, site_id=site.id, week=week)
    rows = queries.with_address(site.slug).hours
    assert [(r.weekday, r.opens_at, r.closes_at) for r in rows] == [(0, 480, 700), (6, 600, 660)]


def test_hours_of_a_day_on_leave_the_days_before_as_they_were(make: Make) -> None:
    site = make.site()
    monday = date(2026, 11, 16)
    week_before = monday - timedelta(days=7)
    for since, week in ((EVER, {0: [(480, 720)]}), (monday, {0: [(540, 600)], 1: [(540, 600)]})):
        with transaction():
            commands.set_hours(None, site_id=site.id, week=week, since=since)
    found = queries.with_address(site.slug)
    table = queries.timetables([found], datetime(2026, 11, 10, 9, tzinfo=UTC))[site.id]
    assert [hours.weekday for hours in found.hours] == [0, 1]
    assert [table.week_on(day) for day in (week_before, monday)] == [
        {0: [(480, 720)]},
        {0: [(540, 600)], 1: [(540, 600)]},
    ]
    assert rules.openings_on(table, week_before + timedelta(days=1)) == []


def test_hours_set_twice_on_a_day_keep_those_of_before_it(make: Make) -> None:
    site = make.site()
    today = date(2026, 11, 12)
    for since, opens in ((EVER, 480), (today, 500), (today, 520)):
        with transaction():
            commands.set_hours(None, site_id=site.id, week={0: [(opens, 720)]}, since=since)
    rows = db.session.scalars(select(SiteHours).order_by(SiteHours.valid_from)).all()
    assert [(row.opens_at, row.valid_from, row.valid_to) for row in rows] == [
        (480, EVER, today),
        (520, today, None),
    ]


def test_closing_the_same_days_twice_gives_one_closure(make: Make) -> None:
    site = make.site()
    made = []
    for _ in range(2):
        with transaction():
            made.append(
                commands.close_days(None, site_id=site.id, starts_on=CHRISTMAS, ends_on=NEW_YEAR)
            )
    assert made[0].id == made[1].id
    with pytest.raises(Refusal, match="already_closed"), transaction():
        commands.close_days(None, site_id=site.id, starts_on=CHRISTMAS, ends_on=date(2027, 1, 5))


def test_a_closure_of_the_network_shuts_every_site(make: Make) -> None:
    sites = [make.site("Lyon"), make.site("Lille")]
    with transaction():
        commands.close_days(None, site_id=None, starts_on=CHRISTMAS, ends_on=NEW_YEAR)
    tables = queries.timetables(queries.open_sites(), make.now)
    assert all(table.closures == [(CHRISTMAS, NEW_YEAR)] for table in tables.values())
    manager = make.actor(make.member(sites[0], role="manager"))
    with pytest.raises(NotAllowed), transaction():
        commands.close_days(manager, site_id=None, starts_on=CHRISTMAS, ends_on=NEW_YEAR)


def test_a_lifted_closure_is_gone_and_lifting_it_again_does_nothing(make: Make) -> None:
    site, other = make.site(), make.site("Lille")
    with transaction():
        closure = commands.close_days(None, site_id=site.id, starts_on=CHRISTMAS, ends_on=NEW_YEAR)
    for owner in (other, site, site):
        with transaction():
            commands.reopen_days(None, site_id=owner.id, closure_id=closure.id)
    assert not queries.closures_of([site.id], CHRISTMAS)


def test_an_unknown_site_is_not_found(session: object) -> None:
    with pytest.raises(NotFound):
        queries.with_address("atlantis")
    with pytest.raises(NotFound), transaction():
        commands.set_photo(None, site_id=999, photo=None)
    assert queries.with_id(None) is None
    assert queries.place_of(None) is None


def test_public_holidays_follow_country_region_and_language() -> None:
    french = public_holidays.of_year("FR", "", year=2026)
    assert french[date(2026, 1, 1)] == "Jour de l’an"
    assert public_holidays.of_year("FR", "", year=2026, language="en")[date(2026, 5, 8)] == (
        "Victory Day"
    )
    quebec = public_holidays.of_year("CA", "QC", year=2026)
    assert date(2026, 6, 24) in quebec
    assert date(2026, 6, 24) not in public_holidays.of_year("CA", "ON", year=2026)
    assert public_holidays.of_year("XX", "", year=2026) == {}
    assert public_holidays.subdivisions("XX") == ()
