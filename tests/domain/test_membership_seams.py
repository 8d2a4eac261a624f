"""Who moves, leaves, was there twice or is forgotten, in the tables of every feature."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from incubator.domain.membership import erasures
from incubator.domain.membership.application_models import Application
from incubator.domain.membership.charter_models import CharterSignature
from incubator.domain.membership.charters import sign
from incubator.domain.membership.welcome_queries import ongoing_of
from incubator.domain.notices.commands import mark_read
from incubator.domain.notices.models import NoticeRead
from incubator.edge.state import state_of
from incubator.kernel.db import db, transaction
from incubator.kernel.files import picture_path, store_picture
from incubator.network.members import profile, whereabouts
from incubator.network.members.audiences import set_audiences
from incubator.network.members.availability import Mentoring
from incubator.network.members.commands import edit_profile
from incubator.network.members.models import Member, MemberMentoring
from incubator.network.members.skill_models import MemberDocument
from incubator.network.members.whereabouts_models import ArrivalWatch, Whereabouts
from tests import factories_membership as arrival
from tests.factories_accounts import letters
from tests.factories_life import agreed, asked, merged, ticked
from tests.factories_notices import announced
from tests.pictures import picture


@pytest.fixture
def lyon(make):
    return make.site()


@pytest.fixture
def nantes(make):
    return make.site("Nantes")


@pytest.fixture
def sophie(make, lyon):
    return make.member(lyon, role="manager")


@pytest.fixture
def yann(make, nantes):
    return make.member(nantes, role="manager")


@pytest.fixture
def ines(make, lyon):
    return make.member(lyon, name="Inès Belkacem", email="ines@example.org")


def row(account) -> Member:
    return db.session.get_one(Member, account.id, populate_existing=True)


def with_portrait(make, account) -> str:
    key = store_picture(picture(), make.settings.uploads_dir, (384,))
    with transaction():
        profile.set_portrait(None, member_id=account.id, portrait=key)
    return key


def awaited(make, *accounts) -> None:
    """They show where they are, and let others wait for them."""
    for account in accounts:
        with transaction():
            set_audiences(None, member_id=account.id, chosen={"presence": "network"})
            whereabouts.choose(make.actor(account), usual=[1], awaited=True)


def forget(app, make, account, by) -> None:
    with transaction():
        erasure = erasures.ask_erasure(make.actor(account), now=make.now)
    with transaction():
        erasures.erase(
            make.actor(by),
            erasure.id,
            typed=row(account).name,
            forget=[keeper.forget for keeper in state_of(app).keepers],
            now=make.now,
        )


def test_who_moves_is_welcomed_at_the_new_site_alone(
    make, ines, sophie, yann, lyon, nantes
) -> None:
    arrival.checklist(make, lyon, sophie)
    arrival.checklist(make, nantes, yann)
    assert ongoing_of(ines.id) is None
    agreed(make, asked(make, ines, "transfer", to_site_id=nantes.id), yann)
    ticked(make.now + timedelta(days=11))
    welcome = ongoing_of(ines.id)
    assert welcome is not None
    assert welcome.site_id == nantes.id


def test_nobody_waits_to_welcome_an_alumni(make, sophie, lyon) -> None:
    arrival.checklist(make, lyon, sophie)
    newcomer = make.member(lyon)
    assert ongoing_of(newcomer.id)
    asked(make, newcomer, "exit", by=sophie, starts_on=make.now.date(), access="alumni")
    assert make.actor(newcomer).is_alumni
    assert ongoing_of(newcomer.id) is None


def test_of_two_rows_each_table_keeps_one(make, ines, sophie, lyon) -> None:
    arrival.checklist(make, lyon, sophie)
    version = arrival.charter(make, lyon, sophie)
    gone, other = make.member(lyon, name="Ines Belkacem"), make.member(lyon)
    notice = announced(make, sophie, lyon)
    awaited(make, ines, gone, other)
    for account in (ines, gone):
        with transaction():
            sign(make.actor(account), version.id, now=make.now)
        with transaction():
            mark_read(make.actor(account), notice.id, now=make.now)
        with transaction():
            whereabouts.watch(make.actor(account), watched_id=other.id, now=make.now)
    for one, two in ((ines, gone), (gone, ines), (other, gone)):
        with transaction():
            whereabouts.watch(make.actor(one), watched_id=two.id, now=make.now)
    merged(make, sophie, ines, gone)
    for table in (CharterSignature, NoticeRead, Whereabouts):
        found = db.session.scalars(select(table.member_id).where(table.member_id != other.id))
        assert found.all() == [ines.id]
    watches = db.session.execute(select(ArrivalWatch.watcher_id, ArrivalWatch.watched_id)).all()
    assert {tuple(each) for each in watches} == {(ines.id, other.id), (other.id, ines.id)}
    assert ongoing_of(gone.id) is None


def test_a_profile_is_filled_found_and_shown_to_nobody_more(app, make, ines, sophie, lyon) -> None:
    gone = make.member(lyon, name="Ines Belkacem")
    key = with_portrait(make, gone)
    with transaction():
        edit_profile(None, member_id=gone.id, name="Ines Belkacem", headline="Apicultrice")
        profile.introduce(None, member_id=gone.id, pronouns="elle")
        profile.set_mentoring(
            None, member_id=gone.id, wanted=Mentoring(2, "Miel"), today=make.now.date()
        )
        set_audiences(None, member_id=gone.id, chosen={"headline": "site"})
    merged(make, sophie, ines, gone)
    kept = row(ines)
    assert (kept.portrait, kept.pronouns, kept.narrowed) == (key, "elle", "headline")
    assert (kept.face, kept.line) == (key, "")
    assert db.session.get_one(MemberMentoring, ines.id).capacity == 2
    tokens = db.session.execute(select(MemberDocument.member_id, MemberDocument.tokens)).all()
    assert {each.member_id for each in tokens if "apicultrice" in each.tokens} == {ines.id}
    letters(app, make)
    assert picture_path(key, 384, make.settings.uploads_dir)


def test_of_two_portraits_the_kept_one_stays_and_the_other_file_goes(app, make, ines, sophie, lyon):
    gone = make.member(lyon)
    mine, theirs = with_portrait(make, ines), with_portrait(make, gone)
    merged(make, sophie, ines, gone)
    letters(app, make)
    assert (row(ines).portrait, row(gone).portrait) == (mine, None)
    assert picture_path(mine, 384, make.settings.uploads_dir)
    assert picture_path(theirs, 384, make.settings.uploads_dir) is None


def test_nothing_tells_where_who_is_forgotten_was_nor_how_they_looked(
    app, make, ines, sophie, lyon
) -> None:
    other = make.member(lyon)
    key = with_portrait(make, ines)
    awaited(make, ines)
    notice = announced(make, sophie, lyon)
    with transaction():
        profile.introduce(
            None, member_id=ines.id, pronouns="elle", links=[("Site", "https://ines.example.org")]
        )
        mark_read(make.actor(ines), notice.id, now=make.now)
        whereabouts.watch(make.actor(other), watched_id=ines.id, now=make.now)
    forget(app, make, ines, sophie)
    letters(app, make)
    known = row(ines)
    assert (known.portrait, known.pronouns, known.links) == (None, "", [])
    assert picture_path(key, 384, make.settings.uploads_dir) is None
    for table in (Whereabouts, ArrivalWatch, NoticeRead):
        assert db.session.scalars(select(table)).all() == []
    (document,) = db.session.scalars(
        select(MemberDocument.tokens).where(MemberDocument.member_id == ines.id)
    ).all()
    assert "belkacem" not in document


def test_what_an_applicant_wrote_is_theirs_and_goes_with_them(app, make, ines, sophie, lyon):
    arrival.open_door(make, lyon, sophie)
    question = arrival.question(make, lyon, sophie)
    application = arrival.sent(make, lyon, answers={question.id: "Par une amie"})
    with transaction():
        db.session.get_one(Application, application.id).member_id = ines.id
    (keeper,) = (each for each in state_of(app).keepers if each.name == "membership")
    found = {name: list(rows) for name, rows in keeper.data(ines.id).items()}
    assert [each["value"] for each in found["application-answers"]] == ["Par une amie"]
    assert len(found["applications"]) == 1
    forget(app, make, ines, sophie)
    known = db.session.get_one(Application, application.id, populate_existing=True)
    assert (known.name, known.email, known.why) == ("", "", "")
    assert known.anonymised_at is not None
