"""The demo network in the database: all there, coherent, the same every time."""

from __future__ import annotations

import os
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from incubator.demo import lessons, loader, stall
from incubator.demo.circles import EXPORT
from incubator.demo.content import email_of
from incubator.domain.chat import queries as chat
from incubator.domain.chat.models import Entry, Message, Room, Seat
from incubator.domain.circles import queries as circles
from incubator.domain.commitments.correction_models import Correction
from incubator.domain.commitments.ledger_models import Gift, Line, Standing
from incubator.domain.commitments.models import Contribution
from incubator.domain.commitments.presence_models import Presence
from incubator.domain.commitments.promise_models import Pledge, Relief
from incubator.domain.help import attachments
from incubator.domain.help.care import queue
from incubator.domain.help.learning.models import Sheet
from incubator.domain.help.models import Acceptance, Answer, Question
from incubator.domain.help.post_models import FOLDER
from incubator.domain.membership.life_models import Process
from incubator.edge.state import settings
from incubator.kernel.db import Base, db, transaction, utcnow
from incubator.kernel.errors import NotFound, Refusal
from incubator.kernel.jobs import Job
from incubator.kernel.keyset import Cursor
from incubator.network.accounts import commands as accounts
from incubator.network.accounts.models import Account
from incubator.network.accounts.passwords import check_password
from incubator.network.accounts.queries import account_by_email, actor_of
from incubator.network.members import firm_waiting
from incubator.network.members.circle_models import Circle
from incubator.network.members.firm_models import Firm, FirmRole, FirmSkill
from incubator.network.members.models import Member, Skill
from incubator.network.sites.models import Closure, Site
from incubator.reactions.audit.models import AuditEntry
from tests import services
from tests.demo.loaded import NOW, everything, filled, network

if TYPE_CHECKING:
    from collections.abc import Iterator

LINK = re.compile(r'href="(/entraide/[^"]+)"')


def count(model: type[Base], *conditions: object) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def actor(key: str):
    account = account_by_email(email_of(key))
    assert account
    return actor_of(account)


def test_the_whole_network_is_there(inside):
    expected = {Site: 5, Skill: 78, Member: 80, Account: 80, Firm: 60, Question: 44, Answer: 98}
    assert {model: count(model) for model in expected} == expected
    assert 360 > count(Message) > 300
    # Of the network, sites, topics and the like, and of the deal that a ring became.
    assert count(Room) == 17 + 1
    assert count(Contribution) > 2000
    assert count(Closure) >= 5


def test_each_step_is_told_in_one_line(demo):
    *steps, sentence = demo.config["TOLD"]
    assert len(steps) == len(loader.STEPS)
    assert sentence.startswith("The network «Passerelles» is ready: 5 sites, ")


@pytest.fixture
def other_url() -> Iterator[str]:
    """PostgreSQL where there is one, so that one comparison tells two things."""
    server = services.postgres()
    if server is None:
        yield ""
        return
    with services.database_on(server, f"incubator_demo_{os.getpid()}") as url:
        yield url


@pytest.mark.no_cover
@pytest.mark.slow
def test_the_same_instant_gives_the_same_rows_in_any_database(demo, tmp_path, other_url):
    with network(tmp_path, other_url) as again:
        filled(again)
        assert everything(again) == everything(demo)


def test_nothing_lies_in_the_future(inside):
    moments = (
        *(Member.joined_at, Contribution.declared_at, Contribution.decided_at, Pledge.signed_at),
        *(Question.asked_at, Question.solved_at, Answer.answered_at, Acceptance.accepted_at),
        *(Room.created_at, Seat.joined_at, Message.at, Entry.at, Line.recorded_at, AuditEntry.at),
    )
    latest = {str(moment): db.session.scalar(select(func.max(moment))) for moment in moments}
    assert {name: at for name, at in latest.items() if at is None or at > NOW} == {}


def test_things_are_numbered_in_the_order_in_which_they_happened(inside):
    orders = (
        (Contribution.id, Contribution.declared_at),
        (Question.id, Question.asked_at),
        (Answer.id, Answer.answered_at),
        (Message.id, Message.at),
        (Member.id, Member.joined_at),
    )
    for number, moment in orders:
        moments = db.session.scalars(select(moment).order_by(number)).all()
        assert moments == sorted(moments), number


def test_the_known_accounts_share_the_known_password(inside):
    found = loader.demo_accounts()
    assert list(found) == list(loader.ACCOUNTS)
    hashes = set(db.session.scalars(select(Account.password_hash)))
    assert len(hashes) == 1
    assert check_password(loader.PASSWORD, hashes.pop())


