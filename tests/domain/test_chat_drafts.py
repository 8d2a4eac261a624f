"""What is begun in a room: one text a place, its author's alone, gone when it is said."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.domain.chat import commands, drafts, handing, personal
from incubator.domain.chat.draft_models import ChatDraft
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal, TooMany
from tests import factories_chat as chat

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make

NOW = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)


def keep(
    make: Make, who: Account, room: int, text: str, *, root: int | None = None, at: datetime = NOW
) -> None:
    with transaction():
        drafts.keep(make.actor(who), room, text=text, root=root, now=at)


def begun(make: Make, who: Account, room: int, root: int | None = None) -> str:
    return drafts.begun(make.actor(who), room, root)


def two_in_lyon(make: Make) -> tuple[Account, Account, int]:
    lyon = make.site("Lyon")
    fatou, hugo = make.member(lyon), make.member(lyon)
    chat.sit(make, fatou, hugo)
    return fatou, hugo, chat.room_of(lyon)


def test_the_last_text_is_kept_for_its_author_alone(make: Make) -> None:
    fatou, hugo, room = two_in_lyon(make)
    keep(make, fatou, room, "Je")
    keep(make, fatou, room, "Je pensais")
    assert begun(make, fatou, room) == "Je pensais"
    assert begun(make, hugo, room) == ""
    keep(make, fatou, room, "  ")
    assert db.session.scalars(select(ChatDraft.room_id)).all() == []


def test_a_thread_has_a_draft_of_its_own(make: Make) -> None:
    fatou, hugo, room = two_in_lyon(make)
    no = chat.say(make, hugo, room).no
    keep(make, fatou, room, "au salon")
    keep(make, fatou, room, "au fil", root=no)
    assert (begun(make, fatou, room), begun(make, fatou, room, no)) == ("au salon", "au fil")
    with pytest.raises(NotFound):
        keep(make, fatou, room, "nulle part", root=no + 1)


@pytest.mark.parametrize(("drafted", "left"), [(True, ["au fil"]), (False, ["au fil", "au salon"])])
def test_what_is_said_is_begun_no_more(make: Make, drafted: bool, left: list[str]) -> None:
    fatou, hugo, room = two_in_lyon(make)
    no = chat.say(make, hugo, room).no
    keep(make, fatou, room, "au salon")
    keep(make, fatou, room, "au fil", root=no)
    said = commands.Said(cid=uuid.uuid4().hex, text="au salon", drafted=drafted)
    with transaction():
        commands.say(make.actor(fatou), room, said, now=NOW)
    assert sorted(db.session.scalars(select(ChatDraft.text_md))) == left


def test_only_who_may_write_there_begins(make: Make) -> None:
    fatou, _, room = two_in_lyon(make)
    stranger = make.member(make.site("Nantes"))
    with pytest.raises(NotAllowed):
        keep(make, stranger, room, "bonjour")
    with pytest.raises(NotFound):
        keep(make, fatou, 999, "bonjour")


def test_saving_has_a_pace_and_drafts_a_number(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    fatou, hugo, room = two_in_lyon(make)
    for n in range(60):
        keep(make, fatou, room, f"mot {n}")
    with pytest.raises(TooMany):
        keep(make, fatou, room, "un mot de plus")
    monkeypatch.setattr(drafts, "MOST", 1)
    no, later = chat.say(make, hugo, room).no, NOW + timedelta(hours=1)
    with pytest.raises(Refusal, match="drafts_too_many"):
        keep(make, fatou, room, "au fil", root=no, at=later)
    keep(make, fatou, room, "autre chose", at=later)
    assert begun(make, fatou, room) == "autre chose"


def test_drafts_go_with_their_author_and_by_age(make: Make) -> None:
    fatou, hugo, room = two_in_lyon(make)
    keep(make, fatou, room, "secret")
    keep(make, hugo, room, "plus tard", at=NOW + timedelta(days=1))
    with transaction():
        personal.forget(fatou.id)
    assert db.session.scalars(select(ChatDraft.text_md)).all() == ["plus tard"]
    with transaction():
        drafts.forgotten(NOW + timedelta(days=2))
    assert db.session.scalars(select(ChatDraft.text_md)).all() == []


def test_after_a_merge_the_draft_of_who_stays_counts(make: Make) -> None:
    fatou, hugo, room = two_in_lyon(make)
    no = chat.say(make, hugo, room).no
    for who in (fatou, hugo):
        keep(make, who, room, f"de {who.id}")
    keep(make, fatou, room, "au fil", root=no)
    with transaction():
        handing.hand_over(from_id=fatou.id, to_id=hugo.id, by_id=None, now=NOW)
    assert begun(make, hugo, room) == f"de {hugo.id}"
    assert begun(make, hugo, room, no) == "au fil"
    assert begun(make, fatou, room) == ""
