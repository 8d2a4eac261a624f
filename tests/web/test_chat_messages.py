"""What is done to messages by pages and forms, without the script."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.chat import commands, message_queries, queries
from incubator.kernel.db import transaction
from tests import factories_chat as chat

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from tests.factories import Make

    SignIn = Callable[[Account], FlaskClient]

JSON = {"Accept": "application/json"}
pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def fatou(make: Make) -> Account:
    return make.member(make.site("Lyon"), name="Fatou Diop")


@pytest.fixture
def hugo(make: Make, fatou: Account) -> Account:
    found = make.member(make.site("Lyon"), name="Hugo Marchetti")
    chat.sit(make, fatou, found)
    return found


@pytest.fixture
def room(hugo: Account) -> int:
    return chat.room_of(None)


def once(**fields: Any) -> dict[str, Any]:
    return {"once": chat.cid(), **fields}


def test_a_message_is_changed_by_a_form_and_its_history_read(
    make: Make, sign_in: SignIn, fatou: Account, hugo: Account, room: int
) -> None:
    chat.say(make, fatou, room, "Le code est 1234")
    browser = sign_in(fatou)
    form = browser.get("/discussions/reseau/m/1/modifier").text
    assert "Le code est 1234</textarea>" in form
    fields = once(text="Le code est 4321", base_rev=0)
    answer = browser.post("/discussions/reseau/m/1/modifier", data=fields)
    assert answer.status_code == 303
    assert answer.location.endswith("#m-1")
    page = sign_in(hugo).get("/discussions/reseau").text
    assert "4321" in page
    assert "modifié</a>" in page
    history = sign_in(hugo).get("/discussions/reseau/m/1/historique").text
    assert history.index("4321") < history.index("1234")


def test_two_texts_that_meet_are_both_shown(
    make: Make, sign_in: SignIn, fatou: Account, room: int
) -> None:
    chat.say(make, fatou, room, "Un")
    browser = sign_in(fatou)
    path = "/discussions/reseau/m/1/modifier"
    browser.post(path, data=once(text="Du téléphone", base_rev=0))
    answer = browser.post(path, data=once(text="De l’ordinateur", base_rev=0))
    assert answer.status_code == 422
    assert "Du téléphone" in answer.text
    assert "De l’ordinateur</textarea>" in answer.text
    assert re.search(r'name="base_rev"[^>]*value="1"', answer.text)


def test_a_moderator_gives_a_reason_that_the_room_reads(
    make: Make, sign_in: SignIn, fatou: Account, hugo: Account, room: int
) -> None:
    sophie = make.member(make.site("Lyon"), role="administrator")
    chat.sit(make, sophie)
    chat.say(make, fatou, room, "Achetez mes montres")
    path = "/discussions/reseau/m/1/supprimer"
    assert sign_in(hugo).get(path).status_code == 403
    browser = sign_in(sophie)
    refused = browser.post(path, data=once(reason=" "))
    assert refused.status_code == 422
    assert "Dites pourquoi" in refused.text
    assert browser.post(path, data=once(reason="Publicité")).status_code == 303
    page = sign_in(hugo).get("/discussions/reseau").text
    assert "montres" not in page
    assert "Publicité" in page


def test_signs_and_pins_are_buttons_of_forms(
    make: Make, sign_in: SignIn, fatou: Account, hugo: Account, room: int
) -> None:
    chat.say(make, fatou, room, "Le four est réparé")
    browser = sign_in(hugo)
    react = f"/discussions/salons/{room}/reagir"
    assert browser.post(react, data=once(do="1 🎉 1")).status_code == 303
    page = sign_in(fatou).get("/discussions/reseau").text
    assert re.search(r'value="1 🎉 1"[^>]*aria-pressed="false">🎉 <b>1</b>', page)
    acts = sign_in(fatou).get("/discussions/reseau/m/1/actes").text
    assert "Hugo Marchetti" in acts
    told = browser.post(react, data=once(do="1 🎉 0"), headers=JSON).json
    assert told
    assert (told["ok"], told["count"]) == (True, 0)
    for bad in ("", "1", "x 🎉 1", "1 nope 1", "99 🎉 1", f"{10**30} 🎉 1"):
        answer = browser.post(react, data=once(do=bad), headers=JSON)
        assert answer.status_code in {404, 422}, bad
    pin = f"/discussions/salons/{room}/m/1/epingler"
    assert browser.post(pin, data=once(on="1")).status_code == 303
    assert "Le four est réparé" in browser.get("/discussions/reseau/epingles").text
    assert "/discussions/reseau/epingles" in browser.get("/discussions/reseau").text


def test_a_thread_is_read_and_answered_without_script(
    make: Make, sign_in: SignIn, fatou: Account, hugo: Account, room: int
) -> None:
    chat.say(make, fatou, room, "Qui connaît un carreleur ?")
    browser = sign_in(hugo)
    page = browser.get("/discussions/reseau/m/1/fil").text
    assert '<input type="hidden" name="root" value="1">' in page
    send = f"/discussions/salons/{room}/messages"
    answer = browser.post(send, data=once(text="Mon frère", root=1))
    assert answer.location.endswith("/discussions/reseau/m/1/fil#m-2")
    assert "Mon frère" in browser.get("/discussions/reseau/m/1/fil").text
    flow = browser.get("/discussions/reseau").text
    assert "Mon frère" not in flow
    assert "1 réponse" in flow
    refused = browser.post(send, data=once(text="mot " * 1001, root=1))
    assert refused.status_code == 422
    assert 'name="root" value="1"' in refused.text
    link = browser.get("/discussions/reseau/m/2")
    assert link.location.endswith("/m/1/fil#m-2")


def test_a_link_to_a_message_opens_the_room_around_it(
    make: Make, sign_in: SignIn, fatou: Account, room: int
) -> None:
    for place in range(70):
        chat.say(make, fatou, room, f"n° {place};", now=make.now + timedelta(seconds=2 * place))
    browser = sign_in(fatou)
    link = browser.get("/discussions/reseau/m/20")
    assert link.location.endswith("?around=20#m-20")
    page = browser.get(link.location).text
    assert 'id="m-20"' in page
    assert 'id="m-60"' not in page
    assert "Messages suivants" in page
    assert browser.get("/discussions/reseau/m/71").status_code == 404
    english = browser.get("/chat/reseau/m/20")
    assert english.status_code == 303


def test_who_may_not_read_a_room_reaches_no_message_of_it(
    make: Make, sign_in: SignIn, fatou: Account, hugo: Account
) -> None:
    two = chat.direct(make, fatou, hugo)
    chat.say(make, fatou, two.id, "Entre nous")
    boss = sign_in(make.member(make.site("Lyon"), role="administrator"))
    for page in ("", "/actes", "/fil", "/historique", "/modifier", "/supprimer"):
        assert boss.get(f"/discussions/{two.slug}/m/1{page}").status_code == 404
    assert boss.get(f"/discussions/{two.slug}/epingles").status_code == 404
    assert boss.get(f"/discussions/{two.slug}/noms?q=f").status_code == 404
    answer = boss.post(f"/discussions/salons/{two.id}/reagir", data=once(do="1 🎉 1"))
    assert answer.status_code == 404


def test_mentions_are_counted_beside_what_is_unread_and_marked(
    make: Make, sign_in: SignIn, fatou: Account, hugo: Account, room: int
) -> None:
    chat.say(make, fatou, room, "Bonjour à tous")
    chat.say(make, fatou, room, "@hugo-marchetti tu viens ?")
    page = sign_in(hugo).get("/discussions").text
    assert re.search(r'count--call">@1<.*?class="count">2<', page, re.DOTALL)
    shown = sign_in(hugo).get("/discussions/reseau").text
    assert re.search(r'class="msg msg--next msg--mention"[^>]*id="m-2"', shown)
    heads = sign_in(hugo).get("/discussions/sync").json
    assert heads
    assert [each["mentions"] for each in heads["heads"] if each["id"] == room] == [1]


def test_names_are_suggested_among_those_who_sit_there(
    make: Make, sign_in: SignIn, fatou: Account, hugo: Account, room: int
) -> None:
    make.member(make.site("Nantes"), name="Hugues Absent")
    topic = chat.topic(make, fatou)
    chat.join(make, hugo, topic.id)
    options = sign_in(fatou).get(f"/discussions/{topic.slug}/noms?q=hug").text
    assert 'data-value="hugo-marchetti"' in options
    assert "Hugues" not in options
    groups = sign_in(fatou).get("/discussions/reseau/noms?q=s").text
    assert 'data-value="sur-place"' in groups
    assert 'data-value="salon"' not in groups


# ----------------------------------------------------------------------------------- search
def found(browser: FlaskClient, **asked: Any) -> list[int]:
    page = browser.get("/discussions/recherche", query_string=asked)
    assert page.status_code == 200
    return [int(no) for no in re.findall(r'class="cover" href="[^"]*/m/(\d+)"', page.text)]


def test_words_are_found_whatever_their_accents_and_ending(
    make: Make, sign_in: SignIn, fatou: Account, hugo: Account, room: int
) -> None:
    chat.say(make, fatou, room, "Deux factures impayées depuis l’été")
    chat.say(make, hugo, room, "Le café est prêt")
    browser = sign_in(hugo)
    assert found(browser, q="impaye facture") == [1]
    assert found(browser, q="ete") == [1]
    assert found(browser, q="caf") == [2]
    assert found(browser, q="introuvable") == []
    assert found(browser) == []
    page = browser.get("/discussions/recherche?q=facture").text
    assert "<mark>factures</mark>" in page


def test_what_changed_is_found_as_it_is_now_and_what_is_gone_is_not(
    make: Make, sign_in: SignIn, fatou: Account, room: int
) -> None:
    browser = sign_in(fatou)
    chat.say(make, fatou, room, "La clé est au crochet")
    assert found(browser, q="crochet") == [1]
    browser.post("/discussions/reseau/m/1/modifier", data=once(text="Sous le pot", base_rev=0))
    assert (found(browser, q="crochet"), found(browser, q="pot")) == ([], [1])
    browser.post("/discussions/reseau/m/1/supprimer", data=once())
    assert found(browser, q="pot") == []


def test_only_rooms_that_the_reader_may_read_are_searched(
    make: Make, sign_in: SignIn, fatou: Account, hugo: Account
) -> None:
    two = chat.direct(make, fatou, hugo)
    chat.say(make, fatou, two.id, "Un secret de fabrication")
    assert found(sign_in(hugo), q="secret") == [1]
    boss = make.member(make.site("Lyon"), role="administrator")
    guest = make.member(make.site("Lyon"), role="guest")
    chat.sit(make, boss, guest)
    for other in (boss, guest):
        assert found(sign_in(other), q="secret") == []
        assert found(sign_in(other), q="secret", room=two.id) == []


def test_a_search_is_narrowed_by_room_author_and_day(
    make: Make, sign_in: SignIn, fatou: Account, hugo: Account, room: int
) -> None:
    topic = chat.topic(make, fatou)
    day = timedelta(days=1)
    chat.say(make, fatou, room, "Le four", now=make.now - 3 * day)
    chat.say(make, hugo, room, "Le four aussi", now=make.now - day)
    chat.say(make, fatou, topic.id, "Le four encore")
    browser = sign_in(fatou)
    assert found(browser, q="four") == [1, 2, 1]
    assert found(browser, q="four", room=room) == [2, 1]
    assert found(browser, q="four", author="hugo") == [2]
    assert found(browser, author="moi") == [1, 1]
    since, until = (make.now - 2 * day).date(), (make.now - day).date()
    assert found(browser, q="four", since=since, until=until) == [2]
    assert found(browser, q="four", until=(make.now - 3 * day).date()) == [1]
    assert found(browser, q="four", since="demain", until="9999-12-31") == [1, 2, 1]


def test_finds_come_in_pages_without_hole(
    make: Make, sign_in: SignIn, fatou: Account, room: int
) -> None:
    for place in range(45):
        chat.say(make, fatou, room, f"Le four {place}", now=make.now + timedelta(seconds=2 * place))
    browser = sign_in(fatou)
    first = browser.get("/discussions/recherche?q=four")
    assert len(found(browser, q="four")) == 30
    later = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert later
    rest = browser.get(later[1].replace("&amp;", "&")).text
    assert re.findall(r"/m/(\d+)\"", rest) == [str(no) for no in range(15, 0, -1)]


def test_a_page_costs_the_same_however_much_hangs_on_its_messages(
    make: Make, sign_in: SignIn, fatou: Account, hugo: Account, room: int, count_queries: Any
) -> None:
    chat.say(make, fatou, room)
    browser = sign_in(hugo)
    browser.get("/discussions/reseau")
    with count_queries() as before:
        browser.get("/discussions/reseau")
    with transaction():
        for _ in range(10):
            commands.send(
                make.actor(fatou), room, cid=chat.cid(), text="@hugo-marchetti", now=make.now
            )
    for no in range(1, 9):
        browser.post(f"/discussions/salons/{room}/reagir", data=once(do=f"{no} 🎉 1"))
    with count_queries() as after:
        browser.get("/discussions/reseau")
    assert len(after) == len(before)
    assert len(queries.history(chat.whole(room)).messages) == 11
    assert message_queries.one(chat.whole(room), 11).no == 11
