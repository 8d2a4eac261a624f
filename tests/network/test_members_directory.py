"""The directory finds the right people at a cost that does not grow."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, insert, text

from incubator.kernel.db import db, transaction
from incubator.kernel.fulltext import number_of
from incubator.kernel.keyset import Cursor
from incubator.kernel.spelling import KnownWord
from incubator.network.members import directory
from incubator.network.members.actor import Actor
from incubator.network.members.audiences import set_audiences
from incubator.network.members.models import Member
from incubator.network.members.skill_models import MemberDocument
from incubator.network.members.vocabulary import vocabulary
from tests.factories_members import a_firm, a_skill, offers

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from sqlalchemy import Connection

    from incubator.network.sites.models import Site
    from tests.factories import Make


def reader_of(make: Make) -> Actor:
    """Somebody of the network who lives at no site and is not listed."""
    return Actor(
        id=0, name="Reader", slug="reader", role="resident", home_site_id=None,
        managed_site_ids=frozenset(), language="fr", time_zone="Europe/Paris",
    )  # fmt: skip


def found(make: Make, query: str = "", *, sort: str = "name", **more: Any) -> list[str]:
    filters = directory.Filters(text=query, sort=sort, **more)
    page = directory.members_page(filters, Cursor(size=24), make.now.date(), reader=reader_of(make))
    return [card.name for card in page.rows]


@pytest.fixture
def people(make: Make) -> Site:
    site = make.site("Lyon")
    for name in ("Élise Nguyen", "Hugo Marchetti", "Maude Tremblay"):
        make.member(site, name=name)
    a_firm(make, make.member(make.site("Lille"), name="Théo Cœur"), "Copeaux & Cie")
    return site


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Élise Nguyen", "Hugo Marchetti", "Maude Tremblay", "Théo Cœur"]),
        ("elise", ["Élise Nguyen"]),
        ("ÉLI", ["Élise Nguyen"]),
        ("ma", ["Hugo Marchetti", "Maude Tremblay"]),
        ("ma hu", ["Hugo Marchetti"]),
        ("copeaux", ["Théo Cœur"]),
        ("cœur cie", ["Théo Cœur"]),
        ("coeu", ["Théo Cœur"]),
        ("elise hugo", []),
        ("zz", []),
    ],
)  # fmt: skip
def test_every_word_begins_a_word_of_the_name_or_the_firm(
    make: Make, people: Site, query: str, names: list[str]
) -> None:
    assert found(make, query) == names


@pytest.mark.parametrize("often", [-1, 40])
def test_filters_agree_however_rare_their_finds_are(
    make: Make, people: Site, often: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Finds that are sorted and a list that is walked show the same, by name and by day."""
    monkeypatch.setattr(directory, "SAMPLE", 1)
    monkeypatch.setattr(directory, "OFTEN", often)
    assert found(make, "ma", site_id=people.id) == ["Hugo Marchetti", "Maude Tremblay"]
    assert found(make, "ma", sort="newest") == ["Maude Tremblay", "Hugo Marchetti"]
    assert found(make, "ma hu") == ["Hugo Marchetti"]
    assert found(make, "co", site_id=people.id) == []


@pytest.mark.parametrize("often", [-1, 40])
def test_a_skill_kept_to_oneself_is_no_find_however_the_list_is_made(
    make: Make, often: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "SAMPLE", 1)
    monkeypatch.setattr(directory, "OFTEN", often)
    site, photo = make.site(), a_skill(make, "Photo")
    offers(make.member(site, name="Inès"), photo)
    hidden = make.member(site, name="Hugo")
    offers(hidden, photo)
    wanting = make.member(site, name="Léa")
    offers(wanting, a_skill(make, "Droit"), wants=(photo,))
    with transaction():
        set_audiences(None, member_id=hidden.id, chosen={"offers": "me"})
    assert found(make, skill_ids=(photo.id,)) == ["Inès"]
    assert found(make, skill_ids=(photo.id,), site_id=site.id) == ["Inès"]


