"""From the chat to a thread with its messages, and from a thread to the chat and back."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from incubator.blueprints.help import talking
from incubator.domain.chat import queries as rooms
from incubator.domain.help.models import Answer, Question
from incubator.domain.help.talks.models import Quote, Talk
from incubator.kernel.db import db
from tests import factories_chat as c
from tests import factories_help as h
from tests.factories_talks import made_of, talked
from tests.rivals import Rivals, rested
from tests.web.test_help import address

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.accounts.models import Account
    from tests.factories import Make

SignIn = Any


@pytest.fixture
def ada(make: Make, frozen: datetime) -> Account:
    return make.member(make.site("Lyon"), name="Ada Blum")


@pytest.fixture
def leo(make: Make) -> Account:
    return make.member(make.site("Lille"), name="Léo Roy")


def filled(*said: Any, **more: Any) -> dict[str, Any]:
    return {
        "title": "Comment dédouaner vers le Canada ?",
        "audience": "network",
        "language": "fr",
        "once": uuid.uuid4().hex,
        "seq": [str(each.seq) for each in said],
        **more,
    }


def number(of: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(of)) or 0


def test_looking_at_earlier_messages_keeps_what_was_typed_and_asks_nothing(
    make: Make, sign_in: SignIn, ada: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talking, "SHOWN", 3)
    room = c.topic(make, ada)
    c.say(make, ada, room.id, "Le tout premier mot")
    for n in range(4):
        c.say(make, ada, room.id, f"mot {n}")
    browser, path = sign_in(ada), f"/entraide/depuis/{room.slug}"
    page = browser.get(path).text
    assert "Le tout premier mot" not in page
    (before,) = re.findall(r'<button[^>]*name="before" value="(\d+)"', page)
    assert "formmethod" not in page
    ticked = c.say(make, ada, room.id, "celui-ci")
    # All that publishing needs is there: only the button pressed says not yet.
    form = filled(ticked, title="À peine commencé ?", skills=[h.skill(make).id], before=before)
    sent = browser.post(path, data=form)
    assert sent.status_code == 200
    assert "Le tout premier mot" in sent.text
    assert 'value="À peine commencé ?"' in sent.text
    assert re.search(rf'value="{ticked.seq}" checked', sent.text)
    assert number(Question) == 0


def test_skills_are_proposed_from_the_messages_and_what_is_typed(
    make: Make, sign_in: SignIn, ada: Account
) -> None:
    room, customs, law = c.topic(make, ada), h.skill(make, "Douane"), h.skill(make, "Droit")
    said = c.say(make, ada, room.id, "La douane bloque, la douane ne répond pas")
    browser, path = sign_in(ada), f"/entraide/depuis/{room.slug}"
    nothing = browser.get(path).text
    assert "Votre texte semble demander" not in nothing
    page = browser.get(f"{path}?seq={said.seq}").text
    assert page.count(f'name="skills" value="{customs.id}"') == 2
    assert page.count(f'name="skills" value="{law.id}"') == 1
    refused = browser.post(path, data=filled(said, title="Question de droit, du droit"))
    assert refused.status_code == 422
    assert refused.text.count(f'name="skills" value="{customs.id}"') == 2
    assert refused.text.count(f'name="skills" value="{law.id}"') == 2
    live = {"title": "", "body": "", "quoted": "La douane, oui la douane"}
    swapped = browser.post("/entraide/apercu", data=live, headers={"X-Swap": "#told"}).text
    assert f'name="skills" value="{customs.id}"' in swapped


def test_messages_of_a_room_become_a_question_and_each_leads_to_the_other(
    make: Make, sign_in: SignIn, ada: Account, leo: Account
) -> None:
    room = c.topic(make, ada)
    c.say(make, ada, room.id, "Rien à voir")
    first = c.say(make, ada, room.id, "La douane bloque mon **colis**")
    second = c.say(make, ada, room.id, "Depuis lundi")
    browser, term = sign_in(ada), h.skill(make)
    path = f"/entraide/depuis/{room.slug}"
    assert f'href="{path}"' in browser.get(f"/discussions/{room.slug}").text
    page = browser.get(f"{path}?seq={first.seq}").text
    assert "Rien à voir" in page
    assert page.count(" checked>") >= 1
    form = filled(first, second, skills=[term.id])
    sent = browser.post(path, data=form)
    assert sent.status_code == 303
    thread = sign_in(leo).get(sent.location).text
    assert "La douane bloque mon <strong>colis</strong>" in thread
    assert "Rien à voir" not in thread
    assert f'href="/discussions/{room.slug}#m-{first.no}"' in thread
    question = db.session.query(Question).one()
    told = rooms.history(c.whole(room.id)).messages[-1].html
    assert f'href="/entraide/{question.id}"' in told
    # Not all who read the room may read the thread.
    assert question.title not in told
    # Sent again, from another window too: the same question, and the room is told once.
    again = browser.post(path, data=filled(second, first, skills=[term.id]))
    assert again.location == sent.location
    assert (number(Question), len(rooms.history(c.whole(room.id)).messages)) == (1, 4)


def test_what_is_quoted_stays_as_it_was(make: Make, ada: Account, leo: Account) -> None:
    room = c.topic(make, ada)
    said = c.say(make, ada, room.id, "Bonjour")
    made_of(make, ada, room, said)
    kept = db.session.scalars(select(Quote)).one()
    assert (kept.seq, kept.no, kept.author_id, kept.said_at) == (
        said.seq,
        said.no,
        ada.id,
        said.at,
    )
    assert kept.consent == "free"


def test_nothing_is_published_without_messages_or_by_who_does_not_sit_there(
    make: Make, sign_in: SignIn, ada: Account, leo: Account
) -> None:
    room = c.topic(make, ada)
    c.say(make, ada, room.id)
    path = f"/entraide/depuis/{room.slug}"
    refused = sign_in(ada).post(path, data=filled(skills=[h.skill(make).id], body="Déjà écrit"))
    assert refused.status_code == 422
    assert "Choisissez au moins un message." in refused.text
    assert "Déjà écrit" in refused.text
    for wrong in ("x", "9" * 40, "-1", "0"):
        sent = sign_in(ada).post(path, data=filled(skills=[h.skill(make).id], seq=[wrong]))
        assert sent.status_code == 422
    assert sign_in(leo).get(path).status_code == 403
    direct = c.direct(make, ada, make.member(make.site("Dakar")))
    assert sign_in(leo).get(f"/entraide/depuis/{direct.slug}").status_code == 404
    assert number(Question) == 0


def test_the_other_of_a_conversation_is_a_member_until_they_agree(
    make: Make, sign_in: SignIn, ada: Account, leo: Account
) -> None:
    room, reader = c.direct(make, ada, leo), sign_in(make.member(make.site("Dakar")))
    said = c.say(make, leo, room.id, "Demandez un carnet ATA")
    asked = made_of(make, ada, room, said)
    page = reader.get(address(asked)).text
    assert "Demandez un carnet ATA" in page
    assert "Un membre" in page
    assert "Léo Roy" not in page
    # Nobody but the two is led to their conversation.
    assert room.slug not in page
    consent = f"/entraide/{asked.id}/citations"
    assert reader.get(consent).status_code == 404
    assert sign_in(ada).get(consent).status_code == 404
    own = sign_in(leo)
    assert consent in own.get(address(asked)).text
    assert own.post(consent, data={"agreed": "1"}).status_code == 303
    assert "Léo Roy" in reader.get(address(asked)).text
    own.post(consent, data={"agreed": "0"})
    page = reader.get(address(asked)).text
    assert "Demandez un carnet ATA" not in page
    assert "Léo Roy" not in page
    assert "ne souhaitait pas voir" in page


def test_a_thread_is_talked_through_in_the_room_of_the_two(
    make: Make, sign_in: SignIn, ada: Account, leo: Account
) -> None:
    asked = h.question(make, ada)
    h.answer(make, leo, asked)
    browser = sign_in(ada)
    assert "En parler de vive voix" in browser.get(address(asked)).text
    to_room = browser.post(f"/entraide/{asked.id}/vive-voix", data={"member": leo.id})
    assert "/discussions/direct." in to_room.location
    again = browser.post(f"/entraide/{asked.id}/vive-voix", data={"member": leo.id})
    assert again.location == to_room.location
    talk = db.session.scalars(select(Talk)).one()
    assert len(rooms.history(c.whole(talk.room_id)).messages) == 1
    assert f"/entraide/vive-voix/{talk.id}/conclure" in sign_in(leo).get(to_room.location).text
    assert "Vous en parlez de vive voix" in browser.get(address(asked)).text
    third = sign_in(make.member(make.site("Dakar"))).get(address(asked)).text
    assert "Vous en parlez de vive voix" not in third


def test_what_two_concluded_is_an_answer_and_their_words_stay_theirs(
    make: Make, sign_in: SignIn, ada: Account, leo: Account
) -> None:
    asked = h.question(make, ada)
    talk = talked(make, leo, ada, asked)
    end, helper = f"/entraide/vive-voix/{talk.id}/conclure", sign_in(leo)
    c.say(make, ada, talk.room_id, "Un secret entre nous")
    assert "Un secret entre nous" in helper.get(end).text
    assert helper.post(end, data={"body": " "}).status_code == 422
    done = helper.post(end, data={"body": "Un carnet suffit.", "once": "k" * 20})
    given = db.session.scalars(select(Answer)).one()
    assert done.location == f"{address(asked)}#answer-{given.id}"
    told = rooms.history(c.whole(talk.room_id)).messages[-1].html
    assert f"/entraide/{asked.id}#answer-{given.id}" in told
    assert sign_in(ada).get(end).location == done.location
    reader = sign_in(make.member(make.site("Dakar"))).get(address(asked)).text
    assert "Un carnet suffit." in reader
    assert "La conclusion d’un échange" in reader
    assert "Un secret entre nous" not in reader
    assert "direct." not in reader
    assert "/discussions/direct." in sign_in(ada).get(address(asked)).text


def test_one_talks_only_with_who_asked_or_answered_under_their_name(
    make: Make, sign_in: SignIn, ada: Account, leo: Account
) -> None:
    asked = h.question(make, ada)
    for who in (leo.id, 0, 4321):
        sent = sign_in(ada).post(f"/entraide/{asked.id}/vive-voix", data={"member": who})
        assert sent.status_code == 403
    h.answer(make, leo, asked)
    third = sign_in(make.member(make.site("Dakar")))
    third.post(f"/entraide/{asked.id}/vive-voix", data={"member": leo.id})
    talk = db.session.scalars(select(Talk)).one()
    assert sign_in(ada).get(f"/entraide/vive-voix/{talk.id}/conclure").status_code == 404
    asked.anonymous = True
    db.session.flush()
    sent = third.post(f"/entraide/{asked.id}/vive-voix", data={"member": ada.id})
    assert sent.status_code == 403


def test_two_who_press_at_once_make_one_question(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        ada = make.member(make.site("Lyon"))
        room = c.topic(make, ada)
        said, term = c.say(make, ada, room.id), h.skill(make)
        rested(ada, term)
    rivals.all_at_once([lambda: made_of(make, ada, room, said, skill=term)] * 4)
    with rivals.inside():
        assert (number(Question), number(Quote)) == (1, 1)
        assert len(rooms.history(c.whole(room.id)).messages) == 2
