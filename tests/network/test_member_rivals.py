"""Rivals over one proposal and over one portrait, with real threads on both databases."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from incubator.kernel.db import db, transaction
from incubator.kernel.jobs import Job
from incubator.network.members import proposals, skills
from incubator.network.members.models import Member, Skill
from incubator.network.members.skill_models import SkillProposal
from tests.factories_accounts import worked
from tests.factories_members import a_skill
from tests.pictures import picture
from tests.rivals import DONE, Rivals, rested

if TYPE_CHECKING:
    pass

RIVALS = 6


def count(model: type, *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def test_two_administrators_who_decide_at_once_decide_once(rivals: Rivals) -> None:
    make = rivals.make
    with rivals.inside():
        actors = [make.actor(make.member(role="administrator")) for _ in range(2)]
        member, wood = make.actor(make.member(make.site())), a_skill(make, "Menuiserie")
        with transaction():
            row = proposals.propose(member, name="Charpente", now=make.now)
        row_id, wood_id = row.id, wood.id
    names = {"name_fr": "Charpente", "name_en": "Carpentry", "parent_id": None}
    hows: list[tuple[Any, dict[str, Any]]] = [
        (proposals.accept, names),
        (proposals.join, {"skill_id": wood_id}),
        (proposals.decline, {"word": "Non"}),
    ]

    def decide(number: int) -> None:
        act, how = hows[number % len(hows)]
        with transaction():
            act(actors[number % 2], row_id, now=make.now, **how)

    ends = rivals.at_once([partial(decide, number) for number in range(RIVALS)])
    assert ends == {DONE: 1, "members.proposal_decided": RIVALS - 1}
    with rivals.inside():
        state = db.session.scalars(select(SkillProposal.state)).one()
        assert count(Skill) == (2 if state == "accepted" else 1)
        assert count(Job, Job.kind == "mail.deliver") == 1


def test_of_portraits_sent_at_once_one_is_shown_and_no_file_is_left_over(rivals: Rivals) -> None:
    make, app = rivals.make, rivals.app
    with rivals.inside():
        owner = make.member(make.site())
        rested(owner)
        token = make.session_of(owner)

    def send() -> None:
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        answer = browser.post("/moi/portrait", data={"photo": (io.BytesIO(picture()), "moi.png")})
        assert answer.status_code == 303

    rivals.all_at_once([send] * RIVALS)
    worked(app)
    with rivals.inside():
        shown = db.session.scalars(select(Member.portrait)).one()
    assert {path.name[:32] for path in make.settings.uploads_dir.glob("*.webp")} == {shown}


def test_of_terms_of_one_name_added_at_once_one_stays(rivals: Rivals) -> None:
    """Other case, other accents, an address of their own: the database holds one of a name."""
    with rivals.inside():
        actors = [
            rivals.make.actor(rivals.make.member(role="administrator")) for _ in range(RIVALS)
        ]
    french = ("Apiculture", "APICULTURE", "Apicultûre")

    def add(number: int) -> None:
        with transaction():
            skills.add_skill(
                actors[number],
                slug=f"term-{number}",
                name_fr=french[number % len(french)],
                name_en=f"Beekeeping {number}",
            )

    ends = rivals.at_once([partial(add, number) for number in range(RIVALS)])
    assert ends == {DONE: 1, "members.skill_taken": RIVALS - 1}
    with rivals.inside():
        assert count(Skill) == 1


def test_of_terms_renamed_at_once_to_one_name_one_is(rivals: Rivals) -> None:
    with rivals.inside():
        by = rivals.make.actor(rivals.make.member(role="administrator"))
        ids = [a_skill(rivals.make, f"Terme {number}").id for number in range(RIVALS)]

    def rename(number: int) -> None:
        names = skills.Words(name_fr=f"Bois {number}", name_en="Woodwork", synonyms={})
        with transaction():
            skills.edit_skill(by, skill_id=ids[number], words=names, parent_id=None)

    ends = rivals.at_once([partial(rename, number) for number in range(RIVALS)])
    assert ends == {DONE: 1, "members.skill_taken": RIVALS - 1}
    with rivals.inside():
        assert count(Skill, Skill.name_en == "Woodwork") == 1
