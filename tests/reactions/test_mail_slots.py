"""Letters about slots: to whom, about what, in whose language and hours."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from incubator.domain.commitments import (
    reliefs,
    signups,
    slot_commands,
    slot_hourly,
    slot_invites,
    slot_watches,
)
from incubator.domain.commitments.slot_models import Signup
from incubator.kernel.db import as_of, db, transaction
from incubator.network.sites import commands as sites
from tests.factories_accounts import letters, link_in
from tests.factories_slots import a_series, a_slot, day_plan, signed_up, slots_of

DAY = timedelta(days=1)


@pytest.fixture
def lyon(make):
    return make.site()


@pytest.fixture
def sophie(make, lyon):
    return make.member(lyon, name="Sophie", email="sophie@example.org", role="manager")


@pytest.fixture
def ada(make, lyon):
    return make.member(lyon, name="Ada", email="ada@example.org", language="en")


@pytest.fixture
def leo(make, lyon):
    return make.member(lyon, name="Léo", email="leo@example.org")


@pytest.fixture
def slot(make, sophie, lyon):
    return a_slot(make, sophie, lyon, title="Café & accueil", capacity_max=1)


def told(app, make) -> list[tuple[str, str]]:
    return sorted((each["To"], each["Subject"]) for each in letters(app, make))


def do(what, *arguments, **more):
    with transaction():
        return what(*arguments, **more)


def test_a_reminder_names_the_slot_in_the_hours_of_its_site(app, make, ada, slot):
    signed_up(make, ada, slot)
    do(slot_hourly.remind, slot.starts_at - 2 * DAY)
    (letter,) = letters(app, make)
    assert (letter["To"], letter["Subject"]) == (
        "ada@example.org",
        "Soon at Lyon: Café & accueil",
    )
    plain = letter.get_body(("plain",)).get_content()
    assert "Tuesday 17 November 2026, from 09:00 to 12:00, Lyon time" in plain
    assert "Café &amp; accueil" in letter.get_body(("html",)).get_content()
    assert link_in(letter) == f"/hours/slots/{slot.id}"


def test_who_waits_hears_of_a_place_once_and_who_left_of_their_stand_in(
    app, make, ada, leo, sophie, slot
):
    signup = signed_up(make, ada, slot)
    for who in (leo, ada):
        do(slot_watches.watch, make.actor(who), slot.id, now=make.now)
    late = slot.starts_at - timedelta(hours=2)
    do(signups.cannot_come, make.actor(ada), signup.id, now=late)
    assert told(app, make) == [("leo@example.org", "On cherche quelqu’un : Café & accueil")]
    do(signups.take_over, make.actor(leo), signup.id, once="x", now=late)
    assert told(app, make) == [("ada@example.org", "Léo comes in your place: Café & accueil")]


def test_a_place_given_back_early_is_told_as_free(app, make, ada, leo, slot):
    signup = signed_up(make, ada, slot)
    do(slot_watches.watch, make.actor(leo), slot.id, now=make.now)
    do(signups.cannot_come, make.actor(ada), signup.id, now=make.now)
    assert told(app, make) == [("leo@example.org", "Une place s’est libérée : Café & accueil")]


def test_who_signed_up_hears_that_a_slot_moves_or_is_called_off(app, make, ada, sophie, slot):
    signed_up(make, ada, slot)
    actor, plan = make.actor(sophie), day_plan(make, title="Café", local_start=600)
    do(slot_commands.change_slot, actor, slot.id, plan=plan, now=make.now)
    assert told(app, make) == [("ada@example.org", "New hours: Café")]
    do(slot_commands.cancel_slot, actor, slot.id, reason="Grève <b>", now=make.now)
    (letter,) = letters(app, make)
    assert letter["Subject"] == "Called off: Café"
    assert "Grève &lt;b&gt;" in letter.get_body(("html",)).get_content()


def test_managers_hear_of_too_few_people(app, make, sophie, slot):
    do(slot_hourly.warn, slot.starts_at - DAY)
    assert told(app, make) == [("sophie@example.org", "Il manque du monde : Café & accueil")]


def test_where_nobody_runs_a_site_administrators_hear_of_it(app, make, lyon):
    chief = make.member(role="administrator", email="chief@example.org")
    slot = a_slot(make, chief, lyon)
    do(slot_hourly.warn, slot.starts_at - DAY)
    assert told(app, make) == [("chief@example.org", "Il manque du monde : Accueil")]


def test_who_is_asked_reads_by_whom_and_why(app, make, ada, sophie, slot):
    do(
        slot_invites.invite,
        make.actor(sophie),
        slot.id,
        member_ids=[ada.id],
        note="Il y aura du gâteau",
        now=make.now,
    )
    (letter,) = letters(app, make)
    assert letter["Subject"] == "Sophie asks whether you could come: Café & accueil"
    assert "Il y aura du gâteau" in letter.get_body(("plain",)).get_content()


def test_a_closure_calls_off_at_once_and_its_end_brings_the_slots_back(
    app, make, ada, sophie, lyon
):
    series = a_series(make, sophie, lyon)
    first = slots_of(series)[0]
    signed_up(make, ada, first)
    days = {"starts_on": first.local_date, "ends_on": first.local_date + DAY}
    with as_of(make.now):
        closure = do(sites.close_days, None, site_id=lyon.id, kind="works", reason="", **days)
        assert len(slots_of(series)) == 7
        do(sites.reopen_days, None, site_id=lyon.id, closure_id=closure.id)
    assert told(app, make) == [("ada@example.org", "Called off: Accueil")]
    assert len(slots_of(series)) == 8
    assert db.session.scalars(select(Signup.state)).all() == ["excused"]


def test_a_slot_of_one_day_is_called_off_with_the_words_of_the_closure(
    app, make, ada, sophie, slot
):
    signed_up(make, ada, slot)
    days = {"starts_on": slot.local_date, "ends_on": slot.local_date + DAY}
    with as_of(make.now):
        closure = do(sites.close_days, None, site_id=slot.site_id, reason="Tempête", **days)
    (letter,) = letters(app, make)
    assert letter["Subject"] == "Called off: Café & accueil"
    assert "Tempête" in letter.get_body(("plain",)).get_content()
    with as_of(make.now):
        do(sites.reopen_days, None, site_id=slot.site_id, closure_id=closure.id)
    db.session.refresh(slot)
    assert (slot.state, slot.reason, slot.closure_id) == ("planned", "", None)


def test_managers_hear_once_of_a_sheet_left_open(app, make, ada, sophie, slot):
    signed_up(make, ada, slot)
    for _twice in range(2):
        do(slot_hourly.ask_for_sheets, slot.ends_at + DAY)
    (letter,) = letters(app, make)
    assert (letter["To"], letter["Subject"]) == (
        "sophie@example.org",
        "Qui est venu ? Café & accueil",
    )
    assert link_in(letter) == f"/heures/creneaux/{slot.id}"


def test_who_leaves_the_network_frees_their_places(app, make, ada, leo, slot):
    signed_up(make, ada, slot)
    do(slot_watches.watch, make.actor(leo), slot.id, now=make.now)
    more = {"since": make.now, "until": None, "by_id": None}
    do(signups.release, ada.id, **more, now=make.now)
    assert told(app, make) == [("leo@example.org", "Une place s’est libérée : Café & accueil")]


def test_who_is_relieved_for_some_days_frees_the_places_of_these_days(
    make, ada, sophie, lyon, slot
):
    later = a_slot(make, sophie, lyon, day=slot.local_date + DAY)
    places = [signed_up(make, ada, each) for each in (slot, later)]
    terms = reliefs.Terms(
        kind="leave", pct=100, starts_on=slot.local_date, ends_on=later.local_date
    )
    with as_of(make.now):
        do(reliefs.grant, make.actor(sophie), ada.id, terms=terms, once="r", now=make.now)
    states = [db.session.get_one(Signup, place.id).state for place in places]
    assert states == ["excused", "booked"]
