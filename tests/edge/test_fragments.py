"""Pieces of pages kept ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.edge.fragments import Fragments, fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from tests.factories import Make


def test_a_piece_is_drawn_once() -> None:
    kept, drawn = Fragments(), []

    def draw() -> str:
        drawn.append(1)
        return "<b>leaf</b>"

    assert kept.get("a", draw) == kept.get("a", draw) == "<b>leaf</b>"
    assert len(drawn) == 1


def test_another_key_is_another_piece() -> None:
    kept = Fragments()
    assert [kept.get(("a", n), lambda n=n: str(n)) for n in (1, 2, 1)] == ["1", "2", "1"]


def test_what_nobody_asks_for_falls_out_first() -> None:
    kept = Fragments(most=20)
    for key in ("a", "b", "a", "c"):
        kept.get(key, lambda: "x" * 9)
    assert kept.get("a", lambda: "drawn again") == "x" * 9
    assert kept.get("b", lambda: "drawn again") == "drawn again"
    assert len(kept) <= 3


def test_a_fingerprint_tells_all_it_is_made_of_apart() -> None:
    assert fingerprint(1, "a") == fingerprint(1, "a")
    assert len({fingerprint(1, "a"), fingerprint("1", "a"), fingerprint((1, "a"))}) == 3


def test_the_menu_of_one_member_is_never_shown_to_another(
    make: Make, sign_in: Callable[[Account], FlaskClient]
) -> None:
    site = make.site()
    first, second = make.member(site, name="Inès Belkacem"), make.member(site, name="Léo Brun")
    assert "Inès Belkacem" in sign_in(first).get("/").text
    page = sign_in(second).get("/").text
    assert "Léo Brun" in page
    assert '/annuaire/ines-belkacem"><span' not in page


def test_a_changed_name_is_seen_at_once(
    make: Make, sign_in: Callable[[Account], FlaskClient]
) -> None:
    site = make.site()
    reader, other = make.member(site), make.member(site, name="Paul Vasseur")
    browser = sign_in(reader)
    assert "Paul Vasseur" in browser.get("/annuaire").text
    sign_in(other).post("/moi", data={"name": "Paul-Henri Vasseur", "once": "x"})
    page = browser.get("/annuaire").text
    assert "Paul-Henri Vasseur" in page
    assert "Paul Vasseur" not in page
