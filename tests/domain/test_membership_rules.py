"""Rules of applications, welcome and charters."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.domain.membership import applications_rules as rules
from incubator.domain.membership import charters_rules, welcome_rules, wording
from incubator.kernel.errors import Conflict, Refusal

STATES = st.sampled_from(sorted(rules.MOVES))
TODAY = date(2026, 11, 12)


@given(st.lists(STATES, max_size=12))
def test_whatever_is_tried_an_application_walks_only_the_known_ways(tries: list[str]) -> None:
    state, walked = "unconfirmed", ["unconfirmed"]
    for to in tries:
        if to in rules.MOVES[state]:
            rules.check_move(state, to)
            state = to
            walked.append(to)
        else:
            with pytest.raises(Conflict) as refused:
                rules.check_move(state, to)
            assert refused.value.code == "membership.decided_meanwhile"
    assert len(walked) == len(set(walked)), "no state comes twice"
    assert not any(one in rules.FINAL for one in walked[:-1]), "nothing follows the end"


@given(STATES)
def test_every_state_leads_to_an_end_unless_it_is_one(state: str) -> None:
    reached, edge = {state}, {state}
    while edge := {to for one in edge for to in rules.MOVES[one]} - reached:
        reached |= edge
    assert reached & rules.FINAL
    assert (state in rules.FINAL) == (not rules.MOVES[state])


def test_only_an_accepted_applicant_joins_and_only_a_confirmed_one_is_decided_on() -> None:
    assert [one for one, to in rules.MOVES.items() if "joined" in to] == ["accepted"]
    assert rules.MOVES["unconfirmed"] == {"new"}


@given(st.text(max_size=60), st.booleans())
def test_a_line_is_one_line_or_refused(text: str, needed: bool) -> None:
    found, code = None, ""
    try:
        found = wording.line(text, "name", most=40, needed=needed)
    except Refusal as refusal:
        code = refusal.code
    if found is None:
        assert code in {"membership.empty", "membership.too_long"}
        return
    assert not {"\n", "\r", "\x00"} & set(found)
    assert len(found) <= 40
    assert found or not needed


@given(st.lists(st.integers(1, 9), unique=True, min_size=1), st.data(), st.booleans())
def test_moving_one_of_a_list_keeps_all_and_can_be_undone(
    ids: list[int], data: st.DataObject, up: bool
) -> None:
    one = data.draw(st.sampled_from(ids))
    moved = wording.moved(ids, one, up=up)
    assert sorted(moved) == sorted(ids)
    assert moved == ids or wording.moved(moved, one, up=not up) == ids


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("short", "  un \n mot ", "un mot"),
        ("long", "un\r\n\r\n\r\n\r\nmot", "un\n\nmot"),
        ("choice", "1", "1"),
        ("yes_no", "yes", "yes"),
        ("choice", "", ""),
    ],
)
def test_an_answer_is_kept_as_it_reads(kind: str, value: str, kept: str) -> None:
    found = rules.clean_answer(kind, value, options=2, required=False, field="q1")
    assert found == kept


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("short", "", "empty"),
        ("long", " \n ", "empty"),
        ("choice", "2", "choice"),
        ("choice", "-1", "choice"),
        ("yes_no", "maybe", "choice"),
        ("short", "x" * 201, "too_long"),
        ("long", "x" * 4001, "too_long"),
    ],
)
def test_an_answer_that_is_none_is_refused_beside_its_question(
    kind: str, value: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        rules.clean_answer(kind, value, options=2, required=True, field="q7")
    assert (refused.value.code, refused.value.field) == (f"membership.{code}", "q7")


def test_options_come_in_pairs() -> None:
    pairs = rules.clean_options("choice", ["Oui", " ", "Non"], ["Yes", "No"])
    assert pairs == [["Oui", "Yes"], ["Non", "No"]]
    assert rules.clean_options("short", ["x"], []) == []
    for french, english in (["a"], ["a"]), (["a", "b"], ["a"]), (["a"] * 13, ["a"] * 13):
        with pytest.raises(Refusal):
            rules.clean_options("choice", french, english)


@pytest.mark.parametrize("days", [-1, 367])
def test_a_first_day_lies_ahead_and_within_a_year(days: int) -> None:
    rules.check_start(TODAY, TODAY)
    rules.check_start(TODAY + timedelta(days=366), TODAY)
    with pytest.raises(Refusal, match=r"membership\.start"):
        rules.check_start(TODAY + timedelta(days=days), TODAY)


@pytest.mark.parametrize(
    ("kind", "owner", "days"),
    [
        ("coffee", "member", 1),
        ("key", "nobody", 1),
        ("key", "member", 366),
        ("key", "member", None),
    ],
)
def test_a_line_of_the_checklist_has_a_kind_an_owner_and_days(
    kind: str, owner: str, days: int | None
) -> None:
    assert welcome_rules.check_item("key", "manager", 0) == 0
    with pytest.raises(Refusal):
        welcome_rules.check_item(kind, owner, days)


def test_a_task_is_late_from_the_day_after() -> None:
    due = welcome_rules.due_on(TODAY, 3)
    assert due == date(2026, 11, 15)
    assert not welcome_rules.is_late(due, due, done=False)
    assert welcome_rules.is_late(due, due + timedelta(days=1), done=False)
    assert not welcome_rules.is_late(due, due + timedelta(days=1), done=True)


def test_the_usual_list_obeys_the_rules() -> None:
    for kind, owner, days, french, english in welcome_rules.USUAL:
        assert welcome_rules.check_item(kind, owner, days) == days
        assert french
        assert english


def test_a_charter_needs_both_languages() -> None:
    whole = charters_rules.Texts("Charte", "Charter", "un", "one")
    assert charters_rules.clean_texts(whole) == whole
    for name in whole._fields:
        with pytest.raises(Refusal) as refused:
            charters_rules.clean_texts(whole._replace(**{name: " "}))
        assert refused.value.field == name
