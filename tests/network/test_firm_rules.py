"""What firms may say, when roles hold, what becomes of requests: pure rules and policies."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.kernel.errors import Refusal
from incubator.network.members import firm_policy, firm_rules
from incubator.network.members.actor import Actor
from incubator.network.members.firm_policy import Asked, Standing

TODAY = date(2026, 11, 12)
DAYS = st.dates(date(2000, 1, 1), TODAY)


def person(id: int, *, role: str = "resident", manages: frozenset[int] = frozenset()) -> Actor:
    return Actor(
        id=id, name="X", slug="x", role=role, home_site_id=1, managed_site_ids=manages,
        language="fr", time_zone="UTC",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("year", "month", "reason"),
    [
        (2027, None, "firms.year"),
        (1066, None, "firms.year"),
        (2026, 12, "firms.month"),
        (2025, 13, "firms.month"),
        (None, 3, "firms.month_alone"),
    ],
)
def test_a_beginning_that_cannot_be_is_refused(
    year: int | None, month: int | None, reason: str
) -> None:
    with pytest.raises(Refusal) as refused:
        firm_rules.check_since(year, month, TODAY)
    assert refused.value.code == reason


def test_a_beginning_of_this_month_or_without_a_month_holds() -> None:
    for year, month in ((2026, 11), (2026, None), (1900, 12), (None, None)):
        firm_rules.check_since(year, month, TODAY)


def test_sizes_sectors_and_many_skills_are_checked() -> None:
    assert firm_rules.check_sector("") == ""
    for code, call in (
        ("firms.size", lambda: firm_rules.check_size(0)),
        ("firms.sector", lambda: firm_rules.check_sector("magic")),
        ("firms.too_many_skills", lambda: firm_rules.check_skills(range(13), [])),
        ("firms.too_many_skills", lambda: firm_rules.check_skills([], range(13))),
    ):
        with pytest.raises(Refusal, match=code):
            call()


@pytest.mark.parametrize(
    ("since", "until", "reason"),
    [
        (TODAY + timedelta(days=1), None, "firms.since"),
        (date(1066, 1, 1), None, "firms.since"),
        (TODAY, TODAY + timedelta(days=1), "firms.until"),
        (TODAY, TODAY, "firms.order"),
    ],
)
def test_days_of_a_role_have_come_and_run_forward(
    since: date, until: date | None, reason: str
) -> None:
    with pytest.raises(Refusal, match=reason):
        firm_rules.check_span(since, until, TODAY)


@given(DAYS, st.none() | DAYS, DAYS, st.none() | DAYS)
def test_two_roles_are_apart_exactly_when_no_day_is_in_both(
    since: date, until: date | None, begins: date, ends: date | None
) -> None:
    far = date(2100, 1, 1)
    one, other = (since, until or far), (begins, ends or far)
    shared = max(one[0], other[0]) < min(one[1], other[1])
    empty = one[0] >= one[1] or other[0] >= other[1]
    if empty:
        return
    if not shared:
        firm_rules.check_apart(since, until, [(begins, ends)])
        return
    with pytest.raises(Refusal, match=r"firms\.overlap"):
        firm_rules.check_apart(since, until, [(begins, ends)])


@given(st.sampled_from(firm_rules.STATES), st.lists(st.sampled_from(list(firm_rules.ACTS))))
def test_a_request_is_decided_once_and_for_all(state: str, acts: list[str]) -> None:
    seen = [state]
    for act in acts:
        with suppress(Refusal):
            state = firm_rules.decided(state, act)
        seen.append(state)
    decided = [each for each in seen if each != firm_rules.OPEN]
    assert len(set(decided)) <= 1
    assert seen == [firm_rules.OPEN] * (len(seen) - len(decided)) + decided


def test_an_answer_after_another_says_so() -> None:
    with pytest.raises(Refusal, match=r"firms\.request_over"):
        firm_rules.decided("accepted", "decline")


@given(
    st.sampled_from(firm_rules.KINDS),
    st.sampled_from(["resident", "guest", "administrator"]),
    st.frozensets(st.integers(1, 4)),
    st.frozensets(st.integers(1, 2)),
)
def test_nobody_answers_what_they_asked_and_no_guest_answers(
    kind: str, role: str, keepers: frozenset[int], manages: frozenset[int]
) -> None:
    by = person(1, role=role, manages=frozenset() if role == "guest" else manages)
    firm = Standing(site_id=1, people=keepers, keepers=keepers)
    own = Asked(kind=kind, member_id=1, asked_by_id=1 if kind != "invite" else 2)
    assert firm_policy.may_answer(by, own, firm) is (kind == "invite" and role != "guest")
    others = Asked(kind=kind, member_id=9, asked_by_id=9 if kind != "invite" else 1)
    if role == "guest" or kind == "invite":
        assert not firm_policy.may_answer(by, others, firm)
    elif keepers:
        assert firm_policy.may_answer(by, others, firm) is (1 in keepers or by.is_administrator)
    else:
        assert firm_policy.may_answer(by, others, firm) is by.manages(1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Copeaux & Cie", "Les Copeaux SARL"),
        ("Copeaux", "Copeau"),
        ("L’Atelier Dervaux", "Dervaux"),
        ("Biscuits Delattre", "Biscuit Delattre et fils"),
        ("ÉRABLIÈRE du rang 4", "Erabliere du Rang 4"),
    ],
)
def test_two_writings_of_one_name_are_alike(one: str, other: str) -> None:
    assert firm_rules.alike(one, other)
    assert firm_rules.alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Atelier Nord", "Atelier Sud"),
        ("Copeaux & Cie", "Cargo & Cie"),
        ("Biscuits Delattre", "Biscuits Morel"),
        ("", "Copeaux"),
        ("***", "Copeaux"),
    ],
)
def test_other_names_are_not(one: str, other: str) -> None:
    assert not firm_rules.alike(one, other)
