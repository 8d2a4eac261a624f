"""Threads are found by their words, in the order that helps, and only by who may read them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from incubator.blueprints.help import looking
from incubator.domain.help import (
    commands,
    discussing,
    follows,
    search,
    search_terms,
    similar,
    voting,
)
from incubator.domain.help.rules import Wish
from incubator.domain.help.search_documents import index_all
from incubator.domain.help.search_models import ThreadDocument
from incubator.kernel.db import db, transaction
from incubator.kernel.keyset import Cursor
from incubator.network.members import skills as members
from incubator.network.members.skills import merge_skills
from incubator.network.members.vocabulary import vocabulary
from incubator.network.sites.queries import open_places
from tests import factories_help as h
from tests.domain.help_search_cases import CASES, THREADS, VOCABULARY

if TYPE_CHECKING:
    from incubator.domain.help.models import Question
    from incubator.network.accounts.models import Account
    from tests.factories import Make


def found(make: Make, reader: Account, text: str, **more: str) -> list[str]:
    """The titles that an address finds for a reader, in order."""
    known = vocabulary("fr")
    asked = looking.read({"q": text, **more}, looking.House(known, open_places(), "fr"))
    page = search.find(make.actor(reader), asked.filters(known), Cursor(size=20)).page
    return [thread.question.title for thread in page.rows]


@pytest.fixture
def written(make: Make) -> Account:
    """The threads of the table, asked by Nadia and in Montréal by Léa; a reader from elsewhere."""
    skills: dict[str, int] = {}
    with transaction():
        for slug, (french, english, synonyms) in VOCABULARY.items():
            skills[slug] = members.add_skill(
                None, slug=slug, name_fr=french, name_en=english,
                synonyms=[("fr", word) for word in synonyms],
            ).id  # fmt: skip
    sites = {city: make.site(city) for city in dict.fromkeys(each.site for each in THREADS)}
    askers = {
        city: make.member(site, name="Léa Roy" if city == "Montréal" else "Nadia Benali")
        for city, site in sites.items()
    }
    helper = make.member(sites["Lyon"], name="Hugo Marchetti")
    for number, each in enumerate(THREADS):
        at = make.now - timedelta(days=len(THREADS) - number)
        with transaction():
            asked = commands.ask(
                make.actor(askers[each.site]), title=each.title, body=each.body,
                skill_ids=[skills[slug] for slug in each.skills], once=each.name, now=at,
            )  # fmt: skip
        for text in each.answers:
            h.answer(make, helper, asked, body=text, now=at)
        if each.solved:
            h.accept(
                make, askers[each.site], h.answer(make, helper, asked, body=each.solved, now=at)
            )
    return make.member(make.site("Brest"), name="Quidam X")


def test_every_search_of_the_table_finds_the_right_threads_first(
    make: Make, written: Account
) -> None:
    names = {each.title: each.name for each in THREADS}
    wrong = {}
    for typed, expected in CASES:
        wanted = [name for name in expected.removeprefix("!").split(", ") if name]
        told = [names[title] for title in found(make, written, typed, sort=_sort(typed))]
        if told[: len(wanted)] != wanted or (expected.startswith("!") and told != wanted):
            wrong[typed] = told
    assert wrong == {}


def _sort(typed: str) -> str:
    """Lists without words are read from the newest question on; others by relevance."""
    return "" if search_terms.parse(typed).words else "newest"


@pytest.fixture
def asker(make: Make) -> Account:
    return make.member(make.site("Lyon"), name="Camille Dervaux")


def test_a_thread_of_a_site_is_found_by_those_who_may_read_it(make: Make) -> None:
    here, far = make.site("Lyon"), make.site("Dakar")
    asker, admin = make.member(here), make.member(far, role="administrator")
    h.question(make, asker, title="Le secret de la cour", audience="site")
    guest = make.member(here, role="guest")
    readers = {"asker": asker, "far": make.member(far), "admin": admin, "guest": guest}
    told = {name: bool(found(make, who, "secret")) for name, who in readers.items()}
    assert told == {"asker": True, "far": False, "admin": True, "guest": False}
    alike = {
        name: bool(similar.similar(make.actor(who), "Secret de cour"))
        for name, who in readers.items()
    }
    assert alike == told


def test_what_was_written_over_is_not_found_any_more(make: Make, asker: Account) -> None:
    asked = h.question(make, asker, title="Une cafetière à prêter", body="Elle siffle.")
    given = h.answer(make, asker, asked, body="Prenez la mienne, elle ronfle.")
    assert found(make, asker, "siffle") == found(make, asker, "ronfle") == [asked.title]
    term = h.skill(make)
    with transaction():
        commands.edit_question(
            make.actor(asker), asked.id, title=asked.title, body="Elle chante.",
            skill_ids=[term.id], revision=0, now=make.now,
        )  # fmt: skip
        commands.remove_answer(make.actor(asker), given.id, now=make.now)
    assert found(make, asker, "chante") == [asked.title]
    assert found(make, asker, "siffle", exact="1") == found(make, asker, "ronfle", exact="1") == []


def test_a_removed_thread_leaves_the_index(make: Make, asker: Account) -> None:
    asked = h.question(make, asker)
    with transaction():
        commands.remove_question(make.actor(asker), asked.id, now=make.now)
    assert db.session.scalar(select(func.count()).select_from(ThreadDocument)) == 0


def test_sorts_and_their_pages_go_there_and_back(make: Make, asker: Account) -> None:
    asked = [h.question(make, asker, title=f"Relance numéro {n}") for n in range(5)]
    h.answer(make, asker, asked[1], now=make.now + timedelta(hours=1))
    h.accept(make, asker, h.answer(make, asker, asked[3]))
    with transaction():
        follows.save(make.actor(asker), asked[0].id, now=make.now)
    orders = {
        "relevance": "43210",
        "newest": "43210",
        "oldest": "01234",
        "activity": "14320",
        "useful": "30421",
    }
    for sort, order in orders.items():
        assert there_and_back(make, asker, sort) == (order[:2], order[2:4], order[:2]), sort


def there_and_back(make: Make, reader: Account, sort: str) -> tuple[str, str, str]:
    actor, filters = make.actor(reader), search.Filters(view="all", text="relances", sort=sort)

    def read(cursor: Cursor) -> Any:
        return search.find(actor, filters, cursor).page

    def told(page: Any) -> str:
        return "".join(thread.question.title[-1] for thread in page.rows)

    first = read(Cursor(size=2))
    second = read(Cursor(after=first.next, size=2))
    back = read(Cursor(before=second.previous, size=2))
    return told(first), told(second), told(back)


def test_queues_hold_what_one_follows_and_keeps(make: Make, asker: Account) -> None:
    reader = make.member(make.site("Lille"))
    one, two, three = (h.question(make, asker, title=f"Question {n} ici") for n in range(3))
    with transaction():
        follows.follow(make.actor(reader), one.id, now=make.now)
        follows.save(make.actor(reader), two.id, now=make.now)
    h.answer(make, reader, three)
    assert found(make, reader, "", view="followed") == [three.title, one.title]
    assert found(make, reader, "is:saved") == [two.title]
    assert found(make, reader, "question", view="saved") == [two.title]
    assert found(make, reader, "autre", view="saved", exact="1") == []
    assert found(make, asker, "de:moi", sort="oldest") == [one.title, two.title, three.title]
    assert found(make, reader, "", view="followed", sort="oldest") == [one.title, three.title]


def test_two_skills_that_become_one_find_the_same(make: Make, asker: Account) -> None:
    kept, gone = h.skill(make, "Relance"), h.skill(make, "Recouvrement")
    asked = h.question(make, asker, gone, title="Un sujet sans ces mots")
    admin = make.actor(make.member(make.site("Dakar"), role="administrator"))
    with transaction():
        follows.follow_skill(make.actor(asker), gone.id, now=make.now)
        merge_skills(admin, gone_id=gone.id, kept_id=kept.id)
    assert found(make, asker, f"skill:{kept.slug}", sort="newest") == [asked.title]
    assert follows.follows_skill(asker.id, kept.id)


def test_solved_threads_come_first_among_those_alike(make: Make, asker: Account) -> None:
    def ask(title: str) -> Question:
        return h.question(make, asker, h.skill(make, title), title=title, body="Un mot.")

    solved, newer = ask("Relancer un client de longue date"), ask("Relancer un client pressé")
    h.accept(make, asker, h.answer(make, asker, solved, body="Par téléphone d’abord."))
    ask("Un client pour deux ateliers")
    alike = similar.similar(make.actor(asker), "Comment relancer nos clients ?")
    assert [each.id for each in alike] == [solved.id, newer.id]
    assert alike[0].solution == "Par téléphone d’abord."
    assert set(alike[0].words) >= {"relancer", "clients"}


def test_words_said_together_count_as_each_of_them(make: Make, asker: Account) -> None:
    h.skill(make, "Bail précaire")
    asked = h.question(make, asker, h.skill(make, "Droit"), title="Bail précaire : qui paie ?")
    alike = similar.similar(make.actor(asker), "Un bail précaire pour un entrepôt")
    assert [each.id for each in alike] == [asked.id]


def test_of_a_question_asked_twice_the_first_alone_is_told(make: Make, asker: Account) -> None:
    first, again = (
        h.question(make, asker, title=f"Relancer un client {how}") for how in ("pressé", "fâché")
    )

    def told() -> list[int]:
        return [each.id for each in similar.similar(make.actor(asker), "Relancer un client ?")]

    assert told() == [again.id, first.id]
    h.repeats(make, asker, again, first)
    assert told() == [first.id]


def test_threads_are_alike_by_skill_and_one_word(make: Make, asker: Account) -> None:
    term = h.skill(make, "Facturation")
    asked = h.question(make, asker, term, title="Un logiciel qui convienne ?")
    alike = similar.similar(make.actor(asker), "Quel logiciel de facturation choisir ?")
    assert [each.id for each in alike] == [asked.id]
    assert similar.similar(make.actor(asker), "Facturation") == []
    assert similar.similar(make.actor(asker), "de la") == []


def test_the_index_is_built_for_threads_from_before_it(make: Make, asker: Account) -> None:
    asked = h.question(make, asker, title="Une cafetière à prêter")
    with transaction():
        db.session.execute(ThreadDocument.__table__.delete())
    assert found(make, asker, "cafetière", exact="1") == []
    index_all({})
    assert found(make, asker, "cafetière") == [asked.title]


def test_who_asked_without_their_name_is_not_found_by_it(make: Make) -> None:
    site = make.site("Lyon")
    with transaction():
        db.session.get_one(type(site), site.id).hidden_askers = True
    asker, reader = make.member(site, name="Nadia Benali"), make.member(site)
    asked = h.question(make, asker, wish=Wish(anonymous=True))
    assert found(make, reader, "from:nadia") == []
    assert found(make, asker, "de:moi") == [asked.title]


def test_comments_are_found_and_votes_make_useful(make: Make, asker: Account) -> None:
    other = make.actor(make.member(make.site("Lille")))
    asked = h.question(make, asker)
    with transaction():
        discussing.comment(other, asked.id, body="Une remarque moirée", once="c", now=make.now)
        voting.vote(other, asked.id, given=True, now=make.now)
    assert found(make, asker, "moirées") == [asked.title]
    assert db.session.scalars(select(ThreadDocument.useful)).one() == 1