def test_the_known_accounts_are_what_they_are_said_to_be(inside):
    roles = {key: actor(key).role for key in ("gaelle.riou", "sophie.lambert", "olga.kowalska")}
    assert list(roles.values()) == ["administrator", "manager", "guest"]
    homes = {key: actor(key).home_site_id for key in ("camille.dervaux", "guillaume.roy")}
    cities = dict(db.session.execute(select(Site.id, Site.city)).all())
    assert [cities[home] for home in homes.values()] == ["Lyon", "Montréal"]


def test_no_demo_means_no_accounts_to_show(tmp_path):
    with network(tmp_path) as app, app.app_context():
        assert loader.demo_accounts() == {}


def test_nobody_decided_on_their_own_hours_and_some_still_wait(inside):
    own = Contribution.decided_by_id == Contribution.giver_id
    assert count(Contribution, own) == 0
    states = Counter(db.session.scalars(select(Contribution.state)))
    assert states["confirmed"] > 2000
    assert min(states["declared"], states["refused"]) >= 10


def test_the_ledger_holds_one_line_for_each_confirmed_contribution(inside):
    lines = Counter(
        db.session.scalars(
            select(Line.source_id).where(
                Line.kind.in_(("DONE", "HELP")), Line.source_id.is_not(None)
            )
        )
    )
    confirmed = db.session.scalars(select(Contribution.id).where(Contribution.state == "confirmed"))
    assert lines == Counter(confirmed)


def test_sites_have_people_a_forgotten_check_out_and_questions_to_decide(inside):
    states = Counter(db.session.scalars(select(Presence.state)))
    assert states["open"] >= 10
    assert states["counted"] >= 40
    assert states["presumed"] == 1
    waiting = [
        count(Correction, Correction.state == "asked"),
        count(Relief, Relief.state == "requested"),
        count(Gift, Gift.state == "asked"),
    ]
    assert waiting == [1, 1, 1]


def test_the_standings_are_the_sums_of_the_ledger(inside):
    sums = select(Line.member_id, Line.period_id, func.sum(Line.minutes))
    sums = sums.where(Line.member_id.is_not(None))  # without the pool's side
    ledger = db.session.execute(sums.group_by(Line.member_id, Line.period_id)).all()
    kept = db.session.execute(select(Standing.member_id, Standing.period_id, Standing.balance))
    assert sorted(map(tuple, ledger)) == sorted(map(tuple, kept))


def test_every_promise_was_charged_for_the_present_month(inside):
    this_month = select(func.max(Line.period_id)).where(Line.kind == "DUE").scalar_subquery()
    charged = set(
        db.session.scalars(
            select(Line.member_id).where(Line.kind == "DUE", Line.period_id == this_month)
        )
    )
    assert charged == set(db.session.scalars(select(Pledge.member_id)))


def test_rooms_number_their_messages_without_a_hole(inside):
    for room in db.session.scalars(select(Room)):
        numbers = db.session.scalars(
            select(Message.no).where(Message.room_id == room.id).order_by(Message.no)
        ).all()
        assert numbers == list(range(1, room.msg_no + 1)), room.slug
        assert count(Entry, Entry.room_id == room.id) == room.seq


def test_who_wrote_has_a_seat_and_has_read_their_own_words(inside):
    seat = aliased(Seat)
    unread = (
        select(Message.id)
        .outerjoin(seat, (seat.room_id == Message.room_id) & (seat.member_id == Message.author_id))
        .where((seat.member_id.is_(None)) | (seat.read_no < Message.no))
    )
    assert db.session.scalars(unread).all() == []


def test_members_have_something_to_read(inside):
    keys = ("camille.dervaux", "guillaume.roy", "sophie.lambert")
    waiting = [chat.UNREAD.of(actor(key)) for key in keys]
    assert all(0 < number < 100 for number in waiting), waiting


def test_no_private_word_is_public(inside):
    private = db.session.scalars(select(Room).where(Room.name == "Coopérative d’achat")).one()
    assert private.kind == "private"
    inside_it = set(db.session.scalars(select(Seat.member_id).where(Seat.room_id == private.id)))
    for key in ("camille.dervaux", "sophie.lambert", "gaelle.riou"):
        assert actor(key).id not in inside_it
        assert private.id not in {each.id for each in chat.open_to(actor(key))}
        with pytest.raises(NotFound):
            chat.visible_to(actor(key), private.id)


