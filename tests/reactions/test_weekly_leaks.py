"""Letters of a week tell nobody more than the pages do: random networks, all kinds of readers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from incubator.demo.stage import luck
from incubator.domain.help import policy as help_policy
from incubator.domain.help.models import Answer, Question
from incubator.domain.help.rules import Wish
from incubator.domain.newsletter import commands
from incubator.domain.notices import commands as notice_commands
from incubator.domain.notices import policy as notice_policy
from incubator.domain.notices.models import Notice
from incubator.kernel.db import as_of, db, transaction
from incubator.network.members.audiences import seen_fields, set_audience
from incubator.network.members.models import Member
from incubator.network.sites.queries import place_of
from incubator.reactions.newsletter.composing import compose
from incubator.reactions.newsletter.reading import told_to
from tests import factories_help as h
from tests.factories_accounts import letters
from tests.factories_circles import circle
from tests.factories_counting import thank
from tests.factories_notices import announced
from tests.factories_weekly import FRIDAY, HOUR, THURSDAY, TUESDAY, WEEK, a_draft, earlier, edition

if TYPE_CHECKING:
    from random import Random

    from flask import Flask

    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make

ROLES = ("resident", "resident", "resident", "manager", "guest", "alumni")
NETWORKS = 3


@dataclass
class Network:
    """People and things, and the marks by which their secrets are found in texts."""

    make: Make
    luck: Random
    sites: list[Site] = field(default_factory=list)
    people: list[Account] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    def subjects(self) -> list[tuple[str, int]]:
        """Everything there is, whether a composer would choose it or not."""
        found = [(kind, each.id) for kind in ("solved", "call") for each in self.questions]
        found += [("answer", each.id) for each in self.answers]
        found += [("notice", each.id) for each in self.notices]
        return found + [("member", each.id) for each in self.people]


def network(make: Make, seed: int) -> Network:
    """A random network with circles, unnamed askers, hidden threads and choosy members."""
    made = Network(earlier(make), luck("a week", str(seed)))
    for name in ("Lyon", "Lille"):
        site = make.site(name)
        with transaction():
            db.session.get_one(type(site), site.id).hidden_askers = True
        made.sites.append(site)
    _people(made)
    for number in range(8):
        _thread(made, number)
    for site in (*made.sites, None):
        _notice(made, site)
    return made


def _people(made: Network) -> None:
    long_ago = earlier(made.make, TUESDAY - timedelta(days=90))
    for site in made.sites:
        for role in ROLES:
            number = len(made.people)
            person = long_ago.member(
                site,
                name=f"Nom{number}x",
                role=role,
                email=f"p{number}@example.org",
                language=made.luck.choice(["fr", "en"]),
            )
            made.people.append(person)
            with transaction():
                db.session.get_one(Member, person.id).headline = f"Titre{number}x"
            with transaction():
                audience = made.luck.choice(["me", "managers", "site", "network"])
                set_audience(made.make.actor(person), name="headline", audience=audience)
    made.people.append(long_ago.member(role="administrator", email="admin@example.org"))


def _thread(made: Network, number: int) -> None:
    chance, members = made.luck, [each for each in made.people if _writes(made, each)]
    asker, *others = chance.sample(members, 4)
    audience = chance.choice(["network", "network", "site", "circle"])
    if audience == "circle":
        audience = f"circle:{circle(made.make, asker, others[0], name=f'Cercle {number}').id}"
    unnamed = audience == "network" and chance.random() < 0.6
    asked = h.question(
        made.make,
        asker,
        title=f"Question numéro {number}x",
        audience=audience,
        wish=Wish(anonymous=unnamed),
    )
    made.questions.append(asked)
    if chance.random() < 0.7:
        near = [each for each in others if help_policy.may_read(made.make.actor(each), asked)]
        helper = near[0] if near and not unnamed else asker
        given = h.answer(made.make, helper, asked)
        made.answers.append(given)
        for grateful in near[1:] if helper is not asker else near:
            thank(made.make, grateful, given)
        if helper is not asker:
            h.accept(made.make, asker, given)


def _writes(made: Network, person: Account) -> bool:
    actor = made.make.actor(person)
    return not actor.is_guest and actor.home_site_id is not None


def _notice(made: Network, site: Site | None) -> None:
    author = next(
        each
        for each in made.people
        if (
            made.make.actor(each).manages(site.id)
            if site
            else made.make.actor(each).is_administrator
        )
    )
    said = announced(
        made.make, author, site, title=f"Annonce {site.name if site else 'générale'}x", days=30
    )
    made.notices.append(said)


def hide_some(made: Network) -> None:
    """After letters were drafted, a question and an announcement are taken away."""
    chief = made.make.actor(made.people[-1])
    asked = made.luck.choice(made.questions)
    with transaction():
        db.session.get_one(Question, asked.id).state = "removed"
        notice_commands.withdraw(chief, made.luck.choice(made.notices).id, now=THURSDAY + HOUR)


def readable(made: Network, reader: Account) -> dict[str, set[int]]:
    """What the rules let somebody read, kind by kind."""
    actor = made.make.actor(reader)
    asked = {each.id: db.session.get_one(Question, each.id) for each in made.questions}
    threads = {each for each, row in asked.items() if help_policy.may_read(actor, row)}
    standing = [db.session.get_one(Notice, each.id) for each in made.notices]
    return {
        "solved": threads,
        "call": threads,
        "answer": {each.id for each in made.answers if each.question_id in threads},
        "notice": {
            each.id
            for each in standing
            if notice_policy.may_read(actor, each) and each.withdrawn_at is None
        },
        "member": {each.id for each in made.people},
    }


def too_much(made: Network, reader: Account, text: str) -> set[str]:
    """The marks in a text of what its reader may not know."""
    actor, allowed = made.make.actor(reader), readable(made, reader)
    hidden = {each.title for each in made.questions if each.id not in allowed["solved"]}
    hidden |= {each.title for each in made.notices if each.id not in allowed["notice"]}
    for person in made.people:
        member = db.session.get_one(Member, person.id)
        if member.headline and "headline" not in seen_fields(actor, member):
            hidden.add(member.headline)
    return {mark for mark in hidden if mark in text}


@pytest.mark.parametrize("seed", range(NETWORKS))
def test_a_page_shows_each_reader_what_the_rules_let_them_read(
    make: Make, sign_in: Any, seed: int
) -> None:
    made = network(make, seed)
    drafts = [(site, a_draft(site, *made.subjects())) for site in made.sites]
    hide_some(made)
    with as_of(THURSDAY + 2 * HOUR), transaction():
        for _site, draft in drafts:
            commands.send(make.actor(made.people[-1]), draft, now=THURSDAY + 2 * HOUR)
    shown = 0
    for site, _draft in drafts:
        for reader in made.people:
            told = told_to(make.actor(reader), edition(site), now=FRIDAY)
            allowed = readable(made, reader)
            for each in told:
                assert each.item.subject_id in allowed[each.item.kind], (reader.email, each)
                _named(made, reader, each)
            page = sign_in(reader).get(f"/la-semaine/2026-46/{site.slug}")
            if make.actor(reader).is_guest:
                assert page.status_code == 403
                continue
            assert too_much(made, reader, page.text) == set()
            shown += "Question numéro" in page.text
    assert shown


def _named(made: Network, reader: Account, told: Any) -> None:
    """Whoever gave an answer to their own question without a name is not named."""
    if told.item.kind != "answer":
        return
    given = db.session.get_one(Answer, told.item.subject_id)
    asked = db.session.get_one(Question, given.question_id)
    secret = given.author_id == asked.author_id
    if secret and not help_policy.knows_asker(made.make.actor(reader), asked):
        assert told.found.facts["name"] == ""


@pytest.mark.parametrize("seed", range(NETWORKS))
def test_mail_tells_each_reader_what_the_rules_let_them_read(
    app: Flask, make: Make, seed: int
) -> None:
    made = network(make, seed)
    drafts = [a_draft(site, *made.subjects()) for site in made.sites]
    hide_some(made)
    with as_of(FRIDAY):
        letters(app, make)
        with transaction():
            for draft in drafts:
                commands.send(make.actor(made.people[-1]), draft, now=FRIDAY)
        sent = letters(app, make)
    readers = {each.email: each for each in made.people}
    assert {str(letter["To"]) for letter in sent} == {
        each.email for each in made.people if _writes(made, each)
    }
    unnamed = {each.id: each for each in made.questions if each.anonymous}
    for letter in sent:
        texts = [part.get_content() for part in letter.walk() if not part.is_multipart()]
        reader = readers[str(letter["To"])]
        for text in texts:
            assert too_much(made, reader, text) == set()
            assert re.search("Question numéro|Annonce", text)
            for asked in unnamed.values():
                thanked = f"{db.session.get_one(Member, asked.author_id).name}, "
                own = any(
                    each.author_id == asked.author_id and each.question_id not in unnamed
                    for each in made.answers
                )
                assert own or thanked not in text


@pytest.mark.parametrize("seed", range(NETWORKS))
def test_what_a_composer_chooses_every_member_of_the_site_may_read(make: Make, seed: int) -> None:
    made = network(make, seed)
    hide_some(made)
    chosen = 0
    for site in made.sites:
        place = place_of(site.id)
        assert place
        subjects = compose(place, THURSDAY - WEEK, THURSDAY)
        for reader in made.people:
            if _writes(made, reader) and make.actor(reader).home_site_id == site.id:
                allowed = readable(made, reader)
                for kind, number in subjects:
                    if kind in allowed:
                        assert number in allowed[kind]
                        chosen += 1
    assert chosen
