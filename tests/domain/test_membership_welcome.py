"""The welcome of a newcomer and the charters they sign."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.domain.membership import (
    charters,
    charters_queries,
    welcome,
    welcome_checklist,
    welcome_queries,
)
from incubator.domain.membership.charter_models import CharterSignature
from incubator.domain.membership.welcome_checklist import Line
from incubator.domain.membership.welcome_models import Welcome
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.kernel.keyset import Cursor
from incubator.network.accounts import rights
from incubator.network.members.events import ProfileChanged
from incubator.network.members.models import Member
from tests import factories_help as help_
from tests import factories_membership as m

if TYPE_CHECKING:
    from incubator.domain.membership.welcome_models import WelcomeTask
    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make


@pytest.fixture
def site(make: Make) -> Site:
    return make.site("Lyon")


@pytest.fixture
def boss(make: Make, site: Site) -> Account:
    account = make.member(site, role="manager", name="Sophie Lambert")
    m.checklist(make, site, account)
    return account


def begun(member: Account) -> Welcome:
    found = welcome_queries.ongoing_of(member.id)
    assert found
    return found


def task(member: Account, kind: str) -> WelcomeTask:
    return next(each for each in begun(member).tasks if each.kind == kind)


def tick(make: Make, who: Account, one: WelcomeTask, *, done: bool = True) -> None:
    with transaction():
        welcome.tick(make.actor(who), one.id, done=done, now=make.now)


def typed(**more: Any) -> Line:
    usual = {"kind": "key", "label_fr": "La clé", "label_en": "The key", "owner": "manager"}
    return Line(**(usual | {"due_days": 2} | more))


def test_who_is_admitted_gets_the_checklist_with_owners_and_dates(
    make: Make, site: Site, boss: Account
) -> None:
    newcomer = make.member(site)
    found = begun(newcomer)
    assert [each.kind for each in found.tasks][:3] == ["charter", "portrait", "key"]
    assert found.tasks[2].owner == "manager"
    assert found.tasks[2].due_on == found.started_on + timedelta(days=1)


def test_a_guest_gets_none_until_they_become_a_resident(
    make: Make, site: Site, boss: Account
) -> None:
    guest = make.member(site, role="guest")
    assert welcome_queries.ongoing_of(guest.id) is None
    with transaction():
        rights.give(
            make.actor(boss), member_id=guest.id, role="resident", site_id=site.id, now=make.now
        )
    assert begun(guest).site_id == site.id


def test_a_site_without_a_list_welcomes_in_its_own_way(make: Make) -> None:
    assert welcome_queries.ongoing_of(make.member(make.site("Nantes")).id) is None


def test_starting_twice_changes_nothing_and_another_site_begins_anew(
    make: Make, site: Site, boss: Account
) -> None:
    newcomer = make.member(site)
    first = begun(newcomer).id
    nantes = make.site("Nantes")
    m.checklist(make, nantes, make.member(nantes, role="manager"))
    with transaction():
        welcome.start(newcomer.id, site.id, now=make.now)
    assert begun(newcomer).id == first
    with transaction():
        welcome.start(newcomer.id, nantes.id, now=make.now)
    assert begun(newcomer).site_id == nantes.id
    assert db.session.get_one(Welcome, first).ended_at is not None


def test_who_leaves_is_no_longer_waited_for(make: Make, site: Site, boss: Account) -> None:
    newcomer = make.member(site)
    with transaction():
        rights.deactivate(make.actor(boss), member_id=newcomer.id, now=make.now)
    assert welcome_queries.ongoing_of(newcomer.id) is None
    assert not welcome_queries.waiting_for(make.actor(boss), 5)


def test_a_task_is_ticked_by_whose_job_it_is_or_a_manager(
    make: Make, site: Site, boss: Account
) -> None:
    newcomer, neighbour = make.member(site), make.member(site)
    tick(make, newcomer, task(newcomer, "portrait"))
    with pytest.raises(NotAllowed):
        tick(make, newcomer, task(newcomer, "key"))
    with pytest.raises(NotFound):
        tick(make, neighbour, task(newcomer, "key"))
    for one in ("key", "first_help"):
        tick(make, boss, task(newcomer, one))
        tick(make, boss, task(newcomer, one))
    assert task(newcomer, "key").done_by_id == boss.id


def test_one_person_may_have_the_job(make: Make, site: Site, boss: Account) -> None:
    host = make.member(site, name="Élise Nguyen")
    with transaction():
        item = welcome_checklist.add(
            make.actor(boss), site.id, typed=typed(owner="person", person=" elise  NGUYEN ")
        )
    assert item.person_id == host.id
    newcomer = make.member(site)
    (waiting,) = welcome_queries.waiting_for(make.actor(host), 5)
    assert waiting.welcome.member.id == newcomer.id
    tick(make, host, waiting)
    assert not welcome_queries.waiting_for(make.actor(host), 5)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"owner": "person", "person": "Personne"}, "person_unknown"),
        ({"owner": "person", "person": "Nora Petit"}, "person_several"),
        ({"label_en": " "}, "empty"),
        ({"due_days": 400}, "welcome_days"),
        ({"kind": "coffee"}, "welcome_kind"),
    ],
)
def test_a_line_that_cannot_stand_is_refused(
    make: Make, site: Site, boss: Account, more: dict[str, Any], code: str
) -> None:
    for _ in range(2):
        make.member(site, name="Nora Petit")
    with pytest.raises(Refusal, match=f"membership.{code}"), transaction():
        welcome_checklist.add(make.actor(boss), site.id, typed=typed(**more))


def test_the_list_changes_for_those_to_come(make: Make, site: Site, boss: Account) -> None:
    actor, before = make.actor(boss), make.member(site)
    first, second, *_rest = welcome_checklist.items_of(site.id)
    with transaction():
        welcome_checklist.edit(actor, first.id, typed=typed(label_fr="Autre"))
        welcome_checklist.move(actor, first.id, up=False)
        welcome_checklist.remove(actor, second.id)
    left = welcome_checklist.items_of(site.id)
    assert [item.position for item in left] == [1, 2, 3, 4, 5]
    assert left[0].label_fr == "Autre"
    assert len(begun(before).tasks) == 6
    assert len(begun(make.member(site)).tasks) == 5
    stranger = make.actor(make.member(make.site("Nantes"), role="manager"))
    with pytest.raises(NotFound), transaction():
        welcome_checklist.remove(stranger, left[0].id)


def test_a_welcome_ends_with_its_last_task_and_opens_again(
    make: Make, site: Site, boss: Account
) -> None:
    newcomer = make.member(site)
    tasks = list(begun(newcomer).tasks)
    for one in tasks:
        tick(make, boss, one)
    assert welcome_queries.ongoing_of(newcomer.id) is None
    ended = welcome_queries.listed(site.id, Cursor(), ended=True)
    assert [row.member_id for row in ended.rows] == [newcomer.id]
    tick(make, boss, tasks[0], done=False)
    assert begun(newcomer).id == tasks[0].welcome_id


def test_a_portrait_and_a_first_help_tick_themselves(make: Make, site: Site, boss: Account) -> None:
    newcomer, asker = make.member(site), make.member(site)
    with transaction():
        for changed in (("headline",), ("portrait", "headline")):
            record(ProfileChanged(actor_id=newcomer.id, member_id=newcomer.id, changed=changed))
    own = help_.answer(make, newcomer, help_.question(make, newcomer))
    help_.accept(make, newcomer, own)
    assert task(newcomer, "first_help").done_at is None
    help_.accept(make, asker, help_.answer(make, newcomer, help_.question(make, asker)))
    done = {each.kind for each in begun(newcomer).tasks if each.done_at}
    assert done == {"portrait", "first_help"}
    assert task(newcomer, "portrait").done_by_id is None


def test_progress_says_what_is_late(make: Make, site: Site, boss: Account) -> None:
    newcomer = make.member(site)
    found = begun(newcomer)
    tick(make, boss, task(newcomer, "key"))
    day = found.started_on + timedelta(days=8)
    progress = welcome_queries.progress_of([found.id], day)[found.id]
    assert progress == (1, 6, 3)
    assert progress.percent == 16
    assert welcome_queries.of_tasks(begun(newcomer).tasks, day) == progress
    assert welcome_queries.count_late(site.id, day) >= 3


def test_a_charter_is_signed_by_version(make: Make, site: Site, boss: Account) -> None:
    newcomer = make.member(site)
    first = m.charter(make, site, boss)
    actor = make.actor(newcomer)
    assert [row.id for row in charters_queries.unsigned_by(actor)] == [first.id]
    for _ in range(2):
        with transaction():
            charters.sign(actor, first.id, now=make.now)
    assert len(db.session.scalars(select(CharterSignature)).all()) == 1
    assert task(newcomer, "charter").done_at is not None
    second = m.charter(make, site, boss)
    assert [row.id for row in charters_queries.unsigned_by(actor)] == [second.id]
    with pytest.raises(Conflict, match="charter_outdated"), transaction():
        charters.sign(actor, first.id, now=make.now)


def test_the_charter_ticks_only_when_all_that_apply_are_signed(
    make: Make, site: Site, boss: Account
) -> None:
    head = make.member(role="administrator")
    both = [m.charter(make, site, boss), m.charter(make, None, head)]
    newcomer = make.member(site)
    with transaction():
        charters.sign(make.actor(newcomer), both[0].id, now=make.now)
    assert task(newcomer, "charter").done_at is None
    with transaction():
        charters.sign(make.actor(newcomer), both[1].id, now=make.now)
    assert task(newcomer, "charter").done_at is not None


def test_who_has_not_signed(make: Make, site: Site, boss: Account) -> None:
    nora = make.member(site, name="Nora Petit")
    make.member(site, role="guest")
    make.member(make.site("Nantes"))
    assert not charters_queries.unsigned_page(site.id, Cursor()).rows
    version = m.charter(make, site, boss)
    with transaction():
        charters.sign(make.actor(boss), version.id, now=make.now)
    page = charters_queries.unsigned_page(site.id, Cursor())
    assert [row.id for row in page.rows] == [nora.id]
    condition = charters_queries.missing_signature(site.id)
    assert db.session.scalars(select(Member.id).where(condition)).all() == [nora.id]


def test_a_charter_is_not_for_guests_nor_for_other_sites(
    make: Make, site: Site, boss: Account
) -> None:
    version = m.charter(make, site, boss)
    nantes = make.site("Nantes")
    for stranger in (make.member(site, role="guest"), make.member(nantes)):
        with pytest.raises(NotFound), transaction():
            charters.sign(make.actor(stranger), version.id, now=make.now)
    head = make.actor(make.member(role="administrator"))
    with pytest.raises(NotAllowed), transaction():
        charters.sign(head, version.id, now=make.now)


def test_a_draft_is_read_by_its_writers_and_published_as_read(
    make: Make, site: Site, boss: Account
) -> None:
    actor = make.actor(boss)
    with transaction():
        draft = charters.save_draft(actor, site.id, texts=m.TEXTS, revision=0)
    with pytest.raises(NotFound):
        charters_queries.visible_to(make.actor(make.member(site)), draft.id)
    with pytest.raises(Conflict), transaction():
        charters.save_draft(actor, site.id, texts=m.TEXTS, revision=0)
    with transaction():
        charters.save_draft(actor, site.id, texts=m.TEXTS, revision=1)
    with pytest.raises(Conflict, match="charter_edited"), transaction():
        charters.publish(actor, site.id, revision=1, now=make.now)
    with transaction():
        charters.publish(actor, site.id, revision=2, now=make.now)
    assert charters_queries.visible_to(actor, draft.id).is_current
    with pytest.raises(NotAllowed), transaction():
        charters.save_draft(actor, None, texts=m.TEXTS, revision=0)


def test_a_welcome_begins_on_the_day_it_is_at_the_site(make: Make) -> None:
    far = make.site("Auckland", time_zone="Pacific/Auckland")
    newcomer = make.member(far)
    m.checklist(make, far, make.member(far, role="manager"))
    with transaction():
        welcome.start(newcomer.id, far.id, now=make.now + timedelta(hours=3))
    assert begun(newcomer).started_on == make.now.date() + timedelta(days=1)
