"""The rules of rounds, pure: their states, their days, and what a consent covers."""

from __future__ import annotations

import pytest

from incubator.domain.exchanges.rounds import rules
from incubator.domain.exchanges.rounds.rules import Shown
from incubator.kernel.errors import Refusal


def refused(act, *arguments) -> tuple[str, str | None, dict[str, int]]:
    with pytest.raises(Refusal) as caught:
        act(*arguments)
    return caught.value.code, caught.value.field, caught.value.details


def test_a_round_goes_from_state_to_state_and_never_back() -> None:
    assert rules.moves() == (
        ("collecting", "cancelled"),
        ("collecting", "computed"),
        ("computed", "cancelled"),
        ("computed", "previewed"),
        ("consented", "cancelled"),
        ("consented", "executed"),
        ("executed", "published"),
        ("previewed", "cancelled"),
        ("previewed", "consented"),
    )


def test_an_act_leads_to_its_state_or_is_refused() -> None:
    assert rules.after("computed", "preview") == "previewed"
    assert rules.after("previewed", "compute") == "previewed"
    assert refused(rules.after, "executed", "cancel") == ("rounds.state", None, {})


def test_firms_have_two_to_thirty_days_to_answer() -> None:
    assert [rules.days(count) for count in (2, 7, 30)] == [2, 7, 30]
    said = ("rounds.days", "answer_days", {"fewest": 2, "most": 30})
    assert [refused(rules.days, count) for count in (1, 31)] == [said, said]


def test_a_reason_has_words_but_not_too_many() -> None:
    assert rules.words("  x ", "why") == "x"
    assert rules.words("x" * 300, "why") == "x" * 300
    said = ("rounds.words", "why", {"most": 300})
    assert [refused(rules.words, text, "why") for text in ("  ", "x" * 301)] == [said, said]


@pytest.mark.parametrize(
    ("told", "before", "covered"),
    [
        (Shown(5, 5, 0), Shown(5, 5, 0), True),
        (Shown(6, 5, 0), Shown(5, 5, 0), False),
        (Shown(5, 6, 0), Shown(5, 5, 0), False),
        (Shown(0, 0, 1), Shown(5, 5, 0), False),
        (Shown(0, 0, -1), Shown(5, 5, 0), False),
        (Shown(5, 8, 3), Shown(5, 8, 3), True),
        (Shown(5, 5, 0), Shown(5, 8, 3), True),
        (Shown(5, 8, 4), Shown(5, 8, 3), False),
        (Shown(5, 4, -1), Shown(5, 8, 3), False),
        (Shown(8, 5, -3), Shown(8, 5, -3), True),
        (Shown(8, 4, -4), Shown(8, 5, -3), False),
        (Shown(5, 5, 1), Shown(8, 5, -3), False),
    ],
)
def test_a_consent_covers_what_is_not_above_it(told: Shown, before: Shown, covered: bool) -> None:
    assert rules.within(told, before) is covered


def test_a_value_is_written_down_in_one_way() -> None:
    assert rules.canonical({"b": [1, None], "a": "é"}) == '{"a":"\\u00e9","b":[1,null]}'
    assert rules.fingerprint({}) == (
        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    )
