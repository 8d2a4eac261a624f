"""What happens to a message after it was said: changed, gone, signs, pins, replies, calls."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from incubator.domain.chat import (
    commands,
    editing,
    mentions,
    message_queries,
    pinning,
    queries,
    reacting,
)
from incubator.domain.chat.message_models import Mention, Reaction, Revision
from incubator.domain.chat.message_rules import SIGNS, SIGNS_MOST
from incubator.domain.chat.models import Entry, Message
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal, TooMany
from incubator.network.sites.models import Site
from tests import factories_chat as chat
from tests import factories_presence as presence

if TYPE_CHECKING:
    from incubator.domain.chat.acting import Changed
    from incubator.network.accounts.models import Account
    from tests.factories import Make


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


def do(make: Make, command: Any, by: Account, room: int, no: int, **more: Any) -> Changed:
    """An act on a message."""
    values = {"cid": chat.cid(), "now": make.now, **more}
    with transaction():
        return command(make.actor(by), room, no=no, **values)


def edit(make: Make, by: Account, room: int, no: int, text: str, base_rev: int = 0, **more: Any):
    return do(make, editing.edit, by, room, no, text=text, base_rev=base_rev, **more)


def kinds(room: int) -> list[str]:
    return [entry.kind for entry in queries.events_after(room, 0)]


# ------------------------------------------------------------------------------------ edit
def test_the_author_changes_a_message_and_the_former_text_stays(
    make: Make, fatou: Account, room: int
) -> None:
    sent = chat.say(make, fatou, room, "Bonjuor")
    changed = edit(make, fatou, room, sent.no, "Bonjour **à tous**")
    assert (changed.seq, changed.rev) == (2, 1)
    shown = message_queries.one(chat.whole(room), sent.no)
    assert "<strong>à tous</strong>" in shown.html
    assert [old.body_md for old in message_queries.revisions(shown)] == ["Bonjuor"]
    assert kinds(room) == ["msg", "edit"]


def test_the_same_change_again_is_done_once(make: Make, fatou: Account, room: int) -> None:
    sent, key = chat.say(make, fatou, room), chat.cid()
    first = edit(make, fatou, room, sent.no, "Bonsoir", cid=key)
    again = edit(make, fatou, room, sent.no, "Bonsoir", cid=key)
    assert (again.again, again.seq, again.rev) == (True, first.seq, 1)
    with pytest.raises(Conflict, match=r"chat\.cid_reused"):
        edit(make, fatou, room, sent.no, "Autre chose", cid=key)
    with pytest.raises(Conflict, match=r"chat\.cid_reused"):
        do(make, editing.take_away, fatou, room, sent.no, cid=key)


def test_a_change_of_a_text_that_is_another_by_now_is_refused(
    make: Make, fatou: Account, room: int
) -> None:
    sent = chat.say(make, fatou, room)
    edit(make, fatou, room, sent.no, "Du téléphone")
    with pytest.raises(Conflict, match=r"chat\.edited_meanwhile"):
        edit(make, fatou, room, sent.no, "De l’ordinateur")
    assert edit(make, fatou, room, sent.no, "De l’ordinateur", base_rev=1).rev == 2


def test_a_message_is_changed_for_a_day(make: Make, fatou: Account, room: int) -> None:
    sent = chat.say(make, fatou, room)
    day = timedelta(hours=24)
    assert edit(make, fatou, room, sent.no, "Plus tard", now=make.now + day).rev == 1
    late = make.now + day + timedelta(seconds=1)
    with pytest.raises(Refusal, match=r"chat\.too_old"):
        edit(make, fatou, room, sent.no, "Trop tard", base_rev=1, now=late)


def test_nobody_changes_what_another_said(
    make: Make, fatou: Account, hugo: Account, room: int
) -> None:
    sent = chat.say(make, fatou, room)
    boss = make.member(make.site("Lyon"), role="administrator")
    chat.sit(make, boss)
    for other in (hugo, boss):
        with pytest.raises(NotAllowed, match=r"chat\.not_yours"):
            edit(make, other, room, sent.no, "Détourné")


def test_a_number_of_another_room_is_no_message(make: Make, fatou: Account, room: int) -> None:
    chat.say(make, fatou, room)
    topic = chat.topic(make, fatou)
    with pytest.raises(NotFound, match=r"chat\.message"):
        edit(make, fatou, topic.id, 1, "Ailleurs")


@pytest.mark.parametrize(
    ("text", "code"), [("  ", "blank"), ("mot " * 1001, "too_long"), ("\u200b", "blank")]
)
def test_a_changed_text_keeps_to_the_rules(
    make: Make, fatou: Account, room: int, text: str, code: str
) -> None:
    sent = chat.say(make, fatou, room)
    with pytest.raises(Refusal, match=rf"chat\.{code}"):
        edit(make, fatou, room, sent.no, text)


def test_letters_from_right_to_left_and_towers_of_accents_stay_in_their_message(
    make: Make, fatou: Account, room: int
) -> None:
    tower = "e" + "\u0301" * 300
    sent = chat.say(make, fatou, room, f"שלום {tower} \u202egnol")
    assert message_queries.text_of(sent.id) == f"שלום {tower} \u202egnol"


def test_a_message_sent_again_after_it_was_changed_or_deleted_is_the_same(
    make: Make, fatou: Account, room: int
) -> None:
    key, actor = chat.cid(), make.actor(fatou)
    for _ in range(2):
        with transaction():
            sent = commands.send(actor, room, cid=key, text="Un", now=make.now)
        if not sent.again:
            edit(make, fatou, room, sent.no, "Deux")
    assert sent.again
    with pytest.raises(Conflict), transaction():
        commands.send(actor, room, cid=key, text="Deux", now=make.now)
    do(make, editing.take_away, fatou, room, sent.no)
    with transaction():
        assert commands.send(actor, room, cid=key, text="Un", now=make.now).again


# ---------------------------------------------------------------------------------- delete
def test_a_deleted_message_leaves_a_trace_and_nothing_else(
    make: Make, fatou: Account, hugo: Account, room: int
) -> None:
    sent = chat.say(make, fatou, room, "Le code est 1234 @hugo-marchetti")
    edit(make, fatou, room, sent.no, "Le code est 4321 @hugo-marchetti")
    do(make, reacting.react, hugo, room, sent.no, emoji="👍", on=True)
    do(make, pinning.pin, hugo, room, sent.no, on=True)
    gone = do(make, editing.take_away, fatou, room, sent.no)
    assert gone.seq == 5
    shown = message_queries.one(chat.whole(room), sent.no)
    assert (shown.html, shown.gone_reason) == ("", None)
    assert shown.gone_at
    for rows in (Revision, Reaction, Mention):
        assert db.session.scalar(select(func.count()).select_from(rows)) == 0
    assert message_queries.pins(chat.whole(room)) == []
    assert mentions.waiting(make.actor(hugo))[room].mentions == 0
    assert do(make, editing.take_away, fatou, room, sent.no).again
    told = [entry.message.html for entry in queries.events_after(room, 0) if entry.message]
    assert set(told) == {""}


def test_who_looks_after_the_room_removes_with_a_reason(
    make: Make, fatou: Account, hugo: Account, room: int
) -> None:
    sent = chat.say(make, fatou, room)
    sophie = make.member(make.site("Lyon"), role="administrator")
    chat.sit(make, sophie)
    with pytest.raises(NotAllowed, match=r"chat\.not_yours"):
        do(make, editing.take_away, hugo, room, sent.no, reason="Je n’aime pas")
    with pytest.raises(Refusal, match=r"chat\.reason_missing"):
        do(make, editing.take_away, sophie, room, sent.no, reason=" … ")
    do(make, editing.take_away, sophie, room, sent.no, reason="Une  annonce\npayée")
    assert message_queries.one(chat.whole(room), sent.no).gone_reason == "Une annonce payée"


def test_a_manager_of_elsewhere_removes_nothing_from_the_room_of_a_site(
    make: Make, fatou: Account, hugo: Account
) -> None:
    nantes = make.site("Nantes")
    sophie = make.member(nantes, role="manager")
    nadia = make.member(nantes)
    chat.sit(make, sophie, nadia)
    here = db.session.get_one(Site, make.actor(fatou).home_site_id)
    sent = chat.say(make, fatou, chat.room_of(here))
    with pytest.raises(NotAllowed):
        do(make, editing.take_away, sophie, chat.room_of(here), sent.no, reason="Bruit")


# --------------------------------------------------------------------------------- reactions
def test_a_sign_counts_once_a_member_and_kind(
    make: Make, fatou: Account, hugo: Account, room: int
) -> None:
    sent = chat.say(make, fatou, room)
    for by, count in ((hugo, 1), (hugo, 1), (fatou, 2)):
        assert do(make, reacting.react, by, room, sent.no, emoji="🎉", on=True).count == count
    assert kinds(room) == ["msg", "react", "react"]
    assert do(make, reacting.react, hugo, room, sent.no, emoji="🎉", on=False).count == 1
    signs = reacting.signs_under(make.actor(fatou), [sent.id])[sent.id]
    assert [(each.emoji, each.count, each.mine) for each in signs] == [("🎉", 1, True)]
    people = reacting.who_reacted(sent.id)
    assert [(emoji, [one.name for one in names]) for emoji, names in people] == [
        ("🎉", ["Fatou Diop"])
    ]


def test_only_signs_of_the_house_and_at_most_twenty_kinds(
    make: Make, fatou: Account, room: int
) -> None:
    sent = chat.say(make, fatou, room)
    with pytest.raises(Refusal, match=r"chat\.bad_sign"):
        do(make, reacting.react, fatou, room, sent.no, emoji="<b>", on=True)
    for place, emoji in enumerate(SIGNS[:SIGNS_MOST]):
        later = make.now + timedelta(minutes=place)
        do(make, reacting.react, fatou, room, sent.no, emoji=emoji, on=True, now=later)
    with pytest.raises(Refusal, match=r"chat\.signs_too_many"):
        later = make.now + timedelta(hours=1)
        do(make, reacting.react, fatou, room, sent.no, emoji=SIGNS[-1], on=True, now=later)


def test_acts_have_a_measure(make: Make, fatou: Account, room: int) -> None:
    sent = chat.say(make, fatou, room)
    with pytest.raises(TooMany) as refused:
        for place in range(40):
            do(make, reacting.react, fatou, room, sent.no, emoji="👍", on=place % 2 == 0)
    assert refused.value.retry_after > 0


# -------------------------------------------------------------------------------------- pins
def test_a_pin_is_put_and_taken_off(make: Make, fatou: Account, hugo: Account, room: int) -> None:
    first, second = chat.say(make, fatou, room), chat.say(make, fatou, room, "Le code du wifi")
    do(make, pinning.pin, hugo, room, first.no, on=True)
    do(make, pinning.pin, hugo, room, second.no, on=True, now=make.now + timedelta(minutes=1))
    assert [each.no for each in message_queries.pins(chat.whole(room))] == [second.no, first.no]
    later = make.now + timedelta(minutes=2)
    assert do(make, pinning.pin, hugo, room, first.no, on=True, now=later).seq == 0
    do(make, pinning.pin, fatou, room, first.no, on=False)
    assert [each.no for each in message_queries.pins(chat.whole(room))] == [second.no]
    assert kinds(room).count("pin") == 3


# ------------------------------------------------------------------------------------ replies
def test_replies_hang_on_their_message_and_not_among_the_others(
    make: Make, fatou: Account, hugo: Account, room: int
) -> None:
    root = chat.say(make, fatou, room, "Qui connaît un carreleur ?")
    chat.say(make, hugo, room, "Bonjour")
    with transaction():
        reply = chat.reply(
            make.actor(hugo), room, cid=chat.cid(), text="Moi", root=root.no, now=make.now
        )
    assert (reply.no, reply.root, reply.nth) == (3, root.no, 1)
    assert [each.no for each in queries.history(chat.whole(room)).messages] == [1, 2]
    shown = message_queries.one(chat.whole(room), root.no)
    assert (shown.replies, shown.replied_at) == (1, make.now)
    assert [each.no for each in message_queries.replies_to(chat.whole(room), shown).messages] == [3]
    assert queries.events_after(room, 2)[0].data == {"root": 1, "nth": 1}


def test_a_reply_hangs_on_a_message_of_the_room_itself(
    make: Make, fatou: Account, room: int
) -> None:
    root = chat.say(make, fatou, room)
    actor = make.actor(fatou)
    with transaction():
        reply = chat.reply(actor, room, cid=chat.cid(), text="Oui", root=root.no, now=make.now)
    for no in (reply.no, 99):
        with pytest.raises(NotFound, match=r"chat\.message"), transaction():
            chat.reply(actor, room, cid=chat.cid(), text="Non", root=no, now=make.now)
    key = chat.cid()
    with transaction():
        chat.reply(actor, room, cid=key, text="Oui", root=root.no, now=make.now)
    with pytest.raises(Conflict), transaction():
        commands.send(actor, room, cid=key, text="Oui", now=make.now)


def test_a_page_around_a_message_holds_what_is_before_and_after(
    make: Make, fatou: Account, room: int
) -> None:
    for place in range(60):
        now = make.now + timedelta(seconds=2 * place)
        chat.say(make, fatou, room, f"n° {place}", now=now)
    page = message_queries.around(chat.whole(room), 30)
    assert [each.no for each in page.messages] == list(range(5, 55))
    assert (page.older, page.newer) == (True, True)
    end = message_queries.around(chat.whole(room), 58)
    assert (end.messages[-1].no, end.newer) == (60, False)
    assert [each.no for each in message_queries.after(chat.whole(room), 55).messages] == [
        56,
        57,
        58,
        59,
        60,
    ]


# ---------------------------------------------------------------------------------- mentions
def called(make: Make, who: Account, room: int) -> int:
    return mentions.waiting(make.actor(who))[room].mentions


def test_a_message_calls_those_it_names(
    make: Make, fatou: Account, hugo: Account, room: int
) -> None:
    sent = chat.say(make, fatou, room, "@hugo-marchetti peux-tu voir ? @fatou-diop @nobody")
    html = message_queries.one(chat.whole(room), sent.no).html
    assert 'href="/annuaire/hugo-marchetti"' in html
    assert "@nobody" in html
    assert (called(make, hugo, room), called(make, fatou, room)) == (1, 0)
    chat.read(make, hugo, room, no=sent.no)
    assert called(make, hugo, room) == 0


def test_who_has_no_seat_is_not_called(make: Make, fatou: Account, hugo: Account) -> None:
    room = chat.topic(make, fatou)
    chat.say(make, fatou, room.id, "@hugo-marchetti")
    assert db.session.scalar(select(func.count()).select_from(Mention)) == 0


def test_everybody_is_called_by_those_who_look_after_the_room_by_one_row(
    make: Make, fatou: Account, hugo: Account, room: int
) -> None:
    with pytest.raises(Refusal, match=r"chat\.not_everybody"):
        chat.say(make, fatou, room, "@salon regardez")
    sophie = make.member(make.site("Lyon"), role="administrator")
    chat.sit(make, sophie)
    sent = chat.say(make, sophie, room, "@room la table est réparée, @hugo-marchetti")
    assert db.session.scalar(select(func.count()).select_from(Mention)) == 1
    assert [called(make, who, room) for who in (fatou, hugo, sophie)] == [1, 1, 0]
    assert mentions.beacons([room])[room] == (1, 1, 1, 0)
    assert mentions.calling(make.actor(fatou), room, [sent.no]) == {sent.no}
    assert mentions.calling(make.actor(sophie), room, [sent.no]) == frozenset()


def test_calls_to_many_have_a_measure(make: Make, fatou: Account, room: int) -> None:
    sophie = make.member(make.site("Lyon"), role="administrator")
    chat.sit(make, sophie)
    with pytest.raises(TooMany):
        for place in range(7):
            now = make.now + timedelta(seconds=place)
            chat.say(make, sophie, room, "@room encore", now=now)


def test_those_on_site_now_are_called_if_they_let_the_author_know(make: Make) -> None:
    lyon = make.site("Lyon")
    fatou, here, away = (make.member(lyon) for _ in range(3))
    chat.sit(make, fatou, here, away)
    presence.arrive(make, presence.shows_presence(make, here), lyon)
    chat.say(make, fatou, chat.room_of(lyon), "@sur-place le café est prêt")
    counts = [called(make, who, chat.room_of(lyon)) for who in (here, away)]
    assert counts == [1, 0]


def test_a_changed_text_calls_anew_and_no_longer_calls(
    make: Make, fatou: Account, hugo: Account, room: int
) -> None:
    nadia = make.member(make.site("Lyon"), name="Nadia Kaci")
    chat.sit(make, nadia)
    sent = chat.say(make, fatou, room, "@hugo-marchetti")
    edit(make, fatou, room, sent.no, "@nadia-kaci plutôt")
    assert [called(make, who, room) for who in (hugo, nadia)] == [0, 1]


def test_too_many_names_are_refused(make: Make, fatou: Account, room: int) -> None:
    site = make.site("Lyon")
    people = [make.member(site, name=f"Membre N{'a' * (n + 1)}") for n in range(11)]
    slugs = [make.actor(each).slug for each in people]
    with pytest.raises(Refusal, match=r"chat\.mentions_too_many"):
        chat.say(make, fatou, room, " ".join(f"@{slug}" for slug in slugs))


def test_names_in_code_call_nobody(make: Make, fatou: Account, hugo: Account, room: int) -> None:
    chat.say(make, fatou, room, "`@hugo-marchetti` et\n```\n@hugo-marchetti\n```")
    assert called(make, hugo, room) == 0


def test_a_message_costs_as_many_statements_as_before(
    make: Make, fatou: Account, room: int, count_queries: Any
) -> None:
    chat.say(make, fatou, room, "Un premier")
    actor = make.actor(fatou)
    with count_queries() as seen, transaction():
        commands.send(actor, room, cid=chat.cid(), text="Bonjour", now=make.now)
    assert len(seen) == 8, seen
    assert db.session.scalar(select(func.count()).select_from(Message)) == 2
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 2
