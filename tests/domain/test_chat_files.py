"""Uploads are sent once, by their owner, in their room, with their message or not at all."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from incubator.blueprints.chat import sync
from incubator.domain.chat import commands, handing, queries
from incubator.domain.chat import file_doors as doors
from incubator.domain.chat import uploads as keeping
from incubator.domain.chat.file_models import ChatFile
from incubator.domain.chat.models import Message
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Conflict, NotFound, Refusal
from incubator.network.members.tombstone import tombstone
from tests import factories_chat as chat
from tests import factories_chatfiles as f
from tests.rivals import Rivals, rested

if TYPE_CHECKING:
    from incubator.domain.chat.saying import Sent
    from incubator.network.accounts.models import Account
    from tests.factories import Make


def send(make: Make, by: Account, room: int, files: list[int], **more: Any) -> Sent:
    told = {"cid": chat.cid(), "text": "", "now": make.now} | more
    with transaction():
        return commands.send(make.actor(by), room, file_ids=files, **told)


@pytest.fixture
def pair(make: Make) -> tuple[Account, Account, int]:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon)
    chat.sit(make, fatou, hugo)
    return fatou, hugo, chat.room_of(lyon)


def test_a_message_may_be_files_alone_and_tells_them_by_every_road(
    make: Make, pair: tuple[Account, Account, int]
) -> None:
    fatou, hugo, room = pair
    number = f.uploaded(make, fatou, room, f.PICTURE, "table.png")
    said = send(make, fatou, room, [number])
    expected = [(number, "table.webp", 320, 213)]
    reader = make.actor(hugo)
    missed = sync.catch_up(reader, {room: 0})["rooms"][str(room)]["events"]
    past = sync.past(reader, queries.visible_to(reader, room), None)["messages"]
    frames = [missed[-1], past[-1]]
    for frame in frames:
        parts = ("id", "name", "width", "height")
        found = [tuple(each[part] for part in parts) for each in frame["files"]]
        assert found == expected
        assert frame["html"] == ""
    assert [each.id for each in said.files] == [number]


def test_without_a_file_a_message_has_words(make: Make, pair: tuple[Account, Account, int]) -> None:
    fatou, _hugo, room = pair
    with pytest.raises(Refusal, match="blank"):
        send(make, fatou, room, [])


def test_the_same_message_again_is_the_same_and_other_files_are_refused(
    make: Make, pair: tuple[Account, Account, int]
) -> None:
    fatou, _hugo, room = pair
    one, two = f.uploaded(make, fatou, room), f.uploaded(make, fatou, room)
    key = chat.cid()
    said = send(make, fatou, room, [one], cid=key)
    again = send(make, fatou, room, [one], cid=key)
    assert (again.again, again.id, [each.id for each in again.files]) == (True, said.id, [one])
    for others in ([], [two], [one, two]):
        with pytest.raises(Conflict, match="cid_reused"):
            send(make, fatou, room, others, cid=key, text="x" if not others else "")
    assert doors.visible_to(make.actor(fatou), two).message_id is None


def test_an_upload_of_another_or_of_another_room_is_not_sent_and_nothing_is_said(
    make: Make, pair: tuple[Account, Account, int]
) -> None:
    fatou, hugo, room = pair
    theirs = f.uploaded(make, hugo, room)
    elsewhere = f.uploaded(make, fatou, chat.room_of(None))
    own = f.uploaded(make, fatou, room)
    for wrong in (theirs, elsewhere, 10**9):
        with pytest.raises(Refusal, match="files_gone"):
            send(make, fatou, room, [own, wrong])
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0
    assert send(make, fatou, room, [own, own]).files[0].id == own


def test_five_files_at_most(make: Make, pair: tuple[Account, Account, int]) -> None:
    fatou, _hugo, room = pair
    six = [f.uploaded(make, fatou, room) for _ in range(6)]
    with pytest.raises(Refusal, match="too_many"):
        send(make, fatou, room, six)
    assert len(send(make, fatou, room, six[:5]).files) == 5


def test_of_rivals_one_sends_the_upload(rivals: Rivals) -> None:
    with rivals.inside():
        make = rivals.make
        lyon = make.site("Lyon")
        fatou = make.member(lyon)
        chat.sit(make, fatou)
        room = chat.room_of(lyon)
        number = f.uploaded(make, fatou, room)
        rested(fatou)
        actor = make.actor(fatou)

    def say(key: str) -> None:
        with transaction():
            commands.send(actor, room, cid=key, text="", file_ids=[number], now=rivals.make.now)

    ends = rivals.at_once([partial(say, chat.cid()) for _ in range(4)])
    assert ends == {"done": 1, "chat.files_gone": 3}
    with rivals.inside():
        assert db.session.scalar(select(func.count()).select_from(Message)) == 1
        assert db.session.scalars(select(ChatFile.message_id)).one() is not None


def test_of_rivals_one_takes_back_or_sends(rivals: Rivals) -> None:
    with rivals.inside():
        make = rivals.make
        lyon = make.site("Lyon")
        fatou = make.member(lyon)
        chat.sit(make, fatou)
        room = chat.room_of(lyon)
        number = f.uploaded(make, fatou, room)
        rested(fatou)
        actor = make.actor(fatou)

    def say() -> None:
        with transaction():
            commands.send(
                actor, room, cid=chat.cid(), text="", file_ids=[number], now=rivals.make.now
            )

    def drop() -> None:
        with transaction():
            keeping.drop(actor, number)

    ends = rivals.at_once([say, drop])
    assert ends["done"] == 1
    with rivals.inside():
        left = db.session.scalars(select(ChatFile)).all()
        said = db.session.scalar(select(func.count()).select_from(Message))
        assert (len(left), said) in {(1, 1), (0, 0)}


def test_files_follow_their_message_to_another_name(
    make: Make, pair: tuple[Account, Account, int]
) -> None:
    fatou, hugo, room = pair
    number = f.uploaded(make, fatou, room)
    send(make, fatou, room, [number])
    with transaction():
        handing.hand_over(from_id=fatou.id, to_id=tombstone(now=make.now), by_id=None, now=make.now)
    assert doors.visible_to(make.actor(hugo), number).owner_id != fatou.id


PLACES = st.sampled_from(["site", "network", "direct", "topic"])
READERS = st.sampled_from(["author", "neighbour", "far", "boss", "guest", "alumni"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=PLACES, reader=READERS, sent=st.booleans())
def test_a_file_reaches_exactly_those_who_read_its_message(
    make: Make, place: str, reader: str, *, sent: bool
) -> None:
    people, room = _house(make, place)
    number = f.uploaded(make, people["author"], room)
    if sent:
        send(make, people["author"], room, [number])
    actor = make.actor(people[reader])
    try:
        view = queries.visible_to(actor, room)
        reads = any(each.files for each in queries.history(view).messages)
    except NotFound:
        reads = False
    try:
        opened = doors.visible_to(actor, number).id == number
    except NotFound:
        opened = False
    assert opened == (reads if sent else reader == "author")
    if place == "direct" and reader in {"far", "boss", "guest", "alumni"}:
        assert not opened


def _house(make: Make, place: str) -> tuple[dict[str, Account], int]:
    lyon, lille = make.site(), make.site()
    people = {
        "author": make.member(lyon),
        "neighbour": make.member(lyon),
        "far": make.member(lille),
        "boss": make.member(lille, role="administrator"),
        "guest": make.member(lyon, role="guest"),
        "alumni": make.member(lyon, role="alumni"),
    }
    chat.sit(make, *people.values())
    if place == "direct":
        return people, chat.direct(make, people["author"], people["neighbour"]).id
    if place == "topic":
        return people, chat.topic(make, people["author"], f"Vélos {lyon.id}").id
    return people, chat.room_of(lyon if place == "site" else None)
