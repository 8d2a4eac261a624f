"""No field of a member is shown to who may not see it, through any door.

A door is one line of ``DOORS``: how to knock, and what it may tell. Whoever adds a page, a
search, an export or an API that tells of members adds a line; the rest is done by the test.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from incubator.domain.chat import directs
from incubator.kernel.db import db, transaction
from incubator.kernel.files import store_picture
from incubator.network.members import commands, profile, queries, whereabouts
from incubator.network.members.audience import DEFAULTS, Audiences, choices_of, reach
from incubator.network.members.audiences import set_audiences
from incubator.network.members.availability import Availability, Mentoring
from incubator.network.members.models import Member
from tests import factories_chat as chat
from tests import factories_help as help_
from tests.factories_members import a_firm, a_skill
from tests.pictures import picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from incubator.network.accounts.models import Account
    from tests.factories import Make

NAME = "Zoé Ferrand"
READERS = ("owner", "manager", "manager of another", "neighbour", "far", "guest", "administrator")
# A word of each field that stands nowhere else.
MARKS = {
    "headline": "Tisserandine",
    "about": "Quenouillette",
    "pronouns": "iel-æl",
    "languages": "malgache",
    "links": "Fuselinks",
    "phone": "+33 6 39 98 77 66",
    "email": "zoe.marque@example.org",
    "time_zone": "Noumea",
    "offers": "Ourdissage",
    "wants": "Cardage",
    "firms": "Bobinoir",
    "mentoring": "Filaturage",
    "availability": "17 févr.",
    "presence": 'id="presence"',
    # Sockets alone tell it: tests/sockets/test_presence.py.
    "online": "\N{BULLET}online",
    "reading": "\N{BULLET}reading",
}
CARD_MARKS = MARKS | {"languages": "LANG:mg", "links": "fuselinks"}
NOT_ON_CARD = {"offers", "wants", "mentoring", "availability", "portrait", "presence", "online"} | {
    "reading"
}
# On cards, the days on site are behind a line of their menu; on the page of who is there, a name.
LIST_MARKS = MARKS | {"presence": "#presence"}
NAMED_MARKS = MARKS | {"presence": NAME}
# In tables, languages are codes.
FILE_MARKS = MARKS | {"languages": "mg"}


@dataclass(repr=False)
class World:
    """A member of whom everything can be said, whoever may read, and the addresses."""

    make: Make
    browsers: dict[str, FlaskClient]
    people: dict[str, Account]
    addresses: dict[str, str]
    marks: dict[str, str] = field(default_factory=lambda: dict(MARKS))

    def choose(self, chosen: dict[str, str]) -> None:
        """Let the member choose their audiences."""
        owner = self.people["owner"]
        with transaction():
            set_audiences(self.make.actor(owner), member_id=owner.id, chosen=chosen)

    def seen(self, reader: str, chosen: dict[str, str]) -> frozenset[str]:
        """What the rule says that a reader sees."""
        owner = db.session.get_one(Member, self.people["owner"].id)
        near = reach(self.make.actor(self.people[reader]), owner.id, owner.home_site_id)
        return Audiences(chosen).seen_by(near)


@dataclass(frozen=True)
class Door:
    """A way to ask: the address in the world, and the fields that it tells when all is open.

    ``to`` are those to whom it opens; ``kept`` cuts away what the page says of everybody.
    """

    at: str
    tells: frozenset[str]
    to: tuple[str, ...] = READERS
    kept: Callable[[str], str] = lambda text: text
    marks: Any = None
    read: Callable[[TestResponse], str] = lambda answer: answer.text


def unfolded(text: str) -> str:
    return text.replace("\r\n ", "").replace("\\,", ",")


def without_choices(text: str) -> str:
    """A page without its lists of choices: they name every skill and every firm."""
    return re.sub(r"<(select|datalist).*?</\1>", "", text, flags=re.DOTALL)


def unzipped(answer: TestResponse) -> str:
    """All that a spreadsheet holds."""
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def without_its_skill(text: str) -> str:
    """A page of questions without the skill they ask for: it is not said of a member."""
    return without_choices(text).replace(MARKS["offers"], "")


def without_the_vocabulary(text: str) -> str:
    """A page that offers every skill, or the firm by its name, without these words."""
    return re.sub("Ourdissage|Cardage|Bobinoir", "", text)


MEMBERS = tuple(reader for reader in READERS if reader != "guest")
EVERYTHING = frozenset({*MARKS, "portrait"})
LISTED = frozenset({"headline", "portrait"})
CARDS = LISTED | {"firms", "offers", "wants", "presence"}
FILED = frozenset({"email", "phone", "headline", "languages"})
RUN_IT = ("manager", "administrator")
DOORS = {
    "profile": Door("profile", EVERYTHING - {"online", "reading"}),
    "contact card": Door("card", frozenset(MARKS) - NOT_ON_CARD, kept=unfolded, marks=CARD_MARKS),
    "directory": Door("directory", CARDS, MEMBERS, kept=without_choices, marks=LIST_MARKS),
    "directory, as a list": Door(
        "list", LISTED | {"offers", "presence"}, MEMBERS, kept=without_choices, marks=LIST_MARKS
    ),
    "directory, by name": Door("named", CARDS, MEMBERS, kept=without_choices, marks=LIST_MARKS),
    "directory, by a word of the text": Door(
        "worded",
        frozenset({"about"}),
        MEMBERS,
        kept=without_choices,
        marks={"about": f"{NAME}</a>"},
    ),
    "directory, who is there": Door(
        "there", frozenset({"presence"}), MEMBERS, kept=without_choices, marks=NAMED_MARKS
    ),
    "directory, who can help now": Door(
        "helping",
        frozenset({"offers", "presence"}),
        MEMBERS,
        kept=without_choices,
        marks={"offers": f"{NAME}</a>", "presence": "sur place à Lyon"},
    ),
    "directory, newest first": Door(
        "newest", LISTED, MEMBERS, kept=without_choices, marks=LIST_MARKS
    ),
    "first page": Door("home", LISTED, ("neighbour", "manager")),
    "site": Door("site", LISTED),
    "firm": Door(
        "firm", frozenset({"portrait"}), MEMBERS, kept=lambda text: text.replace("Bobinoir", "")
    ),
    "room": Door("room", LISTED, MEMBERS),
    "room, as sockets tell it": Door("sync", frozenset({"portrait"}), MEMBERS),
    "thread that they answered": Door("thread", frozenset({"firms", "portrait"})),
    "thread that they could answer": Door(
        "wanted", frozenset({"portrait"}), MEMBERS, kept=without_its_skill
    ),
    "list of threads": Door("threads", frozenset({"portrait"}), kept=without_its_skill),
    "hours of the site": Door("hours", frozenset({"portrait"}), RUN_IT),
    "who is in by the hours": Door("today", frozenset(), RUN_IT),
    "accounts": Door("accounts", frozenset({"email", "portrait"}), RUN_IT),
    "account": Door("account", frozenset({"email", "time_zone"}), RUN_IT),
    "list of managers": Door("roster", frozenset({"email", "portrait"}), RUN_IT),
    "file of managers": Door("file", FILED, RUN_IT, marks=FILE_MARKS),
    "spreadsheet of managers": Door("sheet", FILED, RUN_IT, marks=FILE_MARKS, read=unzipped),
    "message to many": Door("mailing", frozenset(), RUN_IT),
    "two rows of one person": Door("double", frozenset({"email", "portrait"}), RUN_IT),
    "who is on site": Door("on site", frozenset({"presence"}), marks=NAMED_MARKS),
    "first word to somebody": Door("first word", frozenset(), ("neighbour",)),
    "conversation of two": Door("two", frozenset({"portrait"}), ("far",)),
    "conversations": Door("rooms", frozenset({"portrait"}), ("far",)),
    "names to mention": Door("mention", frozenset({"portrait"}), MEMBERS),
    "question to somebody": Door("to them", frozenset(), MEMBERS, kept=without_the_vocabulary),
    "comments": Door("comments", frozenset({"portrait"})),
    "versions of an answer": Door("history", frozenset()),
    "firms": Door("firms", frozenset(), MEMBERS, kept=without_the_vocabulary),
}


# Looking for a word of a field finds its member for those who may see it.
FINDS = (
    ("offers", "/annuaire?skill=ourdissage"),
    ("wants", "/annuaire?wanted=cardage"),
    ("offers", "/annuaire?q=ourdissage"),
    ("offers", "/annuaire?q=ourdisage"),
    ("firms", "/annuaire?q=bobinoir"),
    ("firms", "/reseau/suivi?q=bobinoir"),
    ("firms", "/reseau/membres?q=bobinoir"),
    ("headline", "/annuaire?q=tisserandine"),
    ("headline", "/annuaire?q=tisserandne"),
    ("about", "/annuaire?q=quenouill"),
    ("languages", "/annuaire?speaks=mg"),
    ("mentoring", "/annuaire?mentor=1"),
    ("presence", "/annuaire?here=1"),
)


def dressed(make: Make, app: Flask, owner: Account) -> str:
    """Let a member say everything; the key of their picture."""
    me = make.actor(owner)
    folder = app.extensions["incubator"].settings.uploads_dir
    key = store_picture(picture(), folder, (96, 192, 384), square=True)
    offered, wanted = a_skill(make, MARKS["offers"]), a_skill(make, MARKS["wants"])
    with transaction():
        commands.edit_profile(
            me, member_id=me.id, name=NAME, headline=MARKS["headline"], about=MARKS["about"],
            phone=MARKS["phone"], languages=["mg"],
        )  # fmt: skip
        links = [(MARKS["links"], "https://fuselinks.example")]
        profile.introduce(me, member_id=me.id, pronouns=MARKS["pronouns"], links=links)
        profile.set_portrait(me, member_id=me.id, portrait=key)
        commands.set_skills(
            me, member_id=me.id, offered={offered.id: 3}, wanted=[wanted.id],
            ways={offered.id: ["by_call"]},
        )  # fmt: skip
        today = make.now.date()
        mentors = Mentoring(3, MARKS["mentoring"])
        profile.set_mentoring(me, member_id=me.id, wanted=mentors, today=today)
        away = Availability("away", date(2027, 2, 17))
        profile.set_availability(me, member_id=me.id, wanted=away, today=today)
        whereabouts.choose(me, usual=[0, 3], awaited=True)
        whereabouts.arrive(me, site_id=me.home_site_id or 0, now=make.now)
    a_firm(make, owner, MARKS["firms"])
    return key


@pytest.fixture
def world(make: Make, app: Flask, sign_in: Any, frozen: object) -> World:
    here, there = make.site("Lyon"), make.site("Nantes")
    owner = make.member(here, name=NAME, email=MARKS["email"], time_zone="Pacific/Noumea")
    people = {
        "owner": owner,
        "manager": make.member(here, role="manager"),
        "manager of another": make.member(there, role="manager"),
        "neighbour": make.member(here),
        "far": make.member(there),
        "guest": make.member(here, role="guest"),
        "administrator": make.member(role="administrator"),
    }
    key = dressed(make, app, owner)
    chat.rooms(make)
    chat.sit(make, *people.values())
    chat.say(make, owner, chat.room_of(here))
    chat.say(make, owner, chat.room_of(None))
    term = queries.own_profile(make.actor(owner)).skills[0].skill
    answered, wanted = (
        help_.question(make, people["far"]),
        help_.question(make, people["far"], term),
    )
    given = help_.answer(make, owner, answered)
    help_.comment(make, owner, answered)
    with transaction():
        two = directs.open_with(make.actor(people["far"]), owner.id, now=make.now)
    chat.say(make, owner, two.id)
    room = chat.room_of(None)
    slug = make.actor(owner).slug
    addresses = {
        "profile": f"/annuaire/{slug}",
        "card": f"/annuaire/{slug}/carte.vcf",
        "directory": "/annuaire",
        "list": "/annuaire?view=list",
        "named": "/annuaire?q=ferrand",
        "worded": "/annuaire?q=quenouillette",
        "there": "/annuaire?here=1",
        "helping": f"/annuaire?sort=now&skill={term.slug}",
        "newest": "/annuaire?sort=newest",
        "home": "/",
        "site": f"/sites/{here.slug}",
        "firm": "/entreprises/bobinoir",
        "room": "/discussions/reseau",
        "sync": f"/discussions/sync?at={room}:0",
        "thread": f"/entraide/{answered.id}-{answered.slug}",
        "wanted": f"/entraide/{wanted.id}-{wanted.slug}",
        "threads": "/entraide?view=all",
        "hours": f"/heures/site/{here.slug}?view=name",
        "today": f"/heures/site/{here.slug}/aujourd-hui",
        "accounts": "/reseau/membres?q=zoe",
        "account": f"/reseau/membres/{owner.id}",
        "roster": "/reseau/suivi?q=zoe",
        "file": "/reseau/suivi/fichier?kind=csv",
        "sheet": "/reseau/suivi/fichier?kind=xlsx",
        "mailing": "/reseau/suivi/ecrire?q=zoe",
        "double": f"/annuaire/{slug}/doublon?other={people['neighbour'].id}",
        "on site": f"/sites/{here.slug}/sur-place",
        "first word": f"/discussions/avec/{slug}",
        "two": f"/discussions/{two.slug}",
        "rooms": "/discussions",
        "mention": "/entraide/personnes?q=zoe",
        "to them": f"/entraide/demander?to={slug}&skill={term.slug}",
        "comments": f"/entraide/{answered.id}/commentaires",
        "history": f"/entraide/reponse/{given.id}/historique",
        "firms": "/entreprises?q=bobinoir",
        "picture": f"/portraits/{slug}/{key}-96.webp",
    }
    browsers = {reader: sign_in(account) for reader, account in people.items()}
    made = World(make, browsers, people, addresses)
    made.marks["portrait"] = key
    return made


def told(world: World, door: Door, reader: str) -> set[str]:
    """The fields that a door tells a reader; nothing where it is shut."""
    answer = world.browsers[reader].get(world.addresses[door.at])
    assert answer.status_code < 500
    with answer:
        text = door.kept(door.read(answer)) if answer.status_code == 200 else ""
    marks = {**(door.marks or world.marks), "portrait": world.marks["portrait"]}
    return {name for name, mark in marks.items() if mark in text}


def test_every_field_has_a_mark(world: World) -> None:
    assert set(world.marks) == set(DEFAULTS)


@pytest.mark.parametrize("name", DOORS)
def test_a_door_tells_what_it_may_when_all_is_open(world: World, name: str) -> None:
    door = DOORS[name]
    world.choose(dict.fromkeys(DEFAULTS, "network"))
    for reader in door.to:
        expected = door.tells & world.seen(reader, dict.fromkeys(DEFAULTS, "network"))
        if reader != "owner":
            assert expected <= told(world, door, reader), reader


choices = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(choices_of(name)) for name in sorted(DEFAULTS)}
)


@pytest.mark.slow
@settings(
    max_examples=20,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(choices, st.sampled_from(READERS))
def test_no_door_tells_a_field_to_who_may_not_see_it(
    world: World, chosen: dict[str, str], reader: str
) -> None:
    world.choose(chosen)
    seen = world.seen(reader, chosen)
    leaks = {name: told(world, door, reader) - seen for name, door in DOORS.items()}
    assert {name: fields for name, fields in leaks.items() if fields} == {}
    browser, at = world.browsers[reader], world.addresses
    with browser.get(at["picture"]) as answer:
        assert (answer.status_code == 200) == ("portrait" in seen)
    # Who is found by a word, or named by a firm, tells it as well.
    for name, address in FINDS:
        page = without_choices(browser.get(address).text)
        assert name in seen or NAME not in page, address
    assert "firms" in seen or NAME not in browser.get(at["firm"]).text or reader == "owner"
    assert "offers" in seen or NAME not in browser.get(at["wanted"]).text or reader == "owner"


def test_the_neighbours_of_a_room_learn_no_picture_kept_for_managers(world: World) -> None:
    world.choose({"portrait": "managers"})
    answer = world.browsers["neighbour"].get(world.addresses["sync"])
    assert world.marks["portrait"] not in answer.text
    assert '"face":null' in answer.text.replace(" ", "")
