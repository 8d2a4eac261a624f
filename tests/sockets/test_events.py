"""What may be asked over a socket, by whom, and how it is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from incubator.blueprints.chat.sockets import EVENTS
from incubator.domain.chat import handing, queries
from incubator.edge.access import Access
from incubator.kernel.db import transaction, utcnow
from incubator.network.accounts import sessions
from incubator.network.members.tombstone import tombstone
from incubator.reactions.live import tailer
from tests import factories_chat as chat
from tests import factories_help as help_

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories import Make
    from tests.sockets.conftest import Socket

    Connect = Callable[..., Socket]


# They name people, or nobody.
OF_NO_ROOM = ("presence", "see")


def payload(event: str, room: int, thread: int = 0) -> dict[str, Any]:
    """A good payload of each event."""
    act = {"room": room, "no": 1, "cid": chat.cid()}
    return {
        "edit": {**act, "md": "Bonsoir", "base_rev": 0},
        "delete": act,
        "react": {**act, "emoji": "👍", "on": True},
        "pin": {**act, "on": True},
        "watch": {"thread": thread},
        "writing": {"thread": thread},
        "typing": {"room": room, "on": True},
        "presence": {"state": "active"},
        "see": {"people": []},
        "hello": {},
        "join": {"room": room},
        "leave": {"room": room},
        "sync": {"rooms": {str(room): 0}},
        "history": {"room": room},
        "send": {"room": room, "cid": chat.cid(), "md": "Bonjour"},
        "read": {"room": room, "no": 0},
    }[event]


def test_every_event_says_who_may_send_it() -> None:
    assert {isinstance(rule.may, Access) for rule in EVENTS.rules.values()} == {True}


@pytest.mark.parametrize("event", sorted(EVENTS.rules))
@pytest.mark.parametrize("role", ["resident", "manager", "administrator", "guest"])
def test_each_role_may_do_what_the_event_says(
    make: Make, connect: Connect, event: str, role: str
) -> None:
    lyon = make.site("Lyon")
    account = make.member(lyon, role=role)
    chat.sit(make, account)
    if role != "guest":
        chat.say(make, account, chat.room_of(lyon), now=utcnow())
    allowed = EVENTS.rules[event].may.allows(make.actor(account))
    thread = help_.question(make, make.member(lyon)).id
    answer = connect(account).ask(event, payload(event, chat.room_of(lyon), thread))
    assert ("err" not in answer) == allowed, answer


@pytest.mark.parametrize(
    "event", sorted(set(EVENTS.rules) - {"hello", "leave", "writing", *OF_NO_ROOM})
)
def test_a_room_that_is_hidden_does_not_exist(make: Make, connect: Connect, event: str) -> None:
    lyon, nantes = make.site("Lyon"), make.site("Nantes")
    guest = make.member(lyon, role="guest")
    chat.sit(make, guest)
    answer = connect(guest).ask(event, payload(event, chat.room_of(nantes)))
    spoken = {"send", "typing", "edit", "delete", "react", "pin"}
    expected = "forbidden" if event in spoken else "gone"
    assert answer == {"err": expected, "retry": False}


@pytest.mark.parametrize("event", sorted(set(EVENTS.rules) - {"hello", "leave", *OF_NO_ROOM}))
def test_a_conversation_of_two_others_does_not_exist(
    make: Make, connect: Connect, event: str
) -> None:
    lyon = make.site("Lyon")
    boss, one, other = make.member(lyon, role="administrator"), make.member(lyon), make.member(lyon)
    room = chat.direct(make, one, other).id
    assert connect(boss).ask(event, payload(event, room)) == {"err": "gone", "retry": False}


def test_a_visitor_cannot_connect(connect: Connect) -> None:
    assert not connect(None).connected


@pytest.mark.parametrize("auth", [{"token": "forged"}, {"token": None}, {"v": 2}])
def test_a_socket_brings_the_token_of_a_page(
    make: Make, connect: Connect, auth: dict[str, object]
) -> None:
    assert not connect(make.member(make.site()), **auth).connected


@pytest.mark.parametrize(
    ("event", "bad"),
    [
        ("send", {}),
        ("send", {"room": "1", "cid": "c" * 32, "md": "x"}),
        ("send", {"room": True, "cid": "c" * 32, "md": "x"}),
        ("send", {"room": -1, "cid": "c" * 32, "md": "x"}),
        ("send", {"room": 2**70, "cid": "c" * 32, "md": "x"}),
        ("send", {"room": 1, "cid": 5, "md": "x"}),
        ("send", {"room": 1, "cid": "c" * 32, "md": ["x"]}),
        ("send", {"room": 1, "cid": "short", "md": "x"}),
        ("send", "text"),
        ("join", {"room": 1.5}),
        ("join", [1]),
        ("sync", {"rooms": [1]}),
        ("sync", {"rooms": {"x": 1}}),
        ("sync", {"rooms": {"1": "2"}}),
        ("sync", {"rooms": {str(n): 0 for n in range(201)}}),
        ("history", {"room": 1, "before_no": "x"}),
        ("typing", {"room": 1}),
        ("typing", {"room": 1, "on": 1}),
        ("presence", {"state": "asleep"}),
        ("presence", {}),
        ("see", {"people": 3}),
        ("see", {"people": ["1"]}),
        ("see", {"people": [-1]}),
        ("see", {"people": list(range(121))}),
        ("nonsense", {}),
    ],
)
def test_what_makes_no_sense_is_answered(
    make: Make, connect: Connect, event: str, bad: object
) -> None:
    lyon = make.site("Lyon")
    account = make.member(lyon)
    chat.sit(make, account)
    assert connect(account).ask(event, bad) == {"err": "bad_request", "retry": False}


@pytest.mark.parametrize(("language", "name"), [("fr", "Ancien membre"), ("en", "Former member")])
def test_who_left_without_a_name_is_called_so_in_the_readers_language(
    make: Make, connect: Connect, language: str, name: str
) -> None:
    reader, gone = make.member(make.site(), language=language), make.member(make.site())
    chat.sit(make, reader, gone)
    room = chat.room_of(None)
    chat.say(make, gone, room)
    with transaction():
        handing.hand_over(from_id=gone.id, to_id=tombstone(now=make.now), by_id=None, now=make.now)
    said = connect(reader).ask("history", {"room": room})["messages"]
    assert [each["author"]["name"] for each in said] == [name]


def test_hello_tells_where_the_rooms_stand(make: Make, connect: Connect) -> None:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon)
    chat.sit(make, fatou, hugo)
    chat.say(make, hugo, chat.room_of(lyon))
    answer = connect(fatou).ask("hello")
    rooms = {room["id"]: room for room in answer["rooms"]}
    here = rooms[chat.room_of(lyon)]
    assert (here["seq"], here["msg_no"], here["read_no"], here["unread"]) == (1, 1, 0, 1)
    assert answer["user"] == fatou.id


def test_a_message_arrives_in_another_browser(
    make: Make, connect: Connect, look: Callable[[], None]
) -> None:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon, name="Fatou Ndiaye"), make.member(lyon)
    chat.sit(make, fatou, hugo)
    room = chat.room_of(lyon)
    hers, his = connect(fatou), connect(hugo)
    for socket in (hers, his):
        assert socket.ask("join", {"room": room})["seq"] == 0
    key = chat.cid()
    ack = hers.ask("send", {"room": room, "cid": key, "md": "**Mafé** ce midi"})
    assert (ack["seq"], ack["no"], ack["dup"], ack["cid"]) == (1, 1, False, key)
    look()
    (event,) = his.heard("ev")
    assert (event["seq"], event["author"]["name"]) == (1, "Fatou Ndiaye")
    assert "<strong>Mafé</strong>" in event["html"]
    assert "cid" not in event
    assert [one["cid"] for one in hers.heard("ev")] == [key]
    look()
    assert his.heard("ev") == []


def test_who_left_the_room_hears_nothing(
    make: Make, connect: Connect, look: Callable[[], None]
) -> None:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon)
    chat.sit(make, fatou, hugo)
    room = chat.room_of(lyon)
    his = connect(hugo)
    his.ask("join", {"room": room})
    his.ask("leave", {"room": room})
    chat.say(make, fatou, room)
    look()
    assert his.heard("ev") == []


def test_events_keep_the_order_of_the_log(
    make: Make, connect: Connect, look: Callable[[], None]
) -> None:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon)
    chat.sit(make, fatou, hugo)
    room = chat.room_of(lyon)
    his = connect(hugo)
    his.ask("join", {"room": room})
    for n in range(9):
        chat.say(make, (fatou, hugo)[n % 2], room, f"Message {n}")
    look()
    assert [event["seq"] for event in his.heard("ev")] == list(range(1, 10))


def test_sync_gives_what_was_missed(make: Make, connect: Connect) -> None:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon)
    chat.sit(make, fatou, hugo)
    room = chat.room_of(lyon)
    for n in range(4):
        chat.say(make, fatou, room, f"Message {n}")
    answer = connect(hugo).ask("sync", {"rooms": {str(room): 2}})["rooms"][str(room)]
    assert [event["seq"] for event in answer["events"]] == [3, 4]
    assert (answer["head"], answer["more"]) == (4, False)


def test_who_follows_another_log_starts_afresh(make: Make, connect: Connect) -> None:
    lyon = make.site("Lyon")
    fatou = make.member(lyon)
    chat.sit(make, fatou)
    room = chat.room_of(lyon)
    chat.say(make, fatou, room)
    answer = connect(fatou).ask("sync", {"rooms": {str(room): 7}})["rooms"][str(room)]
    assert answer["reset"]
    assert [message["no"] for message in answer["messages"]] == [1]


def test_a_marker_reaches_the_other_devices(
    make: Make, connect: Connect, look: Callable[[], None]
) -> None:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon)
    chat.sit(make, fatou, hugo)
    room = chat.room_of(lyon)
    chat.say(make, hugo, room)
    phone, desk = connect(fatou), connect(fatou)
    assert phone.ask("read", {"room": room, "no": 1}) == {"read_no": 1}
    look()
    assert {"room": room, "read_no": 1} in desk.heard("me")
    assert queries.UNREAD.of(make.actor(fatou)) == 0


def test_heads_of_seated_rooms_are_told(
    make: Make, connect: Connect, look: Callable[[], None]
) -> None:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon)
    chat.sit(make, fatou, hugo)
    hers = connect(fatou)
    hers.ask("hello")
    chat.say(make, hugo, chat.room_of(lyon))
    look()
    assert {str(chat.room_of(lyon)): [1, 1, 0, 0]} in hers.heard("heads")


def test_who_has_a_room_open_hears_its_log_and_its_head_only_in_the_full_round(
    make: Make, connect: Connect, look: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tailer, "BEACON_SECONDS", 0)
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon)
    chat.sit(make, fatou, hugo)
    room = chat.room_of(lyon)
    there, elsewhere = connect(fatou), connect(fatou)
    for device in (there, elsewhere):
        device.ask("hello")
    there.ask("join", {"room": room})
    look()
    assert str(room) in {key for heads in there.heard("heads") for key in heads}
    chat.say(make, hugo, room)
    look()
    heard = there.heard()
    assert "ev" in {event for event, _payload in heard}
    assert "heads" not in {event for event, _payload in heard}
    assert {str(room): [1, 1, 0, 0]} in elsewhere.heard("heads")


def test_a_first_word_reaches_pages_that_are_open(
    make: Make, connect: Connect, look: Callable[[], None]
) -> None:
    """They do not know the conversation yet: they ask anew which rooms are theirs."""
    lyon = make.site("Lyon")
    fatou, hugo, other = make.member(lyon), make.member(lyon), make.member(lyon)
    his, others = connect(hugo), connect(other)
    his.ask("hello")
    room = chat.direct(make, fatou, hugo).id
    look()
    assert {"room": room, "seated": True} in his.heard("me")
    assert room in {each["id"] for each in his.ask("hello")["rooms"]}
    assert others.heard("me") == []


def test_signing_out_closes_the_sockets_of_that_device(
    make: Make, connect: Connect, live: Any, look: Callable[[], None]
) -> None:
    lyon = make.site("Lyon")
    fatou = make.member(lyon)
    chat.sit(make, fatou)
    phone, desk = connect(fatou), connect(fatou)
    first = live.conns.all()[0].person.session_id
    with transaction():
        sessions.end(first, now=make.now)
    look()
    assert sorted([phone.connected, desk.connected]) == [False, True]


def test_an_ended_session_may_do_nothing_even_before_it_is_told(
    make: Make, connect: Connect, live: Any
) -> None:
    fatou = make.member(make.site())
    socket = connect(fatou)
    with transaction():
        sessions.end_all(fatou.id, now=make.now)
    assert socket.ask("hello") == {"err": "auth_expired", "retry": False}


def test_a_handler_that_fails_is_answered_all_the_same(
    make: Make, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_actor: object) -> None:
        raise LookupError

    monkeypatch.setattr("incubator.blueprints.chat.sync.rooms", fail)
    answer = connect(make.member(make.site())).ask("hello")
    assert answer == {"err": "busy", "retry": True, "retry_after": 1}


def test_who_says_to_be_somebody_else_stays_who_they_are(
    make: Make, connect: Connect, look: Callable[[], None]
) -> None:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon, name="Fatou Ndiaye"), make.member(lyon, name="Hugo Marchetti")
    chat.sit(make, fatou, hugo)
    room = chat.room_of(lyon)
    his = connect(hugo)
    his.ask("join", {"room": room})
    forged = {"author": hugo.id, "author_id": hugo.id, "user": hugo.id, "actor": hugo.id, "by": 1}
    told = {"room": room, "cid": chat.cid(), "md": "Bonjour", **forged, "no": 99, "seq": 99}
    assert connect(fatou).ask("send", told)["seq"] == 1
    look()
    (event,) = his.heard("ev")
    assert (event["author"]["id"], event["no"]) == (fatou.id, 1)


def test_what_breaks_a_page_is_said_and_read_unharmed(
    make: Make, connect: Connect, look: Callable[[], None]
) -> None:
    """Written from right to left, with marks piled up, with half a character of JSON."""
    lyon = make.site("Lyon")
    fatou = make.member(lyon)
    chat.sit(make, fatou)
    room, socket = chat.room_of(lyon), connect(fatou)
    socket.ask("join", {"room": room})
    tower = "z" + "\u0301\u0316\u0489" * 600
    for words in ("\u202e\u05e9\u05dc\u05de\u202c", tower, "a\u0000b\u001bc", "\ud83d seul"):
        assert "seq" in socket.ask("send", {"room": room, "cid": chat.cid(), "md": words})
    look()
    shown = [event["html"] for event in socket.heard("ev")]
    assert "\u05e9\u05dc\u05de" in shown[0]
    assert tower in shown[1]
    assert "abc" in shown[2]
    assert "? seul" in shown[3]


@pytest.mark.parametrize(
    ("words", "error"), [("@salon venez", "everybody"), ("  \u200b\u2028 ", "blank")]
)
def test_what_may_not_be_said_is_given_back(
    make: Make, connect: Connect, words: str, error: str
) -> None:
    lyon = make.site("Lyon")
    fatou = make.member(lyon)
    chat.sit(make, fatou)
    told = {"room": chat.room_of(lyon), "cid": chat.cid(), "md": words}
    answer = connect(fatou).ask("send", told)
    assert (answer["err"], answer["retry"]) == (error, False)


def test_a_cid_said_again_with_other_words_is_refused(make: Make, connect: Connect) -> None:
    lyon = make.site("Lyon")
    fatou = make.member(lyon)
    chat.sit(make, fatou)
    socket, told = connect(fatou), {"room": chat.room_of(lyon), "cid": chat.cid()}
    first = socket.ask("send", {**told, "md": "Oui"})
    assert socket.ask("send", {**told, "md": "Non"}) == {"err": "cid_reused", "retry": False}
    assert socket.ask("send", {**told, "md": "Oui"})["seq"] == first["seq"]


def test_one_socket_cannot_flood_the_server(make: Make, connect: Connect) -> None:
    socket = connect(make.member(make.site()))
    answers = [socket.ask("leave", {"room": 1}) for _ in range(120)]
    assert {"err": "rate_limited", "retry": True, "retry_after": 1} in answers
