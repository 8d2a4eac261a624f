"""Pages of reliefs, gifts, the pool and the promise, and the letters they send."""

from __future__ import annotations

from datetime import UTC, date, datetime

import html5lib
import pytest

from incubator.domain.commitments import firm_pledges
from incubator.domain.commitments.ledger_models import Gift
from incubator.domain.commitments.promise_models import Relief
from incubator.edge import clock
from incubator.kernel.db import db, transaction
from tests.factories_accounts import letters, link_in
from tests.factories_checkins import stayed
from tests.factories_commitments import confirmed, declared, pledged, total
from tests.factories_members import a_firm

FIRST = datetime(2026, 11, 1, 8, tzinfo=UTC)
NOON = datetime(2026, 11, 12, 11, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_noon():
    with clock.stopped_at(NOON):
        yield


@pytest.fixture
def lyon(make):
    make.now = FIRST
    return make.site()


@pytest.fixture
def ines(make, lyon):
    return make.member(lyon, name="Inès Belkacem", email="ines@example.org")


@pytest.fixture
def leo(make, lyon):
    return make.member(lyon, name="Léo Brun", email="leo@example.org", language="en")


@pytest.fixture
def sophie(make, lyon):
    made = make.member(lyon, name="Sophie Lambert", role="manager", email="sophie@example.org")
    make.now = NOON
    return made


def read(browser, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status
    return words_of(answer)


def words_of(answer) -> str:
    html5lib.HTMLParser(strict=True).parse(answer.text)
    return plain(answer.text)


def relief(**more: str) -> dict[str, str]:
    values = {"kind": "sickness", "pct": "50", "starts_on": "2026-11-01", "ends_on": "2026-12-31"}
    return values | {"private_reason": "Une opération", "once": "r" * 32} | more


def subjects(app, make) -> list[tuple[str, str]]:
    return [(str(one["to"]), plain(str(one["subject"]))) for one in letters(app, make)]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_relief_is_looked_at_asked_for_decided_and_told(
    app, make, ines, leo, sophie, sign_in
) -> None:
    pledged(make, ines, sophie, valid_from=FIRST.date())
    browser, manager = sign_in(ines), sign_in(sophie)
    seen = browser.post("/heures/allegements/demander", data=relief(look="1"))
    assert seen.status_code == 200
    page = words_of(seen)
    for month in ("Novembre 2026", "Décembre 2026"):
        assert month in page
    assert '<td class="r num">12&nbsp;h' in seen.text or "12 h" in page
    assert "6 h" in page
    assert db.session.query(Relief).count() == 0
    sent = browser.post("/heures/allegements/demander", data=relief())
    made = db.session.query(Relief).one()
    address = f"/heures/allegements/{made.id}"
    assert (sent.status_code, sent.location) == (303, address)
    assert subjects(app, make) == [("sophie@example.org", "Inès Belkacem demande un allègement")]
    assert "Une opération" in read(manager, address)
    read(sign_in(leo), address, 404)
    assert "Inès Belkacem" in read(manager, "/heures/allegements")
    assert f'href="{address}"' in read(manager, manager.get("/heures/site").location)
    assert f'action="{address}/annuler"' not in read(manager, address)
    assert manager.post(address, data={"verdict": "yes"}).location == "/heures/site"
    assert total(ines) == -360
    assert subjects(app, make) == [("ines@example.org", "Votre allègement est accepté")]
    assert "Maladie, 50 % de moins" in read(browser, "/heures/allegements")
    assert browser.post(f"{address}/annuler").status_code == 303
    assert total(ines) == -720
    assert "Un allègement que vous avez demandé" in read(browser, "/heures/regards")


def test_a_relief_is_refused_with_a_reason_and_never_by_oneself(
    make, ines, sophie, sign_in
) -> None:
    sign_in(sophie).post("/heures/allegements/demander", data=relief())
    sign_in(ines).post("/heures/allegements/demander", data=relief())
    own, other = db.session.query(Relief).order_by(Relief.id)
    manager = sign_in(sophie)
    assert manager.post(f"/heures/allegements/{own.id}", data={"verdict": "yes"}).status_code == 403
    address = f"/heures/allegements/{other.id}"
    assert manager.post(address, data={"verdict": "no"}).status_code == 422
    told = {"verdict": "no", "answer": "Parlons-en"}
    assert manager.post(address, data=told).status_code == 303
    assert "Parlons-en" in read(sign_in(ines), address)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": ""}, "Choisissez dans la liste"),
        ({"pct": "0"}, "un nombre de 1 à 100"),
        ({"ends_on": "2026-10-01"}, "avant le premier"),
        ({"private_reason": "x" * 501}, "Restez sous 500"),
    ],
)
@pytest.mark.parametrize("look", [{}, {"look": "1"}])
def test_a_relief_that_cannot_be_is_said_beside_its_field(
    ines, sophie, sign_in, fields, words, look
) -> None:
    answer = sign_in(ines).post("/heures/allegements/demander", data=relief(**fields, **look))
    assert answer.status_code == 422
    assert words in words_of(answer)


def rich(make, member, site, hours: float = 6) -> None:
    stayed(make, member, site, datetime(2026, 11, 10, 8, tzinfo=UTC), hours)


def gift(**more: str) -> dict[str, str]:
    return {"to": "pool", "duration": "2 h", "once": "g" * 32} | more


