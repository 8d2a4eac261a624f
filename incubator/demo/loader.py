"""Fills an empty database with the demo network, by the commands that people use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from incubator.demo import (
    arrivals,
    attendance,
    bells,
    care,
    circles,
    content,
    courses,
    credit,
    deals,
    exchanges,
    firms,
    house,
    lessons,
    letters,
    listings,
    people,
    places,
    posts,
    profiles,
    promises,
    rings,
    rooms,
    rounds,
    slots,
    stall,
    wishes,
)
from incubator.demo.content import email_of
from incubator.demo.stage import Stage
from incubator.kernel.db import as_of, db, transaction
from incubator.kernel.events import unheard_by
from incubator.kernel.memory import collector_off
from incubator.network.accounts.models import Account
from incubator.network.accounts.passwords import hash_password
from incubator.network.members.indexing import once_at_the_end

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

# Known to everybody who reads the README: a demo has no secrets.
PASSWORD = "passerelles-demo"  # noqa: S105 - see above
ADMINISTRATOR = email_of("gaelle.riou")
ACCOUNTS = {
    ADMINISTRATOR: "runs the network",
    email_of("sophie.lambert"): "manages Lyon",
    email_of("camille.dervaux"): "lives in Lyon",
    email_of("guillaume.roy"): "lives in Montréal",
    email_of("olga.kowalska"): "visits Lille as a guest",
}
STEPS: tuple[Callable[[Stage], str], ...] = (
    places.open_sites,
    places.add_skills,
    people.admit_members,
    firms.found_firms,
    firms.ask_firms,
    profiles.complete_profiles,
    people.propose_skills,
    promises.sign_pledges,
    promises.give_hours,
    slots.staff_slots,
    attendance.come_and_go,
    slots.lock_sheets,
    wishes.ask_and_give,
    exchanges.open_threads,
    posts.discuss,
    circles.gather,
    stall.ask_with_files,
    lessons.learn,
    care.take_care,
    rooms.fill_rooms,
    house.furnish,
    listings.publish,
    letters.write_letters,
    arrivals.welcome_people,
    deals.agree,
    credit.trade,
    rounds.clear,
    rings.go_round,
    courses.change_courses,
    bells.ring,
)


def load(now: datetime, told: Callable[[str], None] | None = None) -> str:
    """Load the demo as of ``now`` (UTC) into an empty database: all of it, or nothing.

    The people of the demo have no letter box: no letter is written.

    ``told`` hears what each step made. The same instant gives the same rows. Return one
    sentence on the whole.
    """
    stage = Stage(content=content.load(), now=now, password_hash=hash_password(PASSWORD))
    made = []
    # The last step but two has sought all rings: no job has to seek them again.
    quiet = unheard_by("incubator.reactions.mail", "incubator.reactions.bridges.found_rings")
    with collector_off(), transaction(), as_of(now), once_at_the_end(), quiet:
        for step in STEPS:
            made.append(step(stage))
            if told:
                told(made[-1])
    return f"The network «Passerelles» is ready: {', '.join(made)}."


def demo_accounts() -> dict[str, str]:
    """The accounts worth showing, address to words; none unless the demo is loaded."""
    there = set(db.session.scalars(select(Account.email).where(Account.email.in_(ACCOUNTS))))
    if ADMINISTRATOR not in there:
        return {}
    return {email: words for email, words in ACCOUNTS.items() if email in there}