def test_a_family_finds_who_offers_any_of_its_skills(make: Make) -> None:
    site = make.site()
    family = a_skill(make, "Droit")
    contracts, photo = a_skill(make, "Contrats", family), a_skill(make, "Photo")
    offers(make.member(site, name="Inès"), contracts, wants=(photo,))
    offers(make.member(site, name="Léo"), photo, wants=(contracts,))
    known = vocabulary("fr")
    head = known.with_slug("droit")
    assert head is not None
    assert found(make, skill_ids=tuple(known.below(head))) == ["Inès"]
    assert [(f.head.name, [t.name for t in f.terms]) for f in known.families()] == [
        ("Droit", ["Contrats"]),
        ("Photo", []),
    ]


def test_a_card_says_firms_offers_and_needs(make: Make) -> None:
    member = make.member(make.site())
    one, other = a_skill(make, "Photo"), a_skill(make, "Droit")
    offers(member, one, wants=(other,))
    a_firm(make, member, "Rive Claire")
    page = directory.members_page(
        directory.Filters(), Cursor(size=24), make.now.date(), reader=reader_of(make)
    )
    card = page.rows[0]
    assert (card.firms, card.offered, card.wanted) == (["Rive Claire"], [one.id], [other.id])
    assert directory.wanted_by(member.id) == {other.id}


def test_who_left_is_not_listed(make: Make) -> None:
    site = make.site()
    gone = make.member(site, name="Gone")
    with transaction():
        db.session.get_one(Member, gone.id).active = False
    assert found(make) == []
    assert directory.newest(5, site_id=site.id) == []


@pytest.mark.parametrize("newest_first", [False, True])
def test_pages_show_everybody_once(make: Make, newest_first: bool) -> None:
    site = make.site()
    for number in range(7):
        make.member(site, name=f"Same {number % 2}")
    filters = directory.Filters(site_id=site.id, sort="newest" if newest_first else "name")
    seen, cursor = [], Cursor(size=3)
    for _ in range(3):
        page = directory.members_page(filters, cursor, make.now.date(), reader=reader_of(make))
        seen += [card.id for card in page.rows]
        cursor = Cursor(after=page.next, size=3)
    assert len(seen) == len(set(seen)) == 7
    assert page.next is None


