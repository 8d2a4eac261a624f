"""Listings: who writes and reads them, their states, lists, photos and matches."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.domain.exchanges.listings import commands, lists, matching, personal, policy, queries
from incubator.domain.exchanges.listings.lists import Filters
from incubator.domain.exchanges.listings.models import Listing, ListingStep
from incubator.domain.exchanges.listings.records import New
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.keyset import Cursor
from tests.factories_listings import again, moved, of, terms, trader
from tests.factories_members import a_skill, offers, works_at

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make


def titles(make: Make, reader: Account, **filters: object) -> list[str]:
    page = lists.page_for(make.actor(reader), Filters(**filters), Cursor())  # type: ignore[arg-type]
    return [each.title for each in page.rows]


def test_a_need_is_written_once_and_says_who_did_it_when(make: Make) -> None:
    anna, skill = trader(make), a_skill(make)
    first = of(make, anna, skill, once="a" * 20)
    second = of(make, anna, skill, once="a" * 20)
    assert first.id == second.id
    assert (first.state, first.live, first.published_at) == ("published", True, make.now)
    assert first.until == make.now + timedelta(days=30)
    assert first.body_html == "<p>Empilables, <em>en bois</em> si possible.</p>"
    steps = queries.steps_of(first.id)
    assert [(each.act, each.by_id, each.at) for each in steps] == [
        ("publish", anna.account.id, make.now)
    ]


def test_only_people_of_the_firm_write_for_it_and_no_guest(make: Make) -> None:
    anna, boris = trader(make), trader(make, "Nantes")
    said = terms(anna.site, a_skill(make))
    with pytest.raises(NotAllowed), transaction():
        commands.write(
            make.actor(boris.account),
            New("need", anna.firm.id, "x" * 12),
            terms=said,
            publish=True,
            now=make.now,
        )
    guest = make.member(anna.site, role="guest")
    assert not policy.may_publish(make.actor(guest), anna.firm.id, {anna.firm.id})


def test_a_draft_is_for_its_firm_alone_and_is_published_when_whole(make: Make) -> None:
    anna, boris = trader(make), trader(make, "Nantes")
    colleague = make.member(anna.site)
    works_at(make, colleague, anna.firm)
    draft = of(make, anna, publish=False, body="")
    manager = make.member(anna.site, role="manager")
    for stranger in (boris.account, manager):
        with pytest.raises(NotFound):
            queries.visible_to(make.actor(stranger), draft.id)
    assert queries.visible_to(make.actor(colleague), draft.id).id == draft.id
    with pytest.raises(Refusal, match=r"listings\.unfinished"):
        moved(make, anna, draft, "publish")
    said = terms(anna.site, a_skill(make, "Bois"))
    with transaction():
        commands.rewrite(
            make.actor(colleague),
            draft.id,
            terms=said,
            once="o",
            publish=True,
            now=make.now,
        )
    assert again(draft).state == "published"
    assert titles(make, boris.account) == [draft.title]


def test_states_lead_where_the_rules_say_and_twice_is_once(make: Make) -> None:
    anna = trader(make)
    one = of(make, anna)
    for act, state in {"pause": "paused", "resume": "published", "part": "part_filled"}.items():
        for _ in range(2):
            assert moved(make, anna, one, act).state == state
    assert again(one).live
    assert moved(make, anna, one, "fill").state == "filled"
    with pytest.raises(Refusal, match=r"listings\.state"):
        moved(make, anna, one, "resume")
    count = len(db.session.scalars(select(ListingStep.id)).all())
    assert count == 5


def test_hidden_listings_are_not_found_by_others(make: Make) -> None:
    anna, boris = trader(make), trader(make, "Nantes")
    one = of(make, anna)
    assert titles(make, boris.account) == [one.title]
    moved(make, anna, one, "pause")
    assert titles(make, boris.account) == []
    with pytest.raises(NotFound):
        queries.visible_to(make.actor(boris.account), one.id)


def test_a_listing_of_a_site_stays_there_and_guests_read_none(make: Make) -> None:
    anna, boris = trader(make), trader(make, "Nantes")
    one = of(make, anna, visibility="site")
    neighbour = make.member(anna.site)
    boss = make.member(role="administrator")
    guest = make.member(anna.site, role="guest")
    for reader, sees in ((neighbour, 1), (boss, 1), (boris.account, 0), (guest, 0)):
        assert len(titles(make, reader)) == sees
        listed = lists.found(make.actor(reader), "chaises", 5)
        assert len(listed) == sees
        may = policy.may_read(make.actor(reader), one, queries.firm_ids_of(reader.id))
        assert may is bool(sees)


def test_managers_of_the_site_withdraw_with_a_reason_and_others_do_not(make: Make) -> None:
    anna = trader(make)
    one = of(make, anna)
    manager = make.actor(make.member(anna.site, role="manager"))
    elsewhere = make.actor(make.member(make.site("Nantes"), role="manager"))
    with pytest.raises(NotAllowed), transaction():
        commands.withdraw_as_manager(elsewhere, one.id, reason="Non", now=make.now)
    with pytest.raises(Refusal, match=r"listings\.reason"), transaction():
        commands.withdraw_as_manager(manager, one.id, reason="  ", now=make.now)
    with pytest.raises(NotAllowed), transaction():
        commands.move(manager, one.id, "pause", now=make.now)
    with transaction():
        commands.withdraw_as_manager(manager, one.id, reason="Hors sujet", now=make.now)
    assert again(one).state == "withdrawn"
    assert queries.steps_of(one.id)[0].reason == "Hors sujet"


def test_the_list_is_filtered_and_sorted(make: Make) -> None:
    anna, boris = trader(make), trader(make, "Nantes")
    bois, photo = a_skill(make, "Menuiserie"), a_skill(make, "Photographie")
    hour = timedelta(hours=1)
    of(make, anna, bois, title="Chaises", until=make.now + 9 * hour)
    of(
        make,
        boris,
        photo,
        kind="offer",
        title="Portraits d’équipe",
        remote=True,
        modes=frozenset({"hours", "cash"}),
        now=make.now + hour,
    )
    reader = make.member(anna.site)
    assert titles(make, reader) == ["Portraits d’équipe", "Chaises"]
    assert titles(make, reader, sort="ending") == ["Chaises", "Portraits d’équipe"]
    for filters in (
        {"kind": "need"},
        {"skill_ids": (bois.id,)},
        {"site_id": anna.site.id},
        {"mode": "barter"},
        {"text": "chaise"},
        {"text": "menuiserie"},
    ):
        assert titles(make, reader, **filters) == ["Chaises"], filters
    for filters in ({"remote": True}, {"mode": "cash"}, {"text": "portrait"}):
        assert titles(make, reader, **filters) == ["Portraits d’équipe"], filters
    assert titles(make, reader, skill_ids=()) == []
    assert titles(make, reader, text="zzzz") == []


def test_pages_follow_one_another_without_a_gap(make: Make) -> None:
    anna = trader(make)
    skill = a_skill(make)
    for number in range(7):
        of(make, anna, skill, title=f"Annonce {number}", kind="offer", now=make.now)
    reader = make.actor(make.member(anna.site))
    for sort in lists.SORTS:
        seen, after = [], None
        while True:
            page = lists.page_for(reader, Filters(sort=sort), Cursor(after=after, size=3))
            seen += [each.id for each in page.rows]
            after = page.next
            if after is None:
                break
        assert len(seen) == len(set(seen)) == 7


def test_a_need_meets_an_offer_of_another_city_both_ways(make: Make) -> None:
    anna, boris = trader(make), trader(make, "Montréal")
    compta = a_skill(make, "Comptabilité")
    need = of(make, anna, compta, min_cents=90_000, max_cents=150_000)
    offer = of(
        make, boris, compta, kind="offer", remote=True, min_cents=100_000, title="Tenue de comptes"
    )
    for owner, mine, other in ((anna, need, offer), (boris, offer, need)):
        reader = make.actor(owner.account)
        (found,) = matching.for_listing(reader, mine)
        assert (found.listing.id, found.fit.how, found.fit.values) == (other.id, "remote", True)
        (same,) = matching.own_for(reader, other)
        assert same.mine is not None
        assert same.mine.id == mine.id
        (first,) = matching.for_reader(reader)
        assert first.listing.id == other.id
        assert first.mine is not None


def test_a_profile_is_enough_to_be_told_of_a_need(make: Make) -> None:
    anna = trader(make)
    compta = a_skill(make, "Comptabilité")
    need = of(make, anna, compta)
    knows = make.member(make.site("Nantes"))
    offers(knows, compta)
    (found,) = matching.for_reader(make.actor(knows))
    assert (found.listing.id, found.mine, found.fit.skill_ids) == (need.id, None, (compta.id,))
    assert matching.for_reader(make.actor(anna.account)) == []


def test_what_is_over_fits_nothing(make: Make) -> None:
    anna, boris = trader(make), trader(make)
    skill = a_skill(make)
    need, offer = of(make, anna, skill), of(make, boris, skill, kind="offer")
    moved(make, boris, offer, "withdraw")
    assert matching.for_listing(make.actor(anna.account), again(need)) == []


def test_a_merged_term_takes_its_listings_along(make: Make) -> None:
    anna = trader(make)
    gone, kept = a_skill(make, "Compta"), a_skill(make, "Comptabilité")
    both, one = of(make, anna, gone, kept), of(make, anna, gone)
    with transaction():
        personal.move_skill(gone.id, kept.id)
    reader = make.actor(anna.account)
    for each in (both, one):
        assert queries.visible_to(reader, each.id).skill_ids == {kept.id}
    assert len(lists.found(reader, "comptabilité", 5)) == 2


def test_who_leaves_hands_over_to_a_colleague_or_withdraws(make: Make) -> None:
    anna, alone = trader(make), trader(make)
    colleague = make.member(anna.site)
    works_at(make, colleague, anna.firm)
    shared, orphan = of(make, anna), of(make, alone)
    with transaction():
        for who in (anna, alone):
            personal.release(who.account.id)
    assert again(shared).author_id == colleague.id
    assert (again(shared).state, again(orphan).state) == ("published", "withdrawn")


def test_a_draft_is_thrown_away_and_nothing_else(make: Make) -> None:
    anna = trader(make)
    draft, live = of(make, anna, publish=False), of(make, anna)
    with transaction():
        commands.discard(make.actor(anna.account), draft.id)
    with pytest.raises(Refusal), transaction():
        commands.discard(make.actor(anna.account), live.id)
    assert db.session.scalars(select(Listing.id)).all() == [live.id]
