"""Search finds the right people first, and never by what the reader may not see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incubator.kernel.db import db, transaction
from incubator.kernel.keyset import Cursor
from incubator.network.members import audiences, commands, directory, firms, skills
from incubator.network.members.audience import AUDIENCES
from incubator.network.members.models import Member
from tests.network.search_cases import CASES, PEOPLE, VOCABULARY

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from incubator.network.members.actor import Actor
    from tests.factories import Make


def names(make: Make, reader: Account, text: str, **more: object) -> list[str]:
    filters = directory.Filters(text=text, **more)  # type: ignore[arg-type]
    found = directory.find(
        filters, Cursor(size=24), make.now.date(), reader=make.actor(reader), now=make.now
    )
    return [card.name for card in found.page.rows]


@pytest.fixture
def network(make: Make) -> Account:
    """The people of the table; a reader of their site who is not in the way of any search."""
    ids: dict[str, int] = {}
    with transaction():
        for slug, (french, english, parent, synonyms) in VOCABULARY.items():
            ids[slug] = skills.add_skill(
                None, slug=slug, name_fr=french, name_en=english,
                parent_id=ids[parent] if parent else None,
                synonyms=[("fr", word) for word in synonyms],
            ).id  # fmt: skip
    sites = {city: make.site(city) for city in dict.fromkeys(each.site for each in PEOPLE)}
    for person in PEOPLE:
        account = make.member(sites[person.site], name=person.name)
        with transaction():
            commands.edit_profile(
                None, member_id=account.id, name=person.name,
                headline=person.headline, about=person.about,
            )  # fmt: skip
            commands.set_skills(
                None, member_id=account.id,
                offered={ids[slug]: level for slug, level in person.skills.items()},
                wanted=[ids[slug] for slug in person.wants],
            )  # fmt: skip
            if person.firm:
                firms.found_firm(
                    None, founder_id=account.id, today=make.now.date(),
                    details=firms.FirmDetails(name=person.firm),
                )  # fmt: skip
    return make.member(make.site("Brest"), name="Quidam X")


def test_every_search_of_the_table_finds_who_it_should(make: Make, network: Account) -> None:
    wrong = {}
    for typed, expected in CASES:
        wanted = [name for name in expected.removeprefix("!").split(", ") if name]
        found = names(make, network, typed)
        if found[: len(wanted)] != wanted or (expected.startswith("!") and found != wanted):
            wrong[typed] = found
    assert len(CASES) >= 60
    assert wrong == {}


def test_a_corrected_search_says_so_and_an_exact_one_finds_nothing(
    make: Make, network: Account
) -> None:
    reader = make.actor(network)
    found = directory.find(
        directory.Filters(text="comptabilté lyon"), Cursor(), make.now.date(), reader=reader
    )
    assert found.corrected == (("comptabilte", "comptabilité"),)
    assert names(make, network, "comptabilté", exact=True) == []


def test_the_skill_of_this_name_comes_before_longer_names(make: Make, network: Account) -> None:
    """«Comptabilité» before «Comptabilité et finance» and what belongs to it."""
    with transaction():
        family = skills.add_skill(None, slug="cf", name_fr="Comptabilité et finance",
                                    name_en="Books and finance")  # fmt: skip
        wide = skills.add_skill(None, slug="fact", name_fr="Facturation", name_en="Invoicing",
                                  parent_id=family.id)  # fmt: skip
        member = commands.add(name="Plus Récente", home_site_id=None, now=make.now)
        commands.set_skills(None, member_id=member.id, offered={wide.id: 3})
    assert names(make, network, "comptabilité") == ["Élise Nguyen", "Plus Récente"]


def test_pages_of_a_search_show_everybody_once_there_and_back(make: Make, network: Account) -> None:
    filters = directory.Filters(text="o e")
    reader, today = make.actor(network), make.now.date()
    with transaction():
        for number in range(7):
            commands.edit_profile(
                None, member_id=make_named(make, number), name=f"Same {number}",
                headline="Same again" if number % 2 else "",
            )  # fmt: skip
    filters = directory.Filters(text="same")
    seen: list[list[int]] = []
    cursor = Cursor(size=3)
    for _ in range(3):
        page = directory.find(filters, cursor, today, reader=reader).page
        seen.append([card.id for card in page.rows])
        cursor = Cursor(after=page.next, size=3)
    ids = [each for page_ids in seen for each in page_ids]
    assert len(ids) == len(set(ids)) == 7
    back = directory.find(filters, Cursor(before=page.previous, size=3), today, reader=reader).page
    assert [card.id for card in back.rows] == seen[1]


def make_named(make: Make, number: int) -> int:
    found = db.session.query(Member).order_by(Member.id).offset(number).first()
    assert found is not None
    return found.id


SECRET = {
    "headline": "Zébulonne",
    "about": "Quartzite",
    "firms": "Wagonnet",
}


FIELDS = ("headline", "about", "firms", "offers", "wants")
CHOICES = st.fixed_dictionaries({name: st.sampled_from(AUDIENCES) for name in FIELDS})


@pytest.mark.slow
@settings(max_examples=10,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(chosen=CHOICES)
def test_nobody_is_found_by_what_the_reader_may_not_see(
    cast: tuple[Account, list[Actor], int], make: Make, chosen: dict[str, str]
) -> None:
    """Over random audiences: each field finds its member for those who see it, and them only."""
    account, readers, skill_id = cast
    with transaction():
        audiences.set_audiences(None, member_id=account.id, chosen=chosen)
    member = db.session.get_one(Member, account.id)
    for reader in readers:
        seen = audiences.seen_fields(reader, member)
        for name, word in SECRET.items():
            for typed in (word, word[:5], word[:-3] + "xx"):
                found = directory.find(
                    directory.Filters(text=typed), Cursor(), make.now.date(), reader=reader
                )
                shown = [card.id for card in found.page.rows]
                if name not in seen:
                    assert shown == []
                    assert found.corrected == ()
                elif typed != word[:-3] + "xx":
                    assert shown == [account.id]
        for filters, name in (
            (directory.Filters(skill_ids=(skill_id,)), "offers"),
            (directory.Filters(wanted_ids=(skill_id + 1,)), "wants"),
            (directory.Filters(skill_ids=(skill_id,), sort="now"), "offers"),
        ):
            listed = directory.find(
                filters, Cursor(), make.now.date(), reader=reader, now=make.now
            ).page.rows
            assert [card.id for card in listed] == ([account.id] if name in seen else [])
        everybody = directory.find(
            directory.Filters(text="Personne"), Cursor(), make.now.date(), reader=reader
        ).page.rows
        card = next(each for each in everybody if each.id == account.id)
        assert bool(card.headline) == ("headline" in seen)
        assert bool(card.firms) == ("firms" in seen)
        assert bool(card.offered) == ("offers" in seen)


@pytest.fixture
def cast(make: Make) -> tuple[Account, list[Actor], int]:
    """A member with a word of their own in each field, and readers near and far."""
    site, other = make.site("Lyon"), make.site("Lille")
    account = make.member(site, name="Personne Cachée")
    with transaction():
        offered = skills.add_skill(None, slug="f", name_fr="Ferblanterie", name_en="Tinwork")
        wanted = skills.add_skill(None, slug="g", name_fr="Gnomonique", name_en="Dialling")
        commands.edit_profile(
            None, member_id=account.id, name="Personne Cachée",
            headline=SECRET["headline"], about=SECRET["about"],
        )  # fmt: skip
        commands.set_skills(None, member_id=account.id, offered={offered.id: 3}, wanted=[wanted.id])
        firms.found_firm(
            None, founder_id=account.id, today=make.now.date(),
            details=firms.FirmDetails(name=SECRET["firms"]),
        )  # fmt: skip
    assert wanted.id == offered.id + 1
    readers = [
        make.member(site), make.member(other), make.member(site, role="manager"),
        make.member(other, role="manager"), make.member(None, role="administrator"),
    ]  # fmt: skip
    return account, [make.actor(each) for each in readers], offered.id
