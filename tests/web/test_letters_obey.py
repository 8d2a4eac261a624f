"""Letters about a member tell each reader no more than pages do, whatever audiences were chosen."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from incubator.domain.membership import erasures, life_acts
from incubator.kernel.db import transaction
from incubator.network.members import proposals, whereabouts
from incubator.network.members.audience import DEFAULTS
from tests import factories_help as help_
from tests import factories_life as life
from tests.factories_accounts import letters
from tests.factories_members import a_firm, asks_to_join
from tests.web.test_audiences import MARKS, NAME, World, choices
from tests.web.test_audiences import world as world  # noqa: PLC0414 - a fixture is found by its name

if TYPE_CHECKING:
    from email.message import EmailMessage

    from flask import Flask

# What a field is told by, in the languages that letters are written in.
WORDS = {name: (mark,) for name, mark in MARKS.items()} | {
    "languages": ("malgache", "Malagasy"),
    "availability": ("17 févr.", "17 Feb", "17/02"),
    "presence": ("sur place", "on site"),
}
WAITING = ("neighbour", "manager", "far", "manager of another", "administrator")
turns = count(1)


def told_by(letter: EmailMessage, world: World) -> set[str]:
    """The fields that a letter tells, by its texts and by whom it comes from."""
    parts = [part.get_content() for part in letter.walk() if part.get_content_maintype() == "text"]
    whole = "\n".join((str(letter["Subject"]), str(letter["From"]), *parts))
    words = WORDS | {"portrait": (world.marks["portrait"],)}
    return {name for name, marks in words.items() if any(mark in whole for mark in marks)}


def leaks(world: World, app: Flask, chosen: dict[str, str]) -> tuple[set[str], dict[str, set[str]]]:
    """Who was written to now, and what each was told that the rule keeps from them."""
    heard, found = set(), {}
    of_address = {account.email: reader for reader, account in world.people.items()}
    for letter in letters(app, world.make):
        reader = of_address[str(letter["To"])]
        heard.add(reader)
        too_much = told_by(letter, world) - world.seen(reader, chosen)
        if too_much:
            found[f"{reader}: {letter['Subject']}"] = too_much
    return heard, found


def awaited(world: World) -> None:
    """Everybody who may be told waits for the member, who has left."""
    owner, make = world.people["owner"], world.make
    world.choose(dict.fromkeys(DEFAULTS, "network"))
    with transaction():
        whereabouts.depart(make.actor(owner), now=make.now)
        whereabouts.choose(make.actor(owner), usual=[0, 3], awaited=True)
        for reader in WAITING:
            whereabouts.watch(make.actor(world.people[reader]), watched_id=owner.id, now=make.now)


def arrives(world: World) -> None:
    """The member comes to their site."""
    me = world.make.actor(world.people["owner"])
    with transaction():
        whereabouts.arrive(me, site_id=me.home_site_id or 0, now=world.make.now)


def acts(world: World) -> None:
    """What others are written about: answers, comments, a mention, requests, a wish to go."""
    make, owner, far = world.make, world.people["owner"], world.people["far"]
    me, turn = make.actor(owner), next(turns)
    firm = a_firm(make, far, f"Atelier {turn}")
    asked = help_.question(make, far)
    help_.accept(make, far, help_.answer(make, owner, asked))
    help_.comment(make, owner, asked)
    help_.question(make, owner, body=f"Pour @{make.actor(far).slug} surtout")
    asks_to_join(make, owner, firm)
    leave = life.asked(make, owner, "leave", reason="Un repos")
    with transaction():
        life_acts.cancel(me, leave.id, now=make.now)
        erasures.ask_erasure(me, now=make.now)
        erasures.withdraw_erasure(me, now=make.now)
    with transaction():
        term = proposals.propose(me, name=f"Teinture {turn}", now=make.now)
        curator = make.actor(world.people["administrator"])
        proposals.decline(curator, term.id, word="Nous l’avons déjà.", now=make.now)


@pytest.mark.slow
@settings(
    max_examples=12,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(choices)
def test_no_letter_tells_a_field_to_who_may_not_see_it(
    world: World, app: Flask, chosen: dict[str, str]
) -> None:
    awaited(world)
    world.choose(chosen)
    letters(app, world.make)
    arrives(world)
    heard, found = leaks(world, app, chosen)
    assert heard == {each for each in WAITING if "presence" in world.seen(each, chosen)}
    acts(world)
    told, more = leaks(world, app, chosen)
    assert {"far", "manager"} <= told
    assert found | more == {}


def test_a_letter_that_told_a_field_would_be_seen(world: World, app: Flask) -> None:
    """The arrival of somebody is a field: the same letter that is right for one is a leak else."""
    awaited(world)
    arrives(world)
    shut = dict.fromkeys(set(DEFAULTS) - {"email"}, "me")
    heard, found = leaks(world, app, shut)
    assert heard == set(WAITING)
    assert {frozenset(fields) for fields in found.values()} == {frozenset({"presence"})}
    assert all(NAME in each for each in found)
