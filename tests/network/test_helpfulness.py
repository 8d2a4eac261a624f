"""Who can help now: more of anything good never ranks lower, and the list stays short."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from incubator.kernel.db import transaction
from incubator.kernel.keyset import Cursor
from incubator.network.members import audiences, commands, directory, profile, whereabouts
from incubator.network.members.availability import AWAY, LIMITED, OPEN, Availability
from incubator.network.members.helpfulness import Facts, score
from tests.factories_members import a_skill, offers

if TYPE_CHECKING:
    from tests.factories import Make

FACTS = st.builds(
    Facts,
    level=st.integers(0, 3),
    near=st.booleans(),
    here=st.booleans(),
    state=st.sampled_from((OPEN, LIMITED, AWAY)),
    helped=st.integers(0, 20),
    since=st.one_of(st.none(), st.timedeltas(timedelta(0), timedelta(2000))),
)


@given(FACTS)
def test_more_of_anything_good_never_ranks_lower(facts: Facts) -> None:
    better = [
        replace(facts, level=min(3, facts.level + 1)),
        replace(facts, near=True),
        replace(facts, here=True),
        replace(facts, state=OPEN),
        replace(facts, helped=facts.helped + 1),
        replace(facts, since=facts.since / 2 if facts.since else None),
    ]
    assert all(score(each) >= score(facts) for each in better)
    assert score(facts) > 0


@given(FACTS)
def test_who_is_away_ranks_below_the_same_person_available(facts: Facts) -> None:
    in_order = [score(replace(facts, state=state)) for state in (AWAY, LIMITED, OPEN)]
    assert in_order == sorted(set(in_order))


def helpers(make: Make, reader: object, **more: object) -> list[tuple[str, Facts]]:
    filters = directory.Filters(sort="now", **more)  # type: ignore[arg-type]
    found = directory.find(
        filters,
        Cursor(),
        make.now.date(),
        reader=reader,
        now=make.now,  # type: ignore[arg-type]
    )
    return [(card.name, card.reason) for card in found.page.rows if card.reason]


def test_the_nearest_most_able_and_available_come_first(make: Make) -> None:
    lyon, lille = make.site("Lyon"), make.site("Lille")
    skill = a_skill(make, "Droit")
    people = {name: make.member(site, name=name) for name, site in
              (("Loin", lille), ("Près", lyon), ("Ici", lyon), ("Absent", lyon))}  # fmt: skip
    for member in people.values():
        offers(member, skill)
    with transaction():
        audiences.set_audiences(None, member_id=people["Ici"].id, chosen={"presence": "network"})
        whereabouts.arrive(
            make.actor(people["Ici"]), site_id=lyon.id, now=make.now,
            until=make.now + timedelta(hours=3),
        )  # fmt: skip
        profile.set_availability(
            None, member_id=people["Absent"].id, wanted=Availability(AWAY), today=make.now.date()
        )
    reader = make.actor(make.member(lyon, name="Lectrice"))
    listed = helpers(make, reader, skill_ids=(skill.id,))
    assert [name for name, _facts in listed] == ["Ici", "Près", "Loin", "Absent"]
    assert listed[0][1].here
    assert [name for name, _ in helpers(make, reader, skill_ids=(skill.id,), here_at=make.now)] == [
        "Ici"
    ]


def test_presence_and_availability_count_only_for_who_may_see_them(make: Make) -> None:
    lyon = make.site("Lyon")
    skill, member = a_skill(make, "Droit"), make.member(lyon, name="Discrète")
    offers(member, skill)
    with transaction():
        whereabouts.arrive(
            make.actor(member), site_id=lyon.id, now=make.now,
            until=make.now + timedelta(hours=3),
        )  # fmt: skip
        profile.set_availability(
            None, member_id=member.id, wanted=Availability(AWAY), today=make.now.date()
        )
        audiences.set_audiences(None, member_id=member.id, chosen={"availability": "me"})
    reader = make.actor(make.member(lyon))
    ((_name, facts),) = helpers(make, reader, skill_ids=(skill.id,))
    assert (facts.here, facts.state) == (False, OPEN)
    assert helpers(make, reader, skill_ids=(skill.id,), here_at=make.now) == []


def test_without_a_skill_what_the_reader_looks_for_counts(make: Make) -> None:
    site = make.site()
    law, photo = a_skill(make, "Droit"), a_skill(make, "Photo")
    offers(make.member(site, name="Juriste"), law)
    offers(make.member(site, name="Photographe"), photo)
    seeker = make.member(site, name="Lectrice")
    offers(seeker, wants=(law,))
    assert [name for name, _ in helpers(make, make.actor(seeker))] == ["Juriste"]


def test_the_list_is_short_and_leaves_the_reader_out(make: Make) -> None:
    site, skill = make.site(), a_skill(make, "Droit")
    reader = make.member(site)
    offers(reader, skill)
    with transaction():
        for number in range(3):
            commands.add(name=f"Autre {number}", home_site_id=site.id, now=make.now)
    assert len(helpers(make, make.actor(reader))) == 3