@pytest.fixture
def record_statements(connection: Connection) -> Callable[[], Any]:
    """``with record_statements() as seen``: each statement with its parameters."""

    @contextmanager
    def recording() -> Generator[list[tuple[str, Any]]]:
        seen: list[tuple[str, Any]] = []

        def note(_c: object, _cur: object, statement: str, parameters: Any, *_rest: object) -> None:
            if statement.startswith("SELECT"):
                seen.append((statement, parameters))

        event.listen(connection, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(connection, "before_cursor_execute", note)

    return recording


def fill(site: Site, count: int) -> None:
    """Many members at once; their commands would take minutes."""
    rows = range(1_000_001, 1_000_001 + count)
    joined = "2026-01-01 00:00:00"
    with transaction():
        db.session.execute(
            text(
                "INSERT INTO members_member (id, slug, name, sort_name, home_site_id, headline,"
                " about_md, about_html, phone, speaks, active, joined_at) VALUES (:id, :slug,"
                " :name, :name, :site, '', '', '', '', '', true, :joined)"
            ),
            [
                {"id": n, "slug": f"m{n}", "name": f"name{n}", "site": site.id, "joined": joined}
                for n in rows
            ],
        )
        words = [{"word": f"name{n}", "written": f"name{n}"} for n in rows]
        db.session.execute(insert(KnownWord), words)
        db.session.execute(
            insert(MemberDocument),
            [
                {"id": number_of(n), "member_id": n, "tokens": f"_n aname{n} _p{site.id}"}
                for n in rows
            ],
        )


def plan_of(statement: str, parameters: Any) -> str:
    """How the database walks for a statement."""
    sqlite = db.session.get_bind().dialect.name == "sqlite"
    prefix = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
    rows = db.session.connection().exec_driver_sql(prefix + statement, parameters).all()
    return "\n".join(str(row[-1]) for row in rows)


@pytest.mark.slow
@pytest.mark.parametrize("asked", ["all", "site", "newest", "site_newest"])
def test_no_page_scans_or_sorts_the_members(
    make: Make, asked: str, record_statements: Callable[[], Any]
) -> None:
    site = make.site()
    fill(site, 4000)
    db.session.connection().exec_driver_sql("ANALYZE")
    filters = {
        "all": directory.Filters(),
        "site": directory.Filters(site_id=site.id),
        "newest": directory.Filters(sort="newest"),
        "site_newest": directory.Filters(site_id=site.id, sort="newest"),
    }[asked]
    with record_statements() as statements:
        directory.members_page(filters, Cursor(size=24), make.now.date(), reader=reader_of(make))
    page = next(each for each in statements if "ORDER BY members_member." in each[0])
    plan = plan_of(*page)
    bad = r"Seq Scan on members_member |SCAN members_member$|TEMP B-TREE|Sort"
    assert not re.search(bad, plan), plan


@pytest.mark.slow
@pytest.mark.parametrize("query", ["name100000", "nam", "name"])
def test_words_are_looked_up_by_their_index(
    make: Make, record_statements: Callable[[], Any], query: str
) -> None:
    """Few finds and many: the search index gives the page, newest first."""
    fill(make.site(), 4000)
    db.session.connection().exec_driver_sql("ANALYZE")
    filters = directory.Filters(text=query)
    with record_statements() as statements:
        page = directory.members_page(
            filters, Cursor(size=24), make.now.date(), reader=reader_of(make)
        )
    last = 1_000_009 if query == "name100000" else 1_004_000
    assert [card.id for card in page.rows][:3] == [last, last - 1, last - 2]
    if db.session.get_bind().dialect.name == "sqlite":
        # PostgreSQL weighs: four thousand short documents are read faster than their index.
        plan = plan_of(*next(each for each in statements if "UNION ALL" in each[0]))
        assert "SCAN members_document " not in f"{plan} ", plan


@pytest.mark.slow
@pytest.mark.parametrize("sort", ["name", "newest"])
def test_a_few_finds_are_looked_up_and_no_index_is_walked_for_them(
    make: Make, record_statements: Callable[[], Any], sort: str
) -> None:
    site = make.site()
    fill(site, 4000)
    db.session.connection().exec_driver_sql("ANALYZE")
    filters = directory.Filters(text="name100000", sort=sort, site_id=site.id)
    with record_statements() as statements:
        page = directory.members_page(
            filters, Cursor(size=24), make.now.date(), reader=reader_of(make)
        )
    assert len(page.rows) == 9
    plan = plan_of(*next(each for each in statements if "ORDER BY members_member." in each[0]))
    if db.session.get_bind().dialect.name == "sqlite":
        # PostgreSQL weighs by what ANALYZE counted; SQLite takes the index it could walk in order.
        assert "SEARCH members_member USING INTEGER PRIMARY KEY" in plan, plan
    assert not re.search(r"Seq Scan on members_member |SCAN members_member$", plan), plan


def test_the_number_of_statements_of_a_search_is_the_same_for_few_and_many(
    make: Make, count_queries: Any
) -> None:
    site = make.site()
    fill(site, 30)
    counts = []
    for query in ("name1000001", "name100"):
        for filters in (
            directory.Filters(text=query),
            directory.Filters(text=query, sort="newest", site_id=site.id),
        ):
            with count_queries() as seen:
                assert directory.members_page(
                    filters, Cursor(size=24), make.now.date(), reader=reader_of(make)
                ).rows
            counts.append(len(seen))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 12
