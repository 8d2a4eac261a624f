"""Talking, reading and sitting down."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.domain.chat import commands, membership, queries, rooms
from incubator.domain.chat.models import Entry, Message, Room
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal, TooMany
from tests import factories_chat as chat

if TYPE_CHECKING:
    from tests.factories import Make


def test_the_network_and_each_site_have_a_room_once(make: Make) -> None:
    make.site("Lyon")
    make.site("Nantes")
    chat.rooms(make)
    chat.rooms(make)
    kinds = sorted(db.session.scalars(select(Room.kind)))
    assert kinds == ["network", "site", "site"]


def test_a_member_sits_in_the_network_and_at_home(make: Make) -> None:
    lyon, nantes = make.site("Lyon"), make.site("Nantes")
    fatou = make.member(lyon)
    chat.sit(make, fatou)
    chat.sit(make, fatou)
    mine = {room.id for room in queries.rooms_of(make.actor(fatou))}
    assert mine == {chat.room_of(None), chat.room_of(lyon)}
    assert chat.room_of(nantes) not in mine


def test_a_manager_sits_in_the_room_of_their_site(make: Make) -> None:
    lyon = make.site("Lyon")
    sophie = make.member(lyon, role="manager")
    chat.sit(make, sophie)
    assert chat.room_of(lyon) in {room.id for room in queries.rooms_of(make.actor(sophie))}


def test_a_guest_reads_the_room_of_their_site_and_nothing_else(make: Make) -> None:
    lyon, nantes = make.site("Lyon"), make.site("Nantes")
    guest = make.member(lyon, role="guest")
    chat.sit(make, guest)
    actor = make.actor(guest)
    assert [room.site_id for room in queries.rooms_of(actor)] == [lyon.id]
    assert queries.open_to(actor) == []
    for hidden in (chat.room_of(None), chat.room_of(nantes)):
        with pytest.raises(NotFound):
            queries.visible_to(actor, hidden)


def test_a_guest_cannot_post_in_a_site_room(make: Make) -> None:
    lyon = make.site("Lyon")
    guest = make.member(lyon, role="guest")
    chat.sit(make, guest)
    with pytest.raises(NotAllowed, match=r"chat\.not_seated"):
        chat.say(make, guest, chat.room_of(lyon))


def test_who_has_no_seat_cannot_post(make: Make) -> None:
    lyon, nantes = make.site("Lyon"), make.site("Nantes")
    fatou = make.member(lyon)
    chat.sit(make, fatou)
    with pytest.raises(NotAllowed, match=r"chat\.not_seated"):
        chat.say(make, fatou, chat.room_of(nantes))


def test_a_member_joins_an_open_room_talks_and_leaves(make: Make) -> None:
    lyon, nantes = make.site("Lyon"), make.site("Nantes")
    fatou = make.member(lyon)
    chat.sit(make, fatou)
    room, actor = chat.room_of(nantes), make.actor(fatou)
    for _ in range(2):
        with transaction():
            membership.join(actor, room, now=make.now)
    assert chat.say(make, fatou, room).seq == 2
    for _ in range(2):
        with transaction():
            membership.leave(actor, room, now=make.now)
    kinds = [entry.kind for entry in queries.events_after(room, 0)]
    assert kinds == ["member", "msg", "member"]


def test_nobody_leaves_their_own_site_or_the_network(make: Make) -> None:
    lyon = make.site("Lyon")
    fatou = make.member(lyon)
    chat.sit(make, fatou)
    for room in (chat.room_of(lyon), chat.room_of(None)):
        with pytest.raises(NotAllowed, match=r"chat\.home_room"), transaction():
            membership.leave(make.actor(fatou), room, now=make.now)


def test_coming_back_finds_nothing_unread(make: Make) -> None:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon)
    room = chat.topic(make, hugo)
    actor = make.actor(fatou)
    with transaction():
        membership.join(actor, room.id, now=make.now)
        membership.leave(actor, room.id, now=make.now)
    chat.say(make, hugo, room.id)
    with transaction():
        membership.join(actor, room.id, now=make.now)
    assert queries.visible_to(actor, room.id).unread == 0


def test_messages_and_log_are_numbered_without_hole(make: Make) -> None:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon)
    chat.sit(make, fatou, hugo)
    room = chat.room_of(lyon)
    sent = [chat.say(make, by, room) for by in (fatou, hugo, fatou)]
    assert [(s.seq, s.no, s.again) for s in sent] == [(n, n, False) for n in (1, 2, 3)]
    assert queries.heads([room]) == {room: (3, 3)}


def test_the_same_message_sent_again_is_stored_once(make: Make) -> None:
    lyon = make.site("Lyon")
    fatou = make.member(lyon)
    chat.sit(make, fatou)
    room, key, actor = chat.room_of(lyon), chat.cid(), make.actor(fatou)
    acks = []
    for _ in range(2):
        with transaction():
            acks.append(commands.send(actor, room, cid=key, text="Bonjour ", now=make.now))
    first, second = acks
    assert (first.id, first.seq, first.no) == (second.id, second.seq, second.no)
    assert (first.again, second.again) == (False, True)
    assert len(db.session.scalars(select(Message)).all()) == 1


def test_a_key_used_for_another_text_is_refused(make: Make) -> None:
    lyon = make.site("Lyon")
    fatou = make.member(lyon)
    chat.sit(make, fatou)
    key, actor = chat.cid(), make.actor(fatou)
    with transaction():
        commands.send(actor, chat.room_of(lyon), cid=key, text="Oui", now=make.now)
    for room, text in ((chat.room_of(lyon), "Non"), (chat.room_of(None), "Oui")):
        with pytest.raises(Conflict, match=r"chat\.cid_reused"), transaction():
            commands.send(actor, room, cid=key, text=text, now=make.now)
    assert queries.heads([chat.room_of(lyon)])[chat.room_of(lyon)] == (1, 1)


def test_two_people_may_use_the_same_key(make: Make) -> None:
    lyon = make.site("Lyon")
    people = [make.member(lyon), make.member(lyon)]
    chat.sit(make, *people)
    key = chat.cid()
    for person in people:
        with transaction():
            commands.send(make.actor(person), chat.room_of(lyon), cid=key, text="Oui", now=make.now)
    assert len(db.session.scalars(select(Message)).all()) == 2


def test_markup_is_cleaned_when_stored(make: Make) -> None:
    lyon = make.site("Lyon")
    fatou = make.member(lyon)
    chat.sit(make, fatou)
    html = chat.say(make, fatou, chat.room_of(lyon), "**Oui** <script>alert(1)</script>").html
    assert "<strong>Oui</strong>" in html
    assert "<script" not in html


def test_nobody_floods_a_room(make: Make) -> None:
    lyon = make.site("Lyon")
    fatou = make.member(lyon)
    chat.sit(make, fatou)
    room = chat.room_of(lyon)
    for _ in range(20):
        chat.say(make, fatou, room)
    with pytest.raises(TooMany) as refused:
        chat.say(make, fatou, room)
    assert refused.value.retry_after == 1
    assert chat.say(make, fatou, room, now=make.now + timedelta(seconds=1)).no == 21


def test_a_marker_never_goes_back_nor_ahead_of_the_room(make: Make) -> None:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon)
    chat.sit(make, fatou, hugo)
    room = chat.room_of(lyon)
    for _ in range(3):
        chat.say(make, hugo, room)
    assert [chat.read(make, fatou, room, no=no) for no in (2, 1, 99)] == [2, 2, 3]


def test_a_topic_is_opened_once(make: Make) -> None:
    fatou = make.member(make.site("Lyon"))
    once, actor = chat.cid(), make.actor(fatou)
    for _ in range(2):
        with transaction():
            room = rooms.open_topic(actor, name="Salons", once=once, now=make.now)
    assert (room.kind, room.slug, room.seated) == ("topic", "salons-2", True)


def test_a_guest_opens_no_topic_and_takes_no_seat(make: Make) -> None:
    lyon = make.site("Lyon")
    guest = make.member(lyon, role="guest")
    chat.sit(make, guest)
    with pytest.raises(NotAllowed), transaction():
        rooms.open_topic(make.actor(guest), name="Vélos", once=chat.cid(), now=make.now)
    with pytest.raises(NotAllowed), transaction():
        membership.join(make.actor(guest), chat.room_of(lyon), now=make.now)


def test_a_refused_message_leaves_no_trace(make: Make) -> None:
    lyon = make.site("Lyon")
    fatou = make.member(lyon)
    chat.sit(make, fatou)
    with pytest.raises(Refusal, match=r"chat\.blank"):
        chat.say(make, fatou, chat.room_of(lyon), "  ")
    assert db.session.scalars(select(Entry)).all() == []
