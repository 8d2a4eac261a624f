"""Firms, their people with dates, and how they are found."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.kernel.db import as_of, db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.fulltext import words_among
from incubator.kernel.keyset import Cursor
from incubator.network.members import (
    audiences,
    firm_list,
    firm_people,
    firm_queries,
    firms,
    queries,
)
from incubator.network.members.firm_models import Firm, FirmRole, FirmSkill
from incubator.network.members.sectors import SECTORS
from incubator.network.members.skill_models import MemberDocument
from incubator.reactions.audit.models import AuditEntry
from tests.factories_members import a_firm, a_skill, abandons, works_at

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make


def edited(make: Make, by: Account, firm: Firm, **details: Any) -> Firm:
    with transaction():
        return firms.edit_firm(
            make.actor(by),
            firm_id=firm.id,
            details=firms.FirmDetails(**({"name": firm.name} | details)),
            today=make.now.date(),
        )


def ended(make: Make, by: Account, role: FirmRole, **more: Any) -> None:
    with transaction():
        firm_people.end_role(
            make.actor(by), role_id=role.id, today=make.now.date() + timedelta(days=30), **more
        )


def words_of(member: Account) -> set[str]:
    query = select(MemberDocument.tokens).where(MemberDocument.member_id == member.id)
    return {word for tokens in db.session.scalars(query) for word in words_among(tokens)}


def names(make: Make, **filters: Any) -> list[str]:
    page = firm_list.firms_page(firm_list.Filters(**filters), Cursor(size=50))
    return [firm.name for firm in page.rows]


def test_a_firm_makes_its_people_found_by_its_name(make: Make) -> None:
    founder, second = make.member(make.site(), name="Ada"), make.member(make.site(), name="Bob")
    firm = a_firm(make, founder, "Copeaux & Cie")
    works_at(make, second, firm)
    assert words_of(second) == {"bob", "copeaux", "cie"}
    edited(make, founder, firm, name="Ronces")
    assert words_of(founder) == {"ada", "ronces", "gerance"}
    assert words_of(second) == {"bob", "ronces"}


def test_the_first_person_keeps_the_firm_and_the_others_do_not(make: Make) -> None:
    founder, second = make.member(make.site()), make.member(make.site())
    firm = a_firm(make, founder)
    works_at(make, second, firm)
    standing = firm_queries.standing_of(firm, make.now.date())
    assert standing.keepers == {founder.id}
    assert standing.people == {founder.id, second.id}
    with pytest.raises(NotAllowed, match=r"firms\.edit"):
        edited(make, second, firm, name="Pris")


def test_adding_the_same_firm_twice_gives_the_first(make: Make) -> None:
    founder = make.member(make.site())
    assert a_firm(make, founder, "Rive").id == a_firm(make, founder, "rive").id
    assert a_firm(make, make.member(make.site()), "Rive").slug == "rive-2"


def test_no_firm_takes_the_address_of_a_page(make: Make) -> None:
    member = make.member(make.site())
    slugs = [a_firm(make, member, name).slug for name in ("Nouvelle", "Requests", "Logos")]
    assert slugs == ["nouvelle-firm", "requests-firm", "logos-firm"]


def test_a_name_like_another_of_the_site_asks_whether_it_is_that_one(make: Make) -> None:
    site = make.site()
    a_firm(make, make.member(site), "Copeaux & Cie")
    newcomer = make.actor(make.member(site))

    def add(name: str, *, sure: bool = False) -> Firm:
        with transaction():
            return firms.found_firm(
                newcomer,
                founder_id=newcomer.id,
                details=firms.FirmDetails(name=name),
                today=make.now.date(),
                sure=sure,
            )

    with pytest.raises(Refusal) as refused:
        add("Copeau SARL")
    assert (refused.value.code, refused.value.field) == ("firms.lookalike", "name")
    assert add("Copeau SARL", sure=True).slug == "copeau-sarl"
    assert add("Ronces").slug == "ronces"
    elsewhere = make.site("Dakar")
    assert firm_queries.lookalikes("Copeaux", elsewhere.id) == []


def test_one_number_belongs_to_one_firm_of_a_country(make: Make) -> None:
    founder = make.member(make.site())
    first = a_firm(make, founder, "Un", registration="732 829 320")
    assert (first.registration, first.country) == ("732829320", "FR")
    with pytest.raises(Refusal) as refused:
        a_firm(make, founder, "Deux", registration="73282932000074")
    assert refused.value.code == "firms.registration_taken"
    assert refused.value.details["firm"] == "Un"
    second = a_firm(make, founder, "Deux", registration="RC 12", country="HT")
    with pytest.raises(Refusal, match="registration_taken"):
        edited(make, founder, second, registration="732829320")
    assert edited(make, founder, first, registration="732829320", city="Lyon").city == "Lyon"


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"name": " "}, "name"),
        ({"country": "France"}, "country"),
        ({"registration": "732829321"}, "registration"),
        ({"sector": "magic"}, "sector"),
        ({"size": 0}, "size"),
        ({"since_year": 2027}, "since_year"),
        ({"since_year": 2026, "since_month": 12}, "since_month"),
        ({"web": "javascript:alert(1)"}, "web"),
        ({"about": "x" * 5001}, "about_md"),
        ({"offers": [999]}, "offers"),
        ({"needs": list(range(13))}, "needs"),
    ],
)
def test_what_a_firm_cannot_say_is_refused_beside_its_field(
    make: Make, details: dict[str, Any], field: str
) -> None:
    founder = make.member(make.site())
    firm = a_firm(make, founder)
    with pytest.raises(Refusal) as refused:
        edited(make, founder, firm, **details)
    assert refused.value.field == field


def test_what_a_firm_offers_is_not_also_wanted_and_the_log_names_what_changed(make: Make) -> None:
    founder = make.member(make.site())
    wood, law = a_skill(make, "Bois"), a_skill(make, "Droit")
    firm = a_firm(make, founder)
    for _ in range(2):
        edited(make, founder, firm, offers=[wood.id], needs=[law.id, wood.id], pitch="Ici")
    rows = db.session.execute(
        select(FirmSkill.skill_id, FirmSkill.wanted).order_by(FirmSkill.position)
    ).all()
    assert [tuple(row) for row in rows] == [(wood.id, False), (law.id, True)]
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "firm_changed"))
    assert [entry.data["changed"] for entry in entries] == [["pitch", "skills"]]


def test_strangers_and_guests_do_not_change_firms(make: Make) -> None:
    site = make.site()
    firm = a_firm(make, make.member(site))
    guest, stranger = make.member(site, role="guest"), make.member(site, role="manager")
    with pytest.raises(NotAllowed):
        edited(make, stranger, firm)
    with pytest.raises(NotAllowed), transaction():
        firms.set_logo(make.actor(stranger), firm_id=firm.id, logo=None, today=make.now.date())
    with pytest.raises(NotAllowed, match=r"firms\.found"), transaction():
        firms.found_firm(
            make.actor(guest),
            founder_id=guest.id,
            details=firms.FirmDetails(name="Pris"),
            today=make.now.date(),
        )
    with pytest.raises(NotFound):
        edited(make, stranger, Firm(id=999, name="Nulle part"))
    boss = make.member(role="administrator")
    assert edited(make, boss, firm, name="Repris").name == "Repris"


def test_joining_again_changes_nothing(make: Make) -> None:
    founder = make.member(make.site())
    firm = a_firm(make, founder)
    assert works_at(make, founder, firm, "Autre").title == "Gérance"
    with pytest.raises(NotFound), transaction():
        firm_people.join_firm(firm_id=firm.id, member_id=999, today=make.now.date())


def test_a_role_that_ended_is_past_and_the_firm_no_word_of_theirs(make: Make) -> None:
    founder, second = make.member(make.site()), make.member(make.site(), name="Bob")
    firm = a_firm(make, founder, "Rive")
    role = works_at(make, second, firm)
    later = make.now.date() + timedelta(days=30)
    with as_of(make.now + timedelta(days=31)):
        ended(make, founder, role)
        ended(make, founder, role)
    assert words_of(second) == {"bob"}
    assert [each.member_id for each in firm_queries.people_of(firm.id, later)] == [founder.id]
    past = firm_queries.past_people_of(firm.id, later)
    assert [(each.member_id, each.until_on) for each in past] == [(second.id, later)]
    assert [each.firm_id for each in firm_queries.past_roles_of(second.id, later)] == [firm.id]
    assert queries.roles_of(second.id, later) == []


def test_a_role_that_ends_on_its_first_day_never_was(make: Make) -> None:
    founder, second = make.member(make.site()), make.member(make.site())
    firm = a_firm(make, founder)
    role = works_at(make, second, firm)
    with transaction():
        firm_people.end_role(make.actor(second), role_id=role.id, today=make.now.date())
    assert firm_queries.past_people_of(firm.id, make.now.date()) == []


def test_the_last_keeper_names_another_or_says_nobody(make: Make) -> None:
    founder, second = make.member(make.site()), make.member(make.site())
    firm = a_firm(make, founder)
    works_at(make, second, firm)
    role = firm_people.lasting_role(firm.id, founder.id)
    assert role
    with pytest.raises(Refusal, match=r"firms\.last_keeper"):
        ended(make, founder, role)
    with pytest.raises(Refusal, match=r"firms\.last_keeper"), transaction():
        firm_people.set_keeper(
            make.actor(founder), role_id=role.id, keeper=False, today=make.now.date()
        )
    for nobody in (founder.id, make.member(make.site()).id):
        with pytest.raises(Refusal, match=r"firms\.heir"):
            ended(make, founder, role, heir_id=nobody)
    ended(make, founder, role, heir_id=second.id)
    later = make.now.date() + timedelta(days=30)
    assert firm_queries.standing_of(firm, later).keepers == {second.id}


def test_a_firm_may_be_left_to_nobody_and_then_its_people_change_nothing(make: Make) -> None:
    founder = make.member(make.site())
    firm = a_firm(make, founder)
    abandons(make, founder, firm)
    assert not firm_queries.standing_of(firm, make.now.date()).is_kept
    with pytest.raises(NotAllowed):
        edited(make, founder, firm)


def test_keepers_give_and_take_the_keys(make: Make) -> None:
    founder, second = make.member(make.site()), make.member(make.site())
    firm = a_firm(make, founder)
    role = works_at(make, second, firm)
    today = make.now.date()
    with pytest.raises(NotAllowed), transaction():
        firm_people.set_keeper(make.actor(second), role_id=role.id, keeper=True, today=today)
    for keeper in (True, True, False):
        with transaction():
            firm_people.set_keeper(make.actor(founder), role_id=role.id, keeper=keeper, today=today)
        held = firm_queries.standing_of(firm, today).keepers
        assert held == ({founder.id, second.id} if keeper else {founder.id})


def corrected(make: Make, by: Account, role: FirmRole, **more: Any) -> None:
    values = {"title": "X", "since_on": role.since_on, "until_on": role.until_on} | more
    with transaction():
        firm_people.correct_role(
            make.actor(by),
            role_id=role.id,
            today=make.now.date() + timedelta(days=60),
            **values,
        )


def test_days_are_corrected_but_never_overlap(make: Make) -> None:
    founder, second = make.member(make.site()), make.member(make.site())
    firm = a_firm(make, founder)
    first = works_at(make, second, firm)
    ended(make, founder, first)
    day = make.now.date()
    with transaction():
        again = firm_people.join_firm(
            firm_id=firm.id, member_id=second.id, today=day + timedelta(days=40)
        )
    corrected(make, second, again, since_on=day + timedelta(days=30), title="Associée")
    with pytest.raises(Refusal, match=r"firms\.overlap"):
        corrected(make, second, again, since_on=day + timedelta(days=29))
    with pytest.raises(Refusal, match=r"firms\.overlap"):
        corrected(make, founder, first, until_on=day + timedelta(days=31))
    with pytest.raises(Refusal, match=r"firms\.until"):
        corrected(make, founder, first, until_on=None)
    corrected(make, second, first, since_on=day - timedelta(days=900))
    with pytest.raises(NotAllowed):
        corrected(make, make.member(make.site()), first)
    with pytest.raises(Refusal, match="role_over"), transaction():
        firm_people.set_keeper(make.actor(founder), role_id=first.id, keeper=True, today=day)


def test_the_database_itself_refuses_two_roles_that_last(make: Make) -> None:
    founder = make.member(make.site())
    firm = a_firm(make, founder)
    row = {"firm_id": firm.id, "member_id": founder.id, "since_on": make.now.date()}
    row["since_on"] += timedelta(days=1)
    with pytest.raises(Exception, match=r"(?i)unique"), db.session.begin_nested():
        db.session.add(FirmRole(**row))
        db.session.flush()


def test_people_are_shown_to_whom_they_let_see_their_firms(make: Make) -> None:
    lyon, dakar = make.site("Lyon"), make.site("Dakar")
    founder = make.member(lyon, name="Ada")
    firm = a_firm(make, founder)
    boss, neighbour, far = make.member(lyon, role="manager"), make.member(lyon), make.member(dakar)
    roles = firm_queries.people_of(firm.id, make.now.date())
    seen = {
        "network": {founder, boss, neighbour, far},
        "site": {founder, boss, neighbour},
        "managers": {founder, boss},
        "me": {founder},
    }
    for audience, readers in seen.items():
        with transaction():
            audiences.set_audiences(None, member_id=founder.id, chosen={"firms": audience})
        for reader in (founder, boss, neighbour, far):
            shown = firm_queries.shown_to(make.actor(reader), roles)
            assert bool(shown) is (reader in readers), audience
            named = firm_queries.names_seen(make.actor(reader), [founder.id])
            assert bool(named) is (reader in readers), audience


def test_firms_are_found_by_words_sector_site_and_offers(make: Make) -> None:
    lyon, dakar = make.site("Lyon"), make.site("Dakar")
    wood = a_skill(make, "Bois")
    a_firm(make, make.member(lyon), "Copeaux & Cie", sector="wood", offers=[wood.id])
    a_firm(make, make.member(dakar), "Énergie Sahel", sector="energy", activity="Solaire")
    a_firm(make, make.member(lyon), "Zinc", sector="building", needs=[wood.id])
    assert names(make) == ["Copeaux & Cie", "Énergie Sahel", "Zinc"]
    assert names(make, words=firm_list.search_words("cop")) == ["Copeaux & Cie"]
    assert names(make, words=firm_list.search_words("ENERG sol")) == ["Énergie Sahel"]
    assert names(make, words=("copeaux", "zinc")) == []
    assert names(make, sector="wood") == ["Copeaux & Cie"]
    assert names(make, site_id=lyon.id) == ["Copeaux & Cie", "Zinc"]
    assert names(make, skill_ids=(wood.id,)) == ["Copeaux & Cie"]
    assert names(make, site_id=dakar.id, skill_ids=(wood.id,)) == []


def test_the_list_is_paged_by_name_with_a_constant_number_of_queries(
    make: Make, count_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firm_list, "FEW", 2)
    site = make.site()
    wood = a_skill(make)
    for number in range(9):
        a_firm(make, make.member(site), f"Maison {number}", offers=[wood.id])
    filters = firm_list.Filters(words=("maison",), skill_ids=(wood.id,))
    read, after, counts = [], None, set()
    while True:
        with count_queries() as seen:
            page = firm_list.firms_page(filters, Cursor(after=after, size=4))
        counts.add(len(seen))
        read += [firm.name for firm in page.rows]
        after = page.next
        if after is None:
            break
    assert read == [f"Maison {number}" for number in range(9)]
    assert counts == {4}


def test_every_sector_has_a_short_code() -> None:
    assert len(set(SECTORS)) == len(SECTORS)
    assert max(map(len, SECTORS)) <= 20
