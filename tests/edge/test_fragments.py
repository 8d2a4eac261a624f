"""Pieces of pages kept ready."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from incubator.edge.clock import stopped_at
from incubator.edge.fragments import Fragments, fingerprint
from incubator.kernel.db import db, transaction
from incubator.network.members.models import Skill
from tests import factories_help as h

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


def test_readers_in_two_zones_each_see_their_own_clock(
    make: Make, sign_in: Callable[[Account], FlaskClient]
) -> None:
    site = make.site()
    near, far = make.member(site), make.member(site, time_zone="America/Toronto")
    h.question(make, near)
    moments = [
        re.findall(r'<time datetime="[^"]+" title="([^"]+)"', sign_in(reader).get("/entraide").text)
        for reader in (near, far)
    ]
    assert len(moments[0]) == len(moments[1]) == 1
    assert moments[0] != moments[1]


def test_threads_grow_older_while_they_are_kept(
    make: Make, sign_in: Callable[[Account], FlaskClient]
) -> None:
    asker = make.member(make.site())
    h.question(make, asker)
    browser = sign_in(asker)
    for minutes, words in ((3, "il y a 3 minutes"), (4, "il y a 4 minutes"), (200, "il y a 3 h")):
        with stopped_at(make.now + timedelta(minutes=minutes)):
            assert words in browser.get("/entraide?view=all").text


def test_a_renamed_skill_is_seen_at_once(
    make: Make, sign_in: Callable[[Account], FlaskClient]
) -> None:
    reader, term = make.member(make.site()), h.skill(make, "Reliure")
    browser = sign_in(reader)
    for address in ("/annuaire", "/entraide"):
        assert "Reliure" in browser.get(address).text
    with transaction():
        db.session.get_one(Skill, term.id).name_fr = "Reliure à la main"
    for address in ("/annuaire", "/entraide"):
        assert "Reliure à la main" in browser.get(address).text
