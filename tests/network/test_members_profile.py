"""What a member adds to their profile: picture, links, mentoring, availability, hints."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from incubator.domain.suggestions.queries import history_of
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.files import DROP
from incubator.kernel.jobs import Job
from incubator.kernel.keyset import Cursor
from incubator.network.accounts.profiles import profile_for
from incubator.network.members import commands, completeness, profile, queries, rules
from incubator.network.members.audience import DEFAULTS
from incubator.network.members.audiences import set_audiences
from incubator.network.members.availability import (
    FURTHEST,
    MOST_MENTORED,
    Availability,
    Mentoring,
    availability_on,
    check_availability,
    check_mentoring,
    mentoring_on,
)
from incubator.network.members.directory import Filters, members_page
from incubator.network.members.models import Member
from tests.factories_members import a_firm, a_skill

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make

TODAY = date(2026, 11, 12)
SHOP = "https://atelier.example/nappes"
days = st.integers(-400, 400).map(lambda number: TODAY + timedelta(days=number))


@given(st.sampled_from(["limited", "away"]), st.none() | days, days)
def test_who_named_a_last_day_is_open_after_it_and_not_before(
    state: str, until: date | None, day: date
) -> None:
    seen = availability_on(Availability(state, until), day)
    over = until is not None and day > until
    assert seen == (Availability() if over else Availability(state, until))


@given(st.booleans(), st.none() | days, days)
def test_a_pause_ends_by_itself_and_nothing_else_of_mentoring_does(
    paused: bool, until: date | None, day: date
) -> None:
    seen = mentoring_on(Mentoring(3, "Prix", paused, until), day)
    assert (seen.capacity, seen.about) == (3, "Prix")
    assert seen.welcomes is not (paused and (until is None or day <= until))


def test_who_said_nothing_is_open_and_accompanies_nobody() -> None:
    assert availability_on(None, TODAY) == Availability("open")
    assert not mentoring_on(None, TODAY).welcomes


@pytest.mark.parametrize(
    ("wanted", "code", "field"),
    [
        (Availability("asleep"), "availability", "availability"),
        (Availability("away", TODAY - timedelta(days=1)), "past", "available_until"),
        (Availability("away", TODAY + FURTHEST + timedelta(days=1)), "too_far", "available_until"),
    ],
)
def test_an_availability_that_cannot_be_is_refused(
    wanted: Availability, code: str, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        check_availability(wanted, TODAY)
    assert (refused.value.code, refused.value.field) == (f"members.{code}", field)


@pytest.mark.parametrize(
    ("wanted", "code", "field"),
    [
        (Mentoring(-1), "capacity", "capacity"),
        (Mentoring(MOST_MENTORED + 1), "capacity", "capacity"),
        (Mentoring(1, "x" * 201), "too_long", "mentoring_about"),
        (Mentoring(1, "", True, TODAY - timedelta(days=1)), "past", "paused_until"),
    ],
)
def test_mentoring_that_cannot_be_is_refused(wanted: Mentoring, code: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_mentoring(wanted, TODAY)
    assert (refused.value.code, refused.value.field) == (f"members.{code}", field)


def test_what_has_no_meaning_is_not_kept() -> None:
    assert check_availability(Availability("open", TODAY), TODAY) == Availability()
    assert check_mentoring(Mentoring(0, "Prix", True, TODAY), TODAY) == Mentoring()
    assert check_mentoring(Mentoring(2, "", False, TODAY), TODAY) == Mentoring(2)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ([("Boutique", SHOP)], [("Boutique", SHOP)]),
        ([("", "  "), ("", "www.atelier.example")], [("atelier.example", "https://www.atelier.example")]),
        ([(" La  boutique ", SHOP), ("", "b.example")], [("La boutique", SHOP), ("b.example", "https://b.example")]),
    ],
)  # fmt: skip
def test_links_keep_their_order_and_get_a_name(typed: Any, kept: Any) -> None:
    assert rules.clean_links(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code", "field"),
    [
        ([("Boutique", "")], "link_address", "link_web_0"),
        ([("", ""), ("x", "http://atelier.example")], "link_address", "link_web_1"),
        ([("x", "javascript:alert(1)")], "web", "link_web_0"),
        ([("x", "https://a.example/\x00")], "web", "link_web_0"),
        ([("x", "https://me:pass@a.example")], "web", "link_web_0"),
        ([("x" * 41, SHOP)], "too_long", "link_label_0"),
        ([("x", f"{SHOP}/{'y' * 200}")], "too_long", "link_web_0"),
        ([("a", SHOP), ("b", SHOP)], "link_twice", "link_web_1"),
        ([("", f"https://{n}.example") for n in range(7)], "too_many_links", None),
    ],
)
def test_a_link_that_cannot_be_is_refused_at_its_line(
    typed: list[tuple[str, str]], code: str, field: str | None
) -> None:
    with pytest.raises(Refusal) as refused:
        rules.clean_links(typed)
    assert (refused.value.code, refused.value.field) == (f"members.{code}", field)


@given(st.text())
def test_no_text_of_a_profile_keeps_control_characters(text: str) -> None:
    kept = rules.fit(text[:50], "headline", most=50)
    assert not any((ord(c) < 32 and c not in "\n\r\t") or c in "\x7f\u202e\u2066" for c in kept)


@given(st.sets(st.sampled_from(completeness.STEPS)))
def test_the_hint_names_the_first_step_that_is_missing(said: set[str]) -> None:
    hint = completeness.hint_for(said)
    missing = [step for step in completeness.STEPS if step not in said]
    assert (hint is None) == (missing == [])
    if hint:
        assert (hint.step, hint.done, hint.total) == (missing[0], len(said), 7)


def test_a_hint_rests_for_thirty_days_and_then_comes_back() -> None:
    until = completeness.rest_from(TODAY)
    assert completeness.is_resting(until, TODAY + timedelta(days=29))
    assert not completeness.is_resting(until, TODAY + timedelta(days=30))
    assert not completeness.is_resting(None, TODAY)


@pytest.fixture
def owner(make: Make) -> Account:
    return make.member(make.site(), name="Zoé Ferrand")


def test_what_was_said_is_no_longer_asked_for(make: Make, owner: Account) -> None:
    me = make.actor(owner)
    skill, other = a_skill(make, "Tissage"), a_skill(make, "Photo")
    assert queries.said_by(me.id) == frozenset()
    with transaction():
        commands.edit_profile(
            me, member_id=me.id, name=me.name, headline="Tisse", about="Nappes", languages=["fr"]
        )  # fmt: skip
        commands.set_skills(me, member_id=me.id, offered={skill.id: 2}, wanted=[other.id])
        profile.introduce(me, member_id=me.id, links=[("", SHOP)])
        profile.set_portrait(me, member_id=me.id, portrait="a" * 32)
        profile.rest_hint(me, member_id=me.id, today=TODAY)
    assert completeness.hint_for(queries.said_by(me.id)) is None
    assert history_of(me.id).rests_until == TODAY + completeness.REST


def test_the_portrait_before_is_dropped_once(make: Make, owner: Account) -> None:
    me = make.actor(owner)
    for key in ("a" * 32, "b" * 32, "b" * 32, None, None):
        with transaction():
            profile.set_portrait(me, member_id=me.id, portrait=key)
    dropped = db.session.scalars(select(Job.payload).where(Job.kind == DROP).order_by(Job.id))
    assert [each["key"] for each in dropped] == ["a" * 32, "b" * 32]


def test_nobody_speaks_for_another(make: Make, owner: Account) -> None:
    boss = make.actor(make.member(role="administrator"))
    for act in (
        lambda: profile.set_portrait(boss, member_id=owner.id, portrait=None),
        lambda: profile.introduce(boss, member_id=owner.id),
        lambda: profile.rest_hint(boss, member_id=owner.id, today=TODAY),
        lambda: profile.set_mentoring(boss, member_id=owner.id, wanted=Mentoring(), today=TODAY),
        lambda: profile.set_availability(
            boss, member_id=owner.id, wanted=Availability(), today=TODAY
        ),
    ):
        with pytest.raises(NotAllowed), transaction():
            act()


@pytest.mark.parametrize(
    "wanted",
    [
        [Mentoring(2, "Prix"), Mentoring(3, "", True, TODAY), Mentoring(), Mentoring()],
    ],
)
def test_mentoring_is_said_changed_and_dropped(
    make: Make, owner: Account, wanted: list[Mentoring]
) -> None:
    me = make.actor(owner)
    for each in wanted:
        for _ in range(2):
            with transaction():
                profile.set_mentoring(me, member_id=me.id, wanted=each, today=TODAY)
        assert mentoring_on(queries.own_profile(me).mentoring, TODAY) == each


def test_availability_is_said_changed_and_dropped(make: Make, owner: Account) -> None:
    me = make.actor(owner)
    for each in (Availability("away", TODAY), Availability("limited"), Availability()):
        for _ in range(2):
            with transaction():
                profile.set_availability(me, member_id=me.id, wanted=each, today=TODAY)
        assert availability_on(queries.own_profile(me).availability, TODAY) == each


def test_ways_of_helping_belong_to_what_is_offered(make: Make, owner: Account) -> None:
    me, skill = make.actor(owner), a_skill(make)
    with transaction():
        ways = {skill.id: ["on_site", "by_chat"], 999: ["by_call"]}
        commands.set_skills(me, member_id=me.id, offered={skill.id: 2}, ways=ways)
    assert queries.own_profile(me).skills[0].ways == ("by_chat", "on_site")
    with pytest.raises(Refusal, match=r"members\.way"), transaction():
        ways = {skill.id: ["by_pigeon"]}
        commands.set_skills(me, member_id=me.id, offered={skill.id: 2}, ways=ways)


def test_lists_show_a_face_and_a_line_that_everybody_may_see(make: Make, owner: Account) -> None:
    me = make.actor(owner)
    with transaction():
        commands.edit_profile(me, member_id=me.id, name=me.name, headline="Tisse")
        profile.set_portrait(me, member_id=me.id, portrait="a" * 32)
    for chosen, shown in (
        ({}, ("a" * 32, "Tisse")),
        ({"portrait": "site"}, (None, "Tisse")),
        ({"headline": "me"}, ("a" * 32, "")),
        (dict.fromkeys(DEFAULTS, "managers"), (None, "")),
    ):
        with transaction():
            set_audiences(me, member_id=me.id, chosen=chosen)
        member = db.session.get_one(Member, me.id)
        assert (member.face, member.line) == shown
        row = db.session.query(Member.face, Member.line).filter_by(id=me.id).one()
        assert tuple(row) == shown


def test_no_name_of_a_field_is_part_of_another() -> None:
    # Lists look for the name of a field among the names of those that are narrowed.
    assert [(a, b) for a in DEFAULTS for b in DEFAULTS if a != b and a in b] == []
    assert len(",".join(DEFAULTS)) <= 200


def test_a_firm_kept_among_neighbours_finds_nobody(make: Make, owner: Account) -> None:
    me = make.actor(owner)
    a_firm(make, owner, "Bobinoir")
    far = make.actor(make.member(make.site("Dakar")))
    for chosen, found in (({"firms": "site"}, 0), ({}, 1)):
        with transaction():
            set_audiences(me, member_id=me.id, chosen=chosen)
        page = members_page(Filters(text="bobinoir"), Cursor(), TODAY, reader=far)
        assert len(page.rows) == found


def test_a_profile_is_cut_once_for_every_door(make: Make, owner: Account) -> None:
    me, far = make.actor(owner), make.actor(make.member(make.site("Dakar")))
    with transaction():
        commands.edit_profile(me, member_id=me.id, name=me.name, phone="04 72 00 00 00")
        set_audiences(me, member_id=me.id, chosen={"phone": "site", "time_zone": "me"})
    seen = profile_for(far, queries.profile(far, me.slug), TODAY)
    assert (seen.phone, seen.email, seen.time_zone) == ("", "", "")
    mine = profile_for(me, queries.profile(me, me.slug), TODAY)
    assert (mine.phone, mine.email, mine.time_zone) == (
        "04 72 00 00 00", owner.email, "Europe/Paris",
    )  # fmt: skip
