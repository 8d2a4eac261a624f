"""Reports of messages: who sends them, who decides, what each of them reads."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from incubator.blueprints.chat import sync
from incubator.domain.chat import (
    commands,
    editing,
    exporting,
    file_doors,
    handing,
    membership,
    mentions,
    muting,
    queries,
    rooms,
    succession,
)
from incubator.domain.chat.care import deciding, doors, queue, reporting
from incubator.domain.chat.care.models import ChatCase, ChatMeasure, ChatReport
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal
from incubator.kernel.jobs import Job
from incubator.kernel.keyset import Cursor
from incubator.network.members.tombstone import tombstone
from incubator.reactions.audit.models import AuditEntry
from tests import factories_chat as chat
from tests.factories_chatfiles import uploaded
from tests.rivals import Rivals, rested

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make

FIRST = Cursor(None, None, 20)


def report(make: Make, by: Account, room: int, no: int, reason: str = "unkind") -> bool:
    slug = queries.visible_to(make.actor(by), room).slug
    with transaction():
        return reporting.report(make.actor(by), slug, no, reason=reason, now=make.now)


def case_id() -> int:
    return db.session.scalars(select(ChatCase.id)).one()


def judge(
    make: Make,
    by: Account,
    what: str,
    note: str = "Un mot",
    seen: int | None = None,
    hours: int | None = None,
) -> None:
    number = case_id()
    version = db.session.scalars(select(ChatCase.version)).one() if seen is None else seen
    with transaction():
        deciding.decide(
            make.actor(by), number, what=what, note=note, seen=version, now=make.now, hours=hours
        )


@pytest.fixture
def house(make: Make) -> dict[str, Account]:
    lyon, lille = make.site("Lyon"), make.site("Lille")
    people = {
        "ada": make.member(lyon, name="Ada"),
        "leo": make.member(lyon, name="Léo"),
        "boss": make.member(lyon, role="manager"),
        "other": make.member(lille, role="manager"),
        "admin": make.member(lille, role="administrator"),
        "guest": make.member(lyon, role="guest"),
    }
    chat.sit(make, *people.values())
    return people


def waiting(make: Make, who: Account) -> list[str]:
    return [line.excerpt for line in queue.waiting(make.actor(who), FIRST).rows]


def test_a_site_rooms_report_waits_for_its_managers_alone(
    make: Make, house: dict[str, Account]
) -> None:
    room = queries.rooms_of(make.actor(house["ada"]))[1].id
    said = chat.say(make, house["leo"], room, "Un mot de trop")
    assert report(make, house["ada"], room, said.no)
    assert not report(make, house["ada"], room, said.no)
    assert waiting(make, house["boss"]) == ["Un mot de trop"]
    assert waiting(make, house["admin"]) == ["Un mot de trop"]
    assert waiting(make, house["other"]) == []
    assert queue.WAITING.of(make.actor(house["boss"])) == 1
    assert queue.WAITING.of(make.actor(house["other"])) == 0
    with pytest.raises(NotFound):
        doors.case_seen_by(make.actor(house["other"]), case_id())


def test_what_is_reported_in_a_conversation_is_read_alone(
    make: Make, house: dict[str, Account]
) -> None:
    room = chat.direct(make, house["ada"], house["leo"]).id
    for text in ("Un secret", "Une confidence", "Encore un mot", "Une insulte", "Après"):
        chat.say(make, house["leo"], room, text)
    assert report(make, house["ada"], room, 4)
    boss = make.actor(house["boss"])
    case = doors.case_seen_by(boss, case_id())
    assert doors.room_of(boss, case) is None
    assert "Une insulte" in case.text_html
    said = " ".join(each.html for each in doors.before(case))
    assert "Encore un mot" in said
    assert "Une confidence" in said
    assert "secret" not in said
    assert "Après" not in said
    with pytest.raises(NotFound):
        queries.visible_to(boss, room)
    with pytest.raises(NotFound):
        doors.case_seen_by(make.actor(house["other"]), case.id)


def test_nobody_reports_themself_nor_what_they_may_not_read(
    make: Make, house: dict[str, Account]
) -> None:
    room = chat.direct(make, house["ada"], house["leo"]).id
    slug = queries.visible_to(make.actor(house["ada"]), room).slug
    said = chat.say(make, house["ada"], room)
    with pytest.raises(NotAllowed, match=r"care\.own_post"):
        report(make, house["ada"], room, said.no)
    for who in ("boss", "admin", "guest"):
        with pytest.raises(NotFound), transaction():
            reporting.report(make.actor(house[who]), slug, said.no, reason="unkind", now=make.now)
    with pytest.raises(NotFound):
        report(make, house["leo"], room, 99)


def test_who_wrote_it_does_not_decide(make: Make, house: dict[str, Account]) -> None:
    room = chat.room_of(None)
    said = chat.say(make, house["boss"], room, "De la part du responsable")
    report(make, house["ada"], room, said.no)
    with pytest.raises(NotFound):
        judge(make, house["boss"], "dismiss")
    assert waiting(make, house["boss"]) == []
    assert queue.WAITING.of(make.actor(house["boss"])) == 0
    judge(make, house["other"], "dismiss")
    assert waiting(make, house["other"]) == []


def test_a_decision_is_told_to_who_reported_and_taken_back(
    make: Make, house: dict[str, Account]
) -> None:
    room = chat.room_of(None)
    said = chat.say(make, house["leo"], room, "Douteux")
    report(make, house["ada"], room, said.no, "wrong")

    def outcome() -> tuple[str, str]:
        mine = reporting.of_mine(make.actor(house["ada"]))[0]
        return mine.outcome, mine.note

    assert outcome() == ("waiting", "")
    judge(make, house["other"], "dismiss", "C’est exact, je l’ai vérifié.")
    assert outcome() == ("dismiss", "C’est exact, je l’ai vérifié.")
    assert reporting.of_mine(make.actor(house["leo"])) == []
    steps = doors.trail_of(doors.case_seen_by(make.actor(house["other"]), case_id()))
    assert [step.what for step in steps] == ["report", "dismiss"]
    with transaction():
        deciding.undo(make.actor(house["admin"]), steps[1].measure.id, now=make.now)
    assert outcome() == ("waiting", "")
    with pytest.raises(Conflict, match=r"care\.undone"), transaction():
        deciding.undo(make.actor(house["admin"]), steps[1].measure.id, now=make.now)


def test_the_log_of_the_house_tells_decisions_and_not_who_reported(
    make: Make, house: dict[str, Account]
) -> None:
    room = chat.room_of(None)
    said = chat.say(make, house["leo"], room, "Douteux")
    report(make, house["ada"], room, said.no)
    judge(make, house["other"], "dismiss")
    actions = db.session.scalars(select(AuditEntry.action)).all()
    assert "message_judged" in actions
    assert "message_reported" not in actions


def test_a_stale_page_decides_nothing(make: Make, house: dict[str, Account]) -> None:
    room = chat.room_of(None)
    said = chat.say(make, house["leo"], room, "Douteux")
    report(make, house["ada"], room, said.no)
    with pytest.raises(Conflict, match=r"care\.meanwhile"):
        judge(make, house["other"], "dismiss", seen=0)
    with pytest.raises(Refusal, match=r"care\.act"):
        judge(make, house["other"], "burn")


def test_reports_of_two_at_once_are_one_case_with_two_reports(rivals: Rivals) -> None:
    with rivals.inside():
        make = rivals.make
        lyon = make.site("Lyon")
        people = [make.member(lyon) for _ in range(3)]
        chat.sit(make, *people)
        room = chat.room_of(None)
        said = chat.say(make, people[0], room, "Douteux")
        slug = queries.visible_to(make.actor(people[0]), room).slug
        rested(*people)
        actors = [make.actor(each) for each in people[1:]]

    def tell(actor: object) -> None:
        with transaction():
            reporting.report(actor, slug, said.no, reason="unkind", now=rivals.make.now)  # type: ignore[arg-type]

    rivals.all_at_once([partial(tell, actor) for actor in (*actors, actors[0])])
    with rivals.inside():
        assert db.session.scalar(select(func.count()).select_from(ChatCase)) == 1
        assert db.session.scalar(select(func.count()).select_from(ChatReport)) == 2


def looked(make: Make, who: Account, room: int, file: int) -> tuple[str, bool]:
    """All that the doors of a room tell somebody, and whether a file of it is handed out."""
    reader = make.actor(who)
    view = queries.visible_to(reader, room)
    taken = [exporting.row_of(each) for each in exporting.messages_of(view)]
    told = str((sync.catch_up(reader, {room: 0}), sync.past(reader, view, None), taken))
    try:
        file_doors.visible_to(reader, file)
    except NotFound:
        return told, False
    return told, True


def test_a_hidden_message_is_read_by_no_door_and_comes_back_whole(
    make: Make, house: dict[str, Account]
) -> None:
    room = chat.room_of(None)
    file = uploaded(make, house["leo"], room)
    key, text = chat.cid(), "Un mot de trop"
    with transaction():
        said = commands.send(
            make.actor(house["leo"]), room, cid=key, text=text, file_ids=[file], now=make.now
        )
    report(make, house["ada"], room, said.no)
    assert looked(make, house["ada"], room, file)[1]
    judge(make, house["other"], "hide", "Propos blessants")
    for who in ("ada", "leo", "other", "admin"):
        told, opened = looked(make, house[who], room, file)
        assert "mot de trop" not in told
        assert "plan.pdf" not in told
        assert "Propos blessants" in told
        assert not opened
    case = doors.case_seen_by(make.actor(house["boss"]), case_id())
    assert "mot de trop" in case.text_html
    measure = doors.trail_of(case)[1].measure
    assert measure
    with transaction():
        deciding.undo(make.actor(house["boss"]), measure.id, now=make.now)
    told, opened = looked(make, house["ada"], room, file)
    assert "mot de trop" in told
    assert "plan.pdf" in told
    assert opened
    assert [entry.kind for entry in queries.events_after(room, said.seq)] == ["del", "edit"]


def test_hiding_says_why(make: Make, house: dict[str, Account]) -> None:
    room = chat.room_of(None)
    said = chat.say(make, house["leo"], room, "Douteux")
    report(make, house["ada"], room, said.no)
    for why in ("", "   ", "x" * 300):
        with pytest.raises(Refusal, match=r"care\.words"):
            judge(make, house["other"], "hide", why)


def test_what_its_author_took_away_is_reported_no_more(
    make: Make, house: dict[str, Account]
) -> None:
    room = chat.room_of(None)
    said = chat.say(make, house["leo"], room, "Douteux")
    with transaction():
        editing.take_away(make.actor(house["leo"]), room, no=said.no, cid=chat.cid(), now=make.now)
    with pytest.raises(Refusal, match="message_gone"):
        report(make, house["ada"], room, said.no)


def test_a_name_that_goes_is_told_in_the_log_of_each_room(
    make: Make, house: dict[str, Account]
) -> None:
    rooms = [chat.room_of(None), chat.direct(make, house["leo"], house["ada"]).id]
    for room in rooms:
        chat.say(make, house["leo"], room)
    with transaction():
        nobody = tombstone(now=make.now)
        handing.hand_over(from_id=house["leo"].id, to_id=nobody, by_id=None, now=make.now)
    for room in rooms:
        last = queries.events_after(room, 0)[-1]
        assert (last.kind, last.data, last.actor_id) == ("names", {}, nobody)


def test_a_hidden_message_calls_nobody_until_it_is_back(
    make: Make, house: dict[str, Account]
) -> None:
    room = queries.rooms_of(make.actor(house["ada"]))[1].id
    said = chat.say(make, house["ada"], room, "@leo c’est ta faute")

    def calls() -> int:
        return mentions.waiting(make.actor(house["leo"]))[room].mentions

    assert calls() == 1
    report(make, house["leo"], room, said.no)
    judge(make, house["boss"], "hide")
    assert calls() == 0
    number = db.session.scalars(select(ChatMeasure.id)).one()
    with transaction():
        deciding.undo(make.actor(house["boss"]), number, now=make.now)
    assert calls() == 1


@pytest.mark.parametrize("what", ["hide", "dismiss"])
def test_who_reported_is_written_to_once_and_nobody_else(
    make: Make, house: dict[str, Account], what: str
) -> None:
    room = queries.rooms_of(make.actor(house["ada"]))[1].id
    said = chat.say(make, house["ada"], room, "aïe")
    report(make, house["leo"], room, said.no)
    judge(make, house["boss"], what)

    def letters() -> list[tuple[str, str]]:
        jobs = db.session.scalars(select(Job).where(Job.kind == "mail.deliver"))
        told = [job.payload for job in jobs if job.payload["kind"] == "room_reported"]
        return [(each["to"], each["values"]["what"]) for each in told]

    assert letters() == [(house["leo"].email, what)]
    if what == "dismiss":
        judge(make, house["boss"], "hide")
        assert len(letters()) == 1


def private(make: Make, by: Account, *guests: Account) -> int:
    """A private room that ``by`` looks after."""
    with transaction():
        room = rooms.open_topic(
            make.actor(by), name="Trésorerie", private=True, once=chat.cid(), now=make.now
        )
        for each in guests:
            membership.invite(make.actor(by), room.id, each.id, whole=False, now=make.now)
    return room.id


def test_who_looks_after_a_private_room_decides_there_and_sees_no_other(
    make: Make, house: dict[str, Account]
) -> None:
    ada, leo = house["ada"], house["leo"]
    eve = make.member(make.site("Gand"), name="Eve")
    theirs, other = private(make, eve, ada, leo), private(make, ada, leo)
    elsewhere = queries.rooms_of(make.actor(ada))[1].id
    here = chat.say(make, leo, theirs, "Ici")
    for room, text in ((other, "Là"), (elsewhere, "Ailleurs")):
        report(make, ada, room, chat.say(make, leo, room, text).no)
    assert waiting(make, eve) == []
    assert queue.WAITING.of(make.actor(eve)) == 0
    report(make, ada, theirs, here.no)
    assert waiting(make, eve) == ["Ici"]
    assert queue.WAITING.of(make.actor(eve)) == 1
    ids = db.session.scalars(select(ChatCase.id).order_by(ChatCase.id)).all()
    assert doors.case_seen_by(make.actor(eve), ids[2]).id == ids[2]
    for number in ids[:2]:
        with pytest.raises(NotFound):
            doors.case_seen_by(make.actor(eve), number)
    assert waiting(make, leo) == []
    assert queue.looks_after_some(make.actor(eve))
    assert not queue.looks_after_some(make.actor(leo))


def test_who_looks_after_a_room_sees_no_report_from_before_they_came(
    make: Make, house: dict[str, Account]
) -> None:
    ada, leo, eve = house["ada"], house["leo"], make.member(make.site("Gand"), name="Eve")
    room = private(make, ada, leo)
    early = chat.say(make, leo, room, "Avant elle")
    with transaction():
        membership.invite(make.actor(ada), room, eve.id, whole=False, now=make.now)
        succession.name_moderator(make.actor(ada), room, eve.id, on=True, now=make.now)
    report(make, ada, room, early.no)
    assert waiting(make, eve) == []
    assert queue.WAITING.of(make.actor(eve)) == 0
    with pytest.raises(NotFound):
        doors.case_seen_by(make.actor(eve), case_id())
    report(make, ada, room, chat.say(make, leo, room, "Après").no)
    assert waiting(make, eve) == ["Après"]


def muted(make: Make, who: Account, room: int) -> bool:
    until = queries.visible_to(make.actor(who), room).muted_until
    return until is not None and until > make.now


def test_an_author_is_silent_for_a_time_and_it_is_taken_back(
    make: Make, house: dict[str, Account]
) -> None:
    room = queries.rooms_of(make.actor(house["ada"]))[1].id
    said = chat.say(make, house["leo"], room, "aïe")
    report(make, house["ada"], room, said.no)
    judge(make, house["boss"], "mute", hours=24)
    assert muted(make, house["leo"], room)
    assert waiting(make, house["boss"]) == []
    with pytest.raises(NotAllowed, match="muted"):
        chat.say(make, house["leo"], room, "encore")
    actions = db.session.scalars(select(AuditEntry.action)).all()
    assert {"message_judged", "member_muted"} <= set(actions)
    number = db.session.scalars(select(ChatMeasure.id)).one()
    with transaction():
        deciding.undo(make.actor(house["boss"]), number, now=make.now)
    assert not muted(make, house["leo"], room)
    assert waiting(make, house["boss"]) == ["aïe"]


def test_a_silence_that_was_chosen_since_stays_when_the_first_is_taken_back(
    make: Make, house: dict[str, Account]
) -> None:
    room = queries.rooms_of(make.actor(house["ada"]))[1].id
    report(make, house["ada"], room, chat.say(make, house["leo"], room, "aïe").no)
    judge(make, house["boss"], "mute", hours=1)
    number = db.session.scalars(select(ChatMeasure.id)).one()
    with transaction():
        muting.mute(make.actor(house["boss"]), room, house["leo"].id, hours=168, now=make.now)
        deciding.undo(make.actor(house["boss"]), number, now=make.now)
    assert muted(make, house["leo"], room)


def test_nobody_is_silenced_in_a_conversation_and_without_a_time(
    make: Make, house: dict[str, Account]
) -> None:
    room = chat.direct(make, house["ada"], house["leo"]).id
    report(make, house["ada"], room, chat.say(make, house["leo"], room, "aïe").no)
    with pytest.raises(Refusal, match=r"care\.act"):
        judge(make, house["boss"], "mute", hours=24)
    with pytest.raises(Refusal, match=r"care\.act"):
        judge(make, house["boss"], "dismiss", hours=24)
    assert not muted(make, house["leo"], room)
