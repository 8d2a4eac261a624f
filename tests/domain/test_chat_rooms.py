"""Private rooms: who reads what, names, silence, archives, links."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from incubator.domain.chat import (
    editing,
    involvement,
    links,
    membership,
    message_queries,
    muting,
    queries,
    rooms,
    succession,
)
from incubator.domain.chat.models import Entry
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.reactions.audit.models import AuditEntry
from tests import factories_chat as chat
from tests import factories_rooms as fr

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make


@pytest.fixture
def people(make: Make) -> list[Account]:
    """Five of one site."""
    lyon = make.site("Lyon")
    return [make.member(lyon, name=name) for name in ("Ana", "Bea", "Cléo", "Dia", "Eva")]


def acts(room_id: int) -> list[str]:
    query = select(Entry).where(Entry.room_id == room_id, Entry.kind != "msg").order_by(Entry.seq)
    return [entry.data["act"] for entry in db.session.scalars(query)]


@pytest.mark.parametrize("role", ["resident", "manager", "administrator", "guest"])
def test_a_private_room_does_not_exist_for_the_others(
    make: Make, people: list[Account], role: str
) -> None:
    ana, bea = people[:2]
    room = fr.private(make, ana, bea).id
    chat.say(make, ana, room)
    other = make.actor(make.member(make.site("Lille"), role=role))
    acts_of_others = (
        lambda: queries.visible_to(other, room),
        lambda: membership.join(other, room, now=make.now),
        lambda: membership.leave(other, room, now=make.now),
        lambda: membership.invite(other, room, other.id, now=make.now),
        lambda: membership.remove(other, room, ana.id, now=make.now),
        lambda: rooms.describe(other, room, name="Pris", purpose="", now=make.now),
        lambda: rooms.archive(other, room, on=True, now=make.now),
        lambda: muting.mute(other, room, ana.id, hours=1, now=make.now),
        lambda: links.make(other, room, days=1, now=make.now),
        lambda: involvement.choose(other, room, "none"),
        lambda: succession.name_moderator(other, room, bea.id, on=True, now=make.now),
    )
    for act in acts_of_others:
        with pytest.raises(NotFound, match=r"chat\.room"), transaction():
            act()
    assert room not in {each.id for each in (*queries.rooms_of(other), *queries.open_to(other))}


def test_who_comes_reads_from_then_on_or_the_whole_when_shown(
    make: Make, people: list[Account]
) -> None:
    ana, bea, cleo, dia, _ = people
    room = fr.private(make, ana).id
    chat.say(make, ana, room, "avant")
    fr.invite(make, ana, room, bea)
    fr.invite(make, ana, room, cleo, whole=True)
    chat.say(make, ana, room, "ensuite")
    assert fr.words(make, bea, room) == ["ensuite"]
    assert fr.words(make, cleo, room) == ["avant", "ensuite"]
    with pytest.raises(NotAllowed, match="not_yours"):
        fr.invite(make, bea, room, dia)
    assert queries.visible_to(make.actor(bea), room).unread == 1


def test_who_left_reads_messages_as_they_stood_then(make: Make, people: list[Account]) -> None:
    ana, bea, *_ = people
    room = fr.private(make, ana, bea).id
    for text in ("un", "deux"):
        chat.say(make, ana, room, text)

    def change(no: int, text: str, base_rev: int) -> None:
        with transaction():
            editing.edit(
                make.actor(ana),
                room,
                no=no,
                text=text,
                base_rev=base_rev,
                cid=chat.cid(),
                now=make.now,
            )

    change(1, "un, corrigé devant elle", 0)
    fr.leave(make, bea, room)
    change(1, "un, secret", 1)
    change(2, "deux, secret", 0)
    assert fr.words(make, ana, room) == ["un, secret", "deux, secret"]
    assert fr.words(make, bea, room) == ["un, corrigé devant elle", "deux"]
    seen = queries.visible_to(make.actor(bea), room)
    told = [each.message.html for each in queries.events_for(seen, 0) if each.message]
    assert told
    assert "secret" not in "".join(told)
    first = message_queries.one(seen, 1)
    assert "secret" not in first.html
    assert [each.body_md for each in message_queries.revisions(first)] == ["un"]


def test_who_left_keeps_what_they_read_and_learns_nothing_more(
    make: Make, people: list[Account]
) -> None:
    ana, bea, *_ = people
    room = fr.private(make, ana, bea).id
    chat.say(make, ana, room, "à deux")
    fr.leave(make, bea, room)
    fr.leave(make, bea, room)
    chat.say(make, ana, room, "sans elle")
    with transaction():
        rooms.describe(make.actor(ana), room, name="Licenciements", purpose="Chut", now=make.now)
    seen = queries.visible_to(make.actor(bea), room)
    assert (seen.name, seen.purpose, seen.msg_no, seen.unread) == ("Achats", "", 1, 0)
    assert (seen.former, seen.seated) == (True, False)
    assert fr.words(make, bea, room) == ["à deux"]
    assert {e.kind for e in queries.events_for(seen, 0)} == {"msg", "member"}
    assert queries.events_for(seen, 0)[-1].data["act"] == "left"
    for act in (
        lambda: chat.say(make, bea, room),
        lambda: chat.read(make, bea, room, no=2),
    ):
        with pytest.raises(NotFound):
            act()
    assert room not in {each.id for each in queries.rooms_of(make.actor(bea))}


def test_who_comes_back_reads_from_then_on(make: Make, people: list[Account]) -> None:
    ana, bea, *_ = people
    room = fr.private(make, ana, bea).id
    fr.remove(make, ana, room, bea)
    chat.say(make, ana, room, "sans elle")
    fr.invite(make, ana, room, bea)
    chat.say(make, ana, room, "avec elle")
    assert fr.words(make, bea, room) == ["avec elle"]
    assert acts(room) == ["added", "removed", "added"]


def test_a_removed_member_of_an_open_room_comes_back_when_invited(
    make: Make, people: list[Account]
) -> None:
    ana, bea, *_ = people
    room = chat.topic(make, ana).id
    with transaction():
        membership.join(make.actor(bea), room, now=make.now)
    assert fr.remove(make, ana, room, bea)
    assert not fr.remove(make, ana, room, bea)
    assert queries.visible_to(make.actor(bea), room).seated is False
    with pytest.raises(NotAllowed, match="removed"), transaction():
        membership.join(make.actor(bea), room, now=make.now)
    assert fr.invite(make, ana, room, bea)
    assert not fr.invite(make, ana, room, bea)
    chat.say(make, bea, room)
    logged = db.session.scalars(select(AuditEntry.action).where(AuditEntry.member_id == bea.id))
    assert "seat_withdrawn" in set(logged)


def test_names_of_open_rooms_are_one_and_private_ones_are_nobodys_business(
    make: Make, people: list[Account]
) -> None:
    ana, bea, *_ = people
    first = chat.topic(make, ana, "Vélos !")
    with pytest.raises(Refusal, match="name_taken"):
        chat.topic(make, bea, "velos")
    hidden = fr.private(make, ana, name="Vélos")
    assert "velos" not in hidden.slug
    second = chat.topic(make, bea, "Trains")
    with pytest.raises(Refusal, match="name_taken"), transaction():
        rooms.describe(make.actor(bea), second.id, name="Vélos", purpose="", now=make.now)
    with transaction():
        rooms.describe(make.actor(ana), first.id, name="Cargos", purpose="", now=make.now)
        rooms.describe(make.actor(bea), second.id, name="Vélos", purpose="", now=make.now)
    with pytest.raises(NotAllowed, match="not_yours"), transaction():
        rooms.describe(make.actor(bea), first.id, name="À moi", purpose="", now=make.now)


def test_an_archived_room_is_read_and_refuses_words(make: Make, people: list[Account]) -> None:
    ana, bea, *_ = people
    room = fr.private(make, ana, bea).id
    chat.say(make, ana, room, "dit")
    with transaction():
        assert rooms.archive(make.actor(ana), room, on=True, now=make.now)
        assert not rooms.archive(make.actor(ana), room, on=True, now=make.now)
    assert fr.words(make, bea, room) == ["dit"]
    for act in (
        lambda: chat.say(make, bea, room),
        lambda: fr.invite(make, ana, room, people[2]),
    ):
        with pytest.raises(NotAllowed, match="archived"):
            act()
    assert room not in {each.id for each in queries.rooms_of(make.actor(bea))}
    with transaction():
        rooms.archive(make.actor(ana), room, on=False, now=make.now)
    chat.say(make, bea, room)
    assert acts(room) == ["added", "archived", "reopened"]


def test_who_is_muted_is_told_until_when_and_coming_back_does_not_help(
    make: Make, people: list[Account]
) -> None:
    ana, bea, *_ = people
    room = chat.topic(make, ana).id
    actor = make.actor(bea)
    with transaction():
        membership.join(actor, room, now=make.now)
        muting.mute(make.actor(ana), room, bea.id, hours=24, now=make.now)
        membership.leave(actor, room, now=make.now)
        membership.join(actor, room, now=make.now)
    with pytest.raises(NotAllowed, match=r"chat\.muted") as told:
        chat.say(make, bea, room)
    assert told.value.details["until"] == make.now + timedelta(hours=24)
    with transaction():
        muting.mute(make.actor(ana), room, bea.id, hours=None, now=make.now)
    chat.say(make, bea, room)
    with pytest.raises(Refusal, match="not_silenced"), transaction():
        muting.mute(make.actor(ana), room, ana.id, hours=1, now=make.now)
    with pytest.raises(NotAllowed, match="not_yours"), transaction():
        muting.mute(actor, room, ana.id, hours=1, now=make.now)
    with transaction():
        muting.mute(make.actor(ana), room, bea.id, hours=1, now=make.now)
    chat.say(make, bea, room, now=make.now + timedelta(hours=2))
    logged = select(AuditEntry).where(AuditEntry.action == "member_muted")
    assert len(db.session.scalars(logged).all()) == 3


def test_a_link_leads_in_until_it_is_revoked_or_expires(make: Make, people: list[Account]) -> None:
    ana, bea, cleo, dia, _ = people
    room = fr.private(make, ana).id
    chat.say(make, ana, room, "avant")
    with transaction():
        token = links.make(make.actor(ana), room, days=1, now=make.now)
        open_whole = links.make(make.actor(ana), room, days=7, whole=True, now=make.now)
    door = links.look(make.actor(bea), token, now=make.now)
    assert (door.name, door.private, door.size) == ("Achats", True, 1)
    with transaction():
        for _ in range(2):
            assert links.enter(make.actor(bea), token, now=make.now) == room
        links.enter(make.actor(cleo), open_whole, now=make.now)
    assert (fr.words(make, bea, room), fr.words(make, cleo, room)) == ([], ["avant"])
    for later, guest in ((timedelta(days=2), False), (timedelta(0), True)):
        who = make.member(make.site(), role="guest") if guest else dia
        with pytest.raises(NotFound, match=r"chat\.link"), transaction():
            links.enter(make.actor(who), token, now=make.now + later)
    first = links.living(make.actor(ana), room, now=make.now)[-1][0]
    with transaction():
        links.revoke(make.actor(ana), room, first.id, now=make.now)
    with pytest.raises(NotFound, match=r"chat\.link"):
        links.look(make.actor(dia), token, now=make.now)
    with pytest.raises(NotAllowed, match="not_yours"):
        links.living(make.actor(bea), room, now=make.now)
    fr.remove(make, ana, room, cleo)
    with pytest.raises(NotAllowed, match="removed"), transaction():
        links.enter(make.actor(cleo), open_whole, now=make.now)


def test_the_log_of_the_house_does_not_tell_who_sits_in_private_rooms(
    make: Make, people: list[Account]
) -> None:
    ana, bea, cleo, *_ = people
    before = db.session.scalar(select(func.count()).select_from(AuditEntry))
    room = fr.private(make, ana, bea).id
    fr.group(make, ana, bea, cleo)
    chat.say(make, ana, room)
    fr.leave(make, bea, room)
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == before
