"""A step of the loader: what half of the members say besides, and who may see it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from incubator.kernel.db import as_of
from incubator.network.members import commands, profile
from incubator.network.members.audiences import set_audiences
from incubator.network.members.availability import Availability, Mentoring

if TYPE_CHECKING:
    from datetime import date

    from incubator.demo.shapes import Profile
    from incubator.demo.stage import Stage


def complete_profiles(stage: Stage) -> str:
    """Let them say it on the day they came; what has an end is counted from today."""
    for said in stage.content.profiles:
        with as_of(stage.joined(said.email).instant(stage.now)):
            _complete(stage, said)
    return f"{len(stage.content.profiles)} complete profiles"


def _complete(stage: Stage, said: Profile) -> None:
    member = stage.members[said.email]
    member_id = stage.actors[said.email].id
    today = stage.now.astimezone(ZoneInfo(stage.zones[member.site])).date()
    profile.introduce(None, member_id=member_id, pronouns=said.pronouns, links=said.links)
    offered = {stage.skills[slug]: level for slug, level in member.skills}
    commands.set_skills(
        None,
        member_id=member_id,
        offered=offered,
        wanted=[stage.skills[slug] for slug in member.wanted],
        ways=dict.fromkeys(offered, said.ways),
    )
    if said.availability:
        state, days = said.availability
        wanted = Availability(state, _in(days, today))
        profile.set_availability(None, member_id=member_id, wanted=wanted, today=today)
    if said.mentoring:
        capacity, about, days = said.mentoring
        mentors = Mentoring(capacity, about, days is not None, _in(days, today))
        profile.set_mentoring(None, member_id=member_id, wanted=mentors, today=today)
    if said.audiences:
        set_audiences(None, member_id=member_id, chosen=said.audiences)


def _in(days: int | None, today: date) -> date | None:
    return None if days is None else today + timedelta(days=days)
