"""One's own profile: what one says, to whom, and one's picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.blueprints.members import words
from incubator.blueprints.members.audience_form import ASKED
from incubator.blueprints.members.audience_page import keep_audiences
from incubator.blueprints.members.portraits import SIDES
from incubator.blueprints.members.profile_form import PortraitForm, profile_form
from incubator.blueprints.members.routes import pages
from incubator.edge.access import signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import today
from incubator.edge.forms import act, attempt
from incubator.edge.locale import language
from incubator.edge.pages import back_or, redirect_to, toast
from incubator.edge.state import settings
from incubator.edge.uploads import unused
from incubator.kernel.errors import Refusal
from incubator.kernel.files import store_picture
from incubator.network.members import commands, queries
from incubator.network.members import profile as saying
from incubator.network.members.audience import EVERYTHING_AS_USUAL
from incubator.network.members.audiences import audiences_of
from incubator.network.members.rules import MOST_LINKS
from incubator.network.members.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from flask.typing import ResponseReturnValue

    from incubator.blueprints.members.profile_form import ProfileForm
    from incubator.network.members.firm_models import FirmRole


@pages.form("/moi", en="/me", may=signed_in)
def edit_me() -> ResponseReturnValue:
    """One's own profile."""
    reader = actor()
    member = queries.own_profile(reader)
    day = today(reader.time_zone)
    roles = queries.roles_of(member.id, day)
    audiences = audiences_of([member.id]).get(member.id, EVERYTHING_AS_USUAL)
    form = profile_form(member, roles, audiences=audiences, today=day)

    def save() -> bool:
        _save(form, roles, day)
        keep_audiences(form, audiences)
        return True

    if attempt(form, save) is None:
        return form.page(
            "members/edit.html",
            member=member,
            face={"slug": member.slug, "name": member.name, "face": member.portrait},
            titles=[f"title_{role.id}" for role in roles],
            places=range(MOST_LINKS),
            families=vocabulary(language()).families(),
            ways=words.WAYS,
            audiences=words.AUDIENCES,
            asked=ASKED,
        )
    toast(_("Your profile is up to date."))
    return redirect_to("members.show", slug=member.slug)


def _save(form: ProfileForm, roles: Sequence[FirmRole], day: date) -> None:
    reader = actor()
    commands.edit_profile(
        reader,
        member_id=reader.id,
        name=form.name.data or "",
        headline=form.headline.data or "",
        about=form.about_md.data or "",
        phone=form.phone.data or "",
        languages=form.languages.data or (),
    )
    saying.introduce(
        reader, member_id=reader.id, pronouns=form.pronouns.data or "", links=form.links()
    )
    best_first = sorted(form.offered.data.items(), key=lambda pair: -pair[1])
    commands.set_skills(
        reader,
        member_id=reader.id,
        offered=dict(best_first),
        wanted=form.wanted.data,
        ways=form.ways.data,
    )
    saying.set_mentoring(reader, member_id=reader.id, wanted=form.mentoring(), today=day)
    saying.set_availability(reader, member_id=reader.id, wanted=form.available(), today=day)
    for role in roles:
        title = form[f"title_{role.id}"].data
        commands.set_role_title(reader, role_id=role.id, title=title or "")


@pages.form("/moi/portrait", en="/me/portrait", may=signed_in)
def own_portrait() -> ResponseReturnValue:
    """A picture of oneself in place of the drawn portrait."""
    reader = actor()
    form = PortraitForm()
    stored = None
    if form.validate_on_submit():
        try:
            stored = store_picture(form.picture(), settings().uploads_dir, SIDES, square=True)
        except Refusal as refusal:
            form.refuse(refusal)
    if stored is None:
        audiences = audiences_of([reader.id]).get(reader.id, EVERYTHING_AS_USUAL)
        seen_by = words.AUDIENCES[audiences.of("portrait")]
        return form.page("members/portrait.html", seen_by=seen_by, most=settings().max_upload_mb)
    _show(stored)
    toast(_("Your portrait is up to date."))
    return redirect_to("members.show", slug=reader.slug)


@pages.post("/moi/portrait/retirer", en="/me/portrait/remove", may=signed_in)
def remove_portrait() -> ResponseReturnValue:
    """The drawn portrait again."""
    _show(None)
    toast(_("Your picture is deleted: the drawn portrait is back."))
    return redirect_to("members.own_portrait")


def _show(key: str | None) -> None:
    """Change the picture; a new one that could not be shown is not kept."""
    reader = actor()
    try:
        act(lambda: saying.set_portrait(reader, member_id=reader.id, portrait=key))
    except Exception:
        unused(key)
        raise


@pages.post("/moi/plus-tard", en="/me/later", may=signed_in)
def rest_hint() -> ResponseReturnValue:
    """Not to be reminded of what the profile lacks for a month."""
    reader = actor()
    day = today(reader.time_zone)
    act(lambda: saying.rest_hint(reader, member_id=reader.id, today=day))
    toast(_("We will not bring it up for a month."))
    return back_or("home.index")
