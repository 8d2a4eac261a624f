"""Machines in rooms: who makes them, how they speak, whom they call, what they are told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.domain.chat import bot_calls, editing, mentions, queries, rooms
from incubator.domain.chat.bot_models import Bot
from incubator.domain.chat.bots import keeping, rules, speaking
from incubator.domain.chat.bots.speaking import Spoken
from incubator.domain.chat.models import Message
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal, TooMany
from incubator.kernel.jobs import Job
from incubator.network.members.models import Member
from tests import factories_chat as chat
from tests import factories_rooms as fr

if TYPE_CHECKING:
    from incubator.domain.chat.saying import Sent
    from incubator.network.accounts.models import Account
    from tests.factories import Make

HOUSE = "https://hooks.example.org/deploys"


def make_bot(
    make: Make, by: Account, room_id: int, name: str = "Déploiements", **more: object
) -> keeping.Made:
    wanted = keeping.Wanted(name=name, **more)  # type: ignore[arg-type]  # a shorter call
    with transaction():
        return keeping.make(make.actor(by), room_id, wanted, now=make.now)


def speak(make: Make, token: str, text: str, key: str = "k", root: int | None = None) -> Sent:
    with transaction():
        bot = speaking.by_token(token)
        return speaking.speak(bot, Spoken(text=text, key=key, root=root), now=make.now)


@pytest.fixture
def people(make: Make) -> list[Account]:
    lyon = make.site("Lyon")
    return [make.member(lyon, name=name) for name in ("Ana Petit", "Béa Grand", "Cléo Roux")]


def test_a_machine_speaks_as_itself_and_is_news_to_everybody(
    make: Make, people: list[Account]
) -> None:
    ana, bea, _ = people
    room = fr.private(make, ana, bea)
    made = make_bot(make, ana, room.id)
    sent = speak(make, made.token, "Version 12 en ligne")
    seen = queries.visible_to(make.actor(ana), room.id)
    last = queries.history(seen).messages[-1]
    shown = (last.author.name, last.author.bot, last.author.id, last.no)
    assert shown == ("Déploiements", True, -made.bot.id, sent.no)
    # To who made it, too: it is not their own words.
    assert seen.unread == queries.visible_to(make.actor(bea), room.id).unread == 1


def test_one_key_is_one_message(make: Make, people: list[Account]) -> None:
    ana, *_ = people
    room = fr.private(make, ana)
    made = make_bot(make, ana, room.id)
    first = speak(make, made.token, "une fois", key="build-7")
    again = speak(make, made.token, "une fois", key="build-7")
    assert (first.no, first.again, again.no, again.again) == (first.no, False, first.no, True)
    with pytest.raises(Conflict, match=r"chat\.cid_reused"):
        speak(make, made.token, "autre chose", key="build-7")
    assert len(fr.words(make, ana, room.id)) == 1


def test_keys_of_two_machines_do_not_meet() -> None:
    assert rules.cid_of(1, "x") != rules.cid_of(2, "x")
    assert len(rules.cid_of(1, "x")) == 36
    for key in ("", "x" * 101):
        with pytest.raises(Refusal, match=r"chat\.bot_key"):
            rules.cid_of(1, key)


def test_only_who_looks_after_a_room_makes_and_revokes(make: Make, people: list[Account]) -> None:
    ana, bea, cleo = people
    room = fr.private(make, ana, bea)
    with pytest.raises(NotAllowed, match=r"chat\.not_yours"):
        make_bot(make, bea, room.id)
    with pytest.raises(NotFound, match=r"chat\.room"):
        make_bot(make, cleo, room.id)
    made = make_bot(make, ana, room.id)
    with pytest.raises(NotAllowed, match=r"chat\.not_yours"):
        keeping.revoke(make.actor(bea), room.id, made.bot.id, now=make.now)
    with transaction():
        keeping.revoke(make.actor(ana), room.id, made.bot.id, now=make.now)
    with pytest.raises(NotFound, match=r"chat\.bot"):
        speaking.by_token(made.token)
    # Its name is free again.
    make_bot(make, ana, room.id)


def test_a_bot_of_another_room_is_not_there(make: Make, people: list[Account]) -> None:
    ana, *_ = people
    one, other = fr.private(make, ana), fr.private(make, ana, name="Ventes")
    made = make_bot(make, ana, one.id)
    with pytest.raises(NotFound, match=r"chat\.bot"):
        keeping.revoke(make.actor(ana), other.id, made.bot.id, now=make.now)


def test_conversations_have_no_machines(make: Make, people: list[Account]) -> None:
    ana, bea, cleo = people
    for room in (fr.group(make, ana, bea, cleo), chat.direct(make, ana, bea)):
        with pytest.raises(NotAllowed, match=r"chat\.not_yours"):
            make_bot(make, ana, room.id)


def test_managers_keep_those_of_their_site(make: Make, people: list[Account]) -> None:
    site = make.site("Brest")
    chat.rooms(make)
    manager = make.member(site, role="manager", name="Mona Chef")
    chat.sit(make, manager, people[0])
    with pytest.raises(NotAllowed, match=r"chat\.not_yours"):
        make_bot(make, people[0], chat.room_of(site))
    assert make_bot(make, manager, chat.room_of(site)).token


@pytest.mark.parametrize("name", ["x", "  ", "!!!", "salon", "room", "a" * 41])
def test_names_that_call_nothing_are_refused(make: Make, people: list[Account], name: str) -> None:
    room = fr.private(make, people[0])
    with pytest.raises(Refusal, match=r"chat\.bot_name$"):
        make_bot(make, people[0], room.id, name)


def test_a_name_is_of_one_machine_and_of_no_member(make: Make, people: list[Account]) -> None:
    ana, *_ = people
    room = fr.private(make, ana)
    make_bot(make, ana, room.id, "Météo du matin")
    for name in ("meteo du matin", "Béa Grand"):
        with pytest.raises(Refusal, match=r"chat\.bot_name_taken"):
            make_bot(make, ana, room.id, name)


def test_a_room_has_ten_at_most(make: Make, people: list[Account]) -> None:
    room = fr.private(make, people[0])
    for number in range(rules.BOTS_MOST):
        make_bot(make, people[0], room.id, f"Robot {number}")
    with pytest.raises(Refusal, match=r"chat\.many_bots"):
        make_bot(make, people[0], room.id, "Un de trop")


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/x",
        "https://user:pass@hooks.example.org/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "ftp://hooks.example.org/",
        "https://hooks.example.org:0/",
        "https://hooks.example.org/a b",
        "https:///x",
        "https://[bad/",
    ],
)
def test_addresses_that_lead_nearby_are_refused(url: str) -> None:
    with pytest.raises(Refusal, match=r"chat\.bot_url"):
        rules.url_of(url, local=False)


def test_addresses_of_the_open_net_are_kept() -> None:
    assert rules.url_of(f" {HOUSE} ", local=False) == HOUSE
    assert not rules.url_of("", local=False)
    assert rules.url_of("http://127.0.0.1:9/x", local=True) == "http://127.0.0.1:9/x"


def test_it_calls_members_and_everybody_only_where_allowed(
    make: Make, people: list[Account]
) -> None:
    ana, bea, _ = people
    room = fr.private(make, ana, bea)
    made = make_bot(make, ana, room.id)
    speak(make, made.token, "@ana-petit et @bea-grand, c’est prêt")
    for who in (ana, bea):
        assert mentions.waiting(make.actor(who))[room.id].mentions == 1
    for word in ("@salon", "@room", "@sur-place"):
        with pytest.raises(Refusal, match=r"chat\.not_everybody"):
            speak(make, made.token, f"{word} au feu", key=word)
    wanted = keeping.Wanted(name="Déploiements", to_all=True)
    with transaction():
        assert not keeping.change(make.actor(ana), room.id, made.bot.id, wanted=wanted)
    speak(make, made.token, "@salon au feu", key="now")
    assert mentions.waiting(make.actor(bea))[room.id].mentions == 2


def test_it_replies_in_a_thread(make: Make, people: list[Account]) -> None:
    ana, *_ = people
    room = fr.private(make, ana)
    made = make_bot(make, ana, room.id)
    said = chat.say(make, ana, room.id, "Où en est la mise en ligne ?")
    assert speak(make, made.token, "Elle tourne", root=said.no).root == said.no
    with pytest.raises(NotFound, match=r"chat\.message"):
        speak(make, made.token, "?", key="b", root=999)


def test_an_archived_room_and_a_departed_maker_silence_it(
    make: Make, people: list[Account]
) -> None:
    ana, *_ = people
    room = fr.private(make, ana)
    made = make_bot(make, ana, room.id)
    row = db.session.get_one(Bot, made.bot.id)
    assert row.token_hash != made.token
    with transaction():
        rooms.archive(make.actor(ana), room.id, on=True, now=make.now)
    with pytest.raises(NotAllowed, match=r"chat\.archived"):
        speak(make, made.token, "encore")
    db.session.get_one(Member, ana.id).active = False
    db.session.flush()
    with pytest.raises(NotFound, match=r"chat\.bot"):
        speaking.by_token(made.token)


def test_its_words_are_not_its_makers_to_change(make: Make, people: list[Account]) -> None:
    ana, *_ = people
    room = fr.private(make, ana)
    made = make_bot(make, ana, room.id)
    sent = speak(make, made.token, "bonjour")
    with pytest.raises(NotAllowed, match=r"chat\.not_yours"):
        editing.edit(
            *(make.actor(ana), room.id),
            no=sent.no,
            cid=chat.cid(),
            text="x",
            base_rev=0,
            now=make.now,
        )
    # Who looks after the room removes it, and tells why.
    with pytest.raises(Refusal, match=r"chat\.reason_missing"):
        editing.take_away(make.actor(ana), room.id, no=sent.no, cid=chat.cid(), now=make.now)


def test_it_waits_when_it_is_too_fast_but_repeats_itself(make: Make, people: list[Account]) -> None:
    room = fr.private(make, people[0])
    made = make_bot(make, people[0], room.id)
    speak(make, made.token, "une", key="a")
    bot = speaking.by_token(made.token)
    waits = [speaking.count(bot, now=make.now) for _ in range(rules.SPOKEN[0] + 1)]
    assert (waits[-2], waits[-1] > 0) == (0, True)
    with pytest.raises(TooMany, match=r"chat\.bot_fast"):
        speaking.speak(bot, Spoken(text="deux", key="b"), now=make.now, wait=2)
    # What is stored is told again, however fast.
    assert speaking.speak(bot, Spoken(text="une", key="a"), now=make.now, wait=2).again


def test_a_call_by_name_writes_one_job(make: Make, people: list[Account]) -> None:
    ana, bea, _ = people
    room = fr.private(make, ana, bea)
    told = make_bot(make, ana, room.id, "Météo", url=HOUSE)
    make_bot(make, ana, room.id, "Sourd")
    said = chat.say(make, bea, room.id, "@meteo @sourd il pleut ?")
    chat.say(make, bea, room.id, "meteo sans appel, et @meteorite")
    # Machines do not call each other.
    speak(make, told.token, "@meteo encore moi")
    jobs = db.session.scalars(select(Job).where(Job.kind == bot_calls.CALL)).all()
    message = db.session.scalars(
        select(Message).where(Message.room_id == room.id, Message.no == said.no)
    ).one()
    assert [job.payload for job in jobs] == [{"bot": told.bot.id, "message": message.id}]
    call = bot_calls.call_of(told.bot.id, message.id)
    assert call is not None
    assert call.told["message"]["text"] == "@meteo @sourd il pleut ?"
    assert (call.told["message"]["author"], call.root) == ("Béa Grand", said.no)
    with transaction():
        keeping.revoke(make.actor(ana), room.id, told.bot.id, now=make.now)
    assert bot_calls.call_of(told.bot.id, message.id) is None


def test_a_machine_hears_nothing_once_its_maker_left(make: Make, people: list[Account]) -> None:
    ana, bea, _ = people
    room = fr.private(make, ana, bea)
    bot = make_bot(make, ana, room.id, "Météo", url=HOUSE).bot
    said = chat.say(make, bea, room.id, "@meteo il pleut ?")
    db.session.get_one(Member, ana.id).active = False
    db.session.flush()
    # Neither what waited to be told, nor what is said from now on; and no answer is taken.
    assert bot_calls.call_of(bot.id, said.id) is None
    chat.say(make, bea, room.id, "@meteo et demain ?")
    assert len(db.session.scalars(select(Job).where(Job.kind == bot_calls.CALL)).all()) == 1
    with pytest.raises(NotFound, match=r"chat\.bot"):
        speaking.speak(bot, Spoken(text="Oui", key="a"), now=make.now)


def test_a_machine_hears_nothing_of_a_private_room_that_its_maker_left(
    make: Make, people: list[Account]
) -> None:
    ana, bea, _ = people
    room = fr.private(make, ana, bea)
    bot = make_bot(make, ana, room.id, "Météo", url=HOUSE).bot
    said = chat.say(make, bea, room.id, "@meteo il pleut ?")
    assert bot_calls.call_of(bot.id, said.id) is not None
    fr.leave(make, ana, room.id)
    assert bot_calls.call_of(bot.id, said.id) is None


def test_what_was_deleted_meanwhile_is_told_to_nobody(make: Make, people: list[Account]) -> None:
    ana, *_ = people
    room = fr.private(make, ana)
    told = make_bot(make, ana, room.id, "Météo", url=HOUSE)
    said = chat.say(make, ana, room.id, "@meteo secret")
    with transaction():
        later = make.now + timedelta(seconds=5)
        editing.take_away(make.actor(ana), room.id, no=said.no, cid=chat.cid(), now=later)
    assert bot_calls.call_of(told.bot.id, said.id) is None


def test_a_new_address_has_a_new_secret(make: Make, people: list[Account]) -> None:
    room = fr.private(make, people[0])
    made = make_bot(make, people[0], room.id, "Météo", url=HOUSE)
    salt = made.bot.salt
    wanted = keeping.Wanted(name="Météo", url=f"{HOUSE}/2")
    with transaction():
        assert keeping.change(make.actor(people[0]), room.id, made.bot.id, wanted=wanted)
    assert made.bot.salt != salt
    assert rules.secret_of("a", "b" * 32) != rules.secret_of("c", "b" * 32)