def test_a_conversation_of_several_and_an_archive_are_there(inside):
    kinds = {room.kind for room in chat.rooms_of(actor("camille.dervaux"))}
    assert kinds >= {"network", "site", "direct", "group"}
    archived = db.session.scalars(select(Room).where(Room.archived_at.is_not(None))).all()
    assert [room.kind for room in archived] == ["topic"]


def test_links_of_messages_lead_to_threads(inside):
    bodies = db.session.scalars(select(Message.body_html).where(Message.body_html.contains("<a ")))
    found = [link for body in bodies for link in LINK.findall(body)]
    questions = db.session.scalars(select(Question)).all()
    assert len(found) >= 20
    assert set(found) <= {f"/entraide/{q.id}-{q.slug}" for q in questions}


def test_threads_are_solved_by_their_askers(inside):
    rows = db.session.execute(
        select(Acceptance.by_id, Question.author_id, Question.state).join(
            Question, Question.id == Acceptance.question_id
        )
    ).all()
    assert len(rows) > 20
    assert all(by == asker and state == "solved" for by, asker, state in rows)


def test_no_letter_waits_to_be_sent(inside):
    kinds = set(db.session.scalars(select(Job.kind)))
    assert kinds == {"commitments.tick"}


def test_firms_have_keepers_and_a_past_and_requests_wait_for_the_known_accounts(inside):
    assert count(FirmRole, FirmRole.until_on.isnot(None)) >= 8
    kept = select(FirmRole.firm_id).where(FirmRole.keeper, FirmRole.until_on.is_(None))
    # One that is to be claimed, and those whose only keeper has left the network.
    assert count(Firm, Firm.id.notin_(kept)) == 3
    assert count(FirmSkill) > 200
    waiting = {
        key: [each.kind for each in firm_waiting.waiting_for(actor(key), NOW.date())]
        for key in ("camille.dervaux", "guillaume.roy", "sophie.lambert")
    }
    assert list(waiting.values()) == [["join"], ["invite"], ["claim"]]


def test_a_load_that_cannot_end_leaves_nothing(tmp_path):
    person = accounts.Newcomer(
        name="Camille", email=email_of("camille.dervaux"), roles=[], password=None, time_zone="UTC"
    )
    with network(tmp_path) as app, app.app_context():
        with transaction():
            accounts.admit(None, person, now=utcnow())
        with pytest.raises(Refusal, match=r"accounts\.email_taken"):
            loader.load(NOW)
        assert [count(model) for model in (Site, Skill, Member, Account)] == [0, 0, 1, 1]


def test_memberships_move_on(inside):
    states = Counter(db.session.execute(select(Process.kind, Process.state)).all())
    assert states == {
        ("leave", "active"): 1,
        ("leave", "planned"): 1,
        ("leave", "asked"): 1,
        ("transfer", "asked"): 1,
        ("transfer", "planned"): 1,
        ("exit", "done"): 2,
    }
    alumni = [actor(key) for key in ("antoine.guichard", "jeanne.delattre")]
    assert all(person.is_alumni for person in alumni)
    assert count(Member, ~Member.active) == 2


def test_a_circle_holds_its_people_and_a_question_of_its_own(inside):
    circle = db.session.scalars(select(Circle).where(Circle.name == EXPORT.name)).one()
    states = Counter(place.state for place in circles.people_of(circle.id))
    assert states == {"in": 6, "asked": 1, "invited": 1}
    asked = db.session.scalars(select(Question).where(Question.circle_id == circle.id)).one()
    assert asked.answer_count == 1
    assert actor("camille.dervaux").circle_ids == {circle.id}


def test_a_question_has_its_files_and_a_sheet_its_history(inside):
    asked = db.session.scalars(select(Question).where(Question.title == stall.TITLE)).one()
    files = attachments.of_thread(asked)[None, None]
    assert [file.kind for file in files] == ["webp", "csv"]
    folder = settings().uploads_dir / FOLDER
    assert all(list(folder.glob(f"{file.file_key}*")) for file in files)
    sheet = db.session.scalars(select(Sheet).order_by(Sheet.id)).first()
    assert sheet
    assert sheet.revision == len(lessons.BETTER)


def test_a_report_waits_for_the_manager_of_lyon(inside):
    waiting = queue.waiting(actor("sophie.lambert"), Cursor(size=20), now=NOW).rows
    assert len(waiting) == 1