def test_hours_go_to_the_pool_and_from_it_without_a_name(
    app, make, ines, leo, sophie, lyon, sign_in
) -> None:
    rich(make, ines, lyon)
    assert sign_in(ines).post("/heures/dons/donner", data=gift()).status_code == 303
    asked = {"duration": "1 h", "note": "Un mois lourd", "once": "d" * 32}
    assert sign_in(leo).post("/heures/dons/demander", data=asked).status_code == 303
    draw = db.session.query(Gift).filter_by(giver_id=None).one()
    address, manager = f"/heures/dons/{draw.id}", sign_in(sophie)
    read(sign_in(ines), address, 404)
    assert "Un mois lourd" in read(manager, address)
    assert "Léo Brun" in read(manager, "/heures/dons")
    assert manager.post(address, data={"verdict": "no"}).status_code == 422
    assert manager.post(address, data={"verdict": "yes"}).status_code == 303
    assert (total(ines), total(leo)) == (240, 60)
    told = subjects(app, make)
    assert ("sophie@example.org", "Léo Brun demande 1 h à la réserve") in told
    assert ("leo@example.org", "The pool gives you 1 h") in told
    page = read(sign_in(leo), "/hours/gifts")
    assert "Inès" not in page
    assert "Hours made a month lighter" in page


def test_hours_for_somebody_are_anonymous_unless_one_says_so(
    app, make, ines, leo, sophie, lyon, sign_in
) -> None:
    rich(make, ines, lyon)
    browser = sign_in(ines)
    for once, more in (("a" * 32, {}), ("b" * 32, {"named": "y"})):
        sent = gift(to="member", with_name="Léo Brun", duration="30 min", once=once, **more)
        assert browser.post("/heures/dons/donner", data=sent).status_code == 303
    page = read(sign_in(leo), "/hours/gifts")
    assert page.count("from Inès Belkacem") == 1
    assert page.count("from somebody of the network") == 1
    assert read(browser, "/heures/dons").count("à Léo Brun") == 2
    texts = [str(one.get_body(("plain",)).get_content()) for one in letters(app, make)]
    assert sorted("Inès" in text for text in texts) == [False, True]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"duration": "7 h"}, "pas autant d’heures"),
        ({"duration": "beaucoup"}, "Écrivez une durée"),
        ({"duration": "1 min"}, "arrondies à 5"),
        ({"to": "member"}, "personne de ce nom"),
        ({"to": "member", "with_name": "Inès Belkacem"}, "Nommez quelqu’un d’autre"),
    ],
)
def test_a_gift_that_cannot_be_is_said_beside_its_field(
    make, ines, sophie, lyon, sign_in, fields, words
) -> None:
    rich(make, ines, lyon)
    answer = sign_in(ines).post("/heures/dons/donner", data=gift(**fields))
    assert answer.status_code == 422
    assert words in words_of(answer)


def test_one_may_no_longer_ask_the_pool_and_must_say_why_one_does(
    make, ines, sophie, sign_in
) -> None:
    browser = sign_in(ines)
    empty = {"duration": "1 h", "note": " ", "once": "d" * 32}
    assert browser.post("/heures/dons/demander", data=empty).status_code == 422
    assert browser.post("/heures/dons/demander", data=empty | {"note": "Oui"}).status_code == 303
    draw = db.session.query(Gift).one()
    assert browser.post(f"/heures/dons/{draw.id}/retirer").status_code == 303
    assert "retiré" in read(browser, "/heures/dons")


def test_my_promise_tells_its_history_its_part_and_my_firms(
    make, ines, leo, sophie, sign_in
) -> None:
    assert "encore rien promis" in read(sign_in(ines), "/heures/engagement")
    pledged(make, ines, sophie, valid_from=FIRST.date())
    pledged(make, ines, sophie, valid_from=NOON.date(), minutes_per_period=360)
    page = read(sign_in(ines), "/heures/engagement")
    for words in ("6 h par mois", "12 h par mois", "temps partiel, 50 %"):
        assert words in page
    firm = a_firm(make, leo, name="Copeaux")
    with transaction():
        firm_pledges.pledge_firm(
            make.actor(leo),
            firm_id=firm.id,
            minutes_per_period=1200,
            valid_from=date(2026, 11, 1),
            now=NOON,
        )
    confirmed(make, leo, ines, receiver=ines, minutes=90)
    own = read(sign_in(leo), "/hours/pledge")
    assert "Promise of Copeaux" in own
    assert "Your hours keep this promise." in own
    assert "1 h 30 of 20 h" in read(sign_in(leo), "/hours")


def test_who_was_helped_gets_a_letter_that_leads_to_one_tap(
    app, make, ines, leo, sophie, sign_in
) -> None:
    made = declared(make, ines, receiver=leo, minutes=90)
    (letter,) = letters(app, make)
    assert letter["to"] == "leo@example.org"
    assert plain(letter["subject"]) == "Inès Belkacem helped you for 1 h 30?"
    assert link_in(letter) == f"/hours/{made.id}"
    assert app.test_client().get(link_in(letter)).status_code == 302
    sign_in(leo).post(f"/heures/{made.id}/refuser", data={"reason": "C’était un café"})
    (told,) = letters(app, make)
    assert told["to"] == "ines@example.org"
    assert "C’était un café" in str(told.get_body(("plain",)).get_content())
    sign_in(ines).post(f"/heures/{made.id}/recours", data={"reason": "Et un conseil"})
    assert subjects(app, make) == [
        ("sophie@example.org", "Inès Belkacem demande un autre regard : 1 h 30")
    ]
