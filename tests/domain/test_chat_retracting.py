"""All that somebody said is taken back at their wish: in every room, without a word left."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.domain.chat import retracting
from incubator.domain.chat.models import Entry, Message
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Refusal
from incubator.kernel.jobs import run_due
from tests import factories_rooms as f
from tests.factories_chat import direct, say

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.network.accounts.models import Account
    from tests.factories import Make

PAGE = "/discussions/mes-messages/reprendre"


@pytest.fixture
def ada(make: Make) -> Account:
    return make.member(make.site(), name="Ada")


@pytest.fixture
def leo(make: Make) -> Account:
    return make.member(make.site(), name="Léo")


def asks(make: Make, who: Account, *, sure: bool = True, now: datetime | None = None) -> None:
    with transaction():
        retracting.ask(make.actor(who), sure=sure, now=now or make.now)


def said_by(who: Account) -> list[str]:
    query = select(Message.body_md).where(Message.author_id == who.id).order_by(Message.id)
    return list(db.session.scalars(query))


def test_every_word_goes_in_rooms_one_left_too_and_others_stay(
    make: Make, ada: Account, leo: Account
) -> None:
    room, pair = f.private(make, leo, ada), direct(make, ada, leo)
    for number in (room.id, pair.id):
        say(make, ada, number, text="Mon secret")
        say(make, leo, number, text="Ma réponse")
    f.leave(make, ada, room.id)
    asks(make, ada)
    run_due()
    assert (said_by(ada), said_by(leo)) == (["", ""], ["Ma réponse", "Ma réponse"])
    assert "Mon secret" not in " ".join(f.words(make, leo, room.id))
    gone = db.session.scalars(select(Entry.kind).where(Entry.kind == "del"))
    assert len(gone.all()) == 2


def test_many_go_batch_by_batch_and_a_second_wish_changes_nothing(
    make: Make, ada: Account, leo: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retracting, "BATCH", 2)
    room = f.private(make, leo, ada)
    for number in range(5):
        say(make, ada, room.id, text=f"Message {number}")
    for _twice in range(2):
        asks(make, ada)
        run_due()
    assert said_by(ada) == [""] * 5
    assert retracting.standing(ada.id) == 0
    assert len(db.session.scalars(select(Entry.kind).where(Entry.kind == "del")).all()) == 5


def test_what_is_said_after_the_wish_stays(make: Make, ada: Account, leo: Account) -> None:
    room = f.private(make, leo, ada)
    say(make, ada, room.id, text="Avant")
    asks(make, ada, now=make.now - timedelta(minutes=1))
    run_due()
    assert said_by(ada) == ["Avant"]


def test_who_is_not_sure_keeps_all(make: Make, ada: Account, leo: Account, sign_in: Any) -> None:
    room = f.private(make, leo, ada)
    say(make, ada, room.id, text="Encore là")
    with pytest.raises(Refusal, match="retract_unsure"):
        asks(make, ada, sure=False)
    browser = sign_in(ada)
    assert "1 de vos messages peut être lu" in browser.get(PAGE).text
    answer = browser.post(PAGE, data={})
    assert answer.status_code == 422
    assert "Cochez la case" in answer.text
    assert said_by(ada) == ["Encore là"]
    assert browser.post(PAGE, data={"sure": "y"}).status_code == 303
