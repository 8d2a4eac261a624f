"""Announcements: those for the reader, one of them, and what their publishers do."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.notices.forms import NewNoticeForm, NoticeForm
from incubator.blueprints.notices.threads import thread_asked
from incubator.domain.notices import commands, policy, queries
from incubator.edge.access import managers, members
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import act, attempt
from incubator.edge.pages import Pages, back_or, redirect_to, render, toast
from incubator.kernel.errors import NotAllowed
from incubator.kernel.keyset import Cursor
from incubator.network.sites.queries import open_sites, place_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.notices.models import Notice

pages = Pages("notices", __name__)
USUALLY = timedelta(days=14)
# An announcement ends at midnight: its last day is the one before.
JUST_BEFORE = timedelta(seconds=1)
READERS_A_PAGE = 50


@pages.get("/annonces", en="/notices", may=members)
def index() -> ResponseReturnValue:
    """What was announced to the reader's site and to the network."""
    reader = actor()
    cursor = Cursor(request.args.get("after"), request.args.get("before"), queries.PAGE_SIZE)
    page = queries.page_for(reader, cursor)
    return render(
        "notices/index.html",
        page=page,
        read=queries.read_by(reader, [notice.id for notice in page.rows]),
        instant=now(),
        may_publish=reader.is_manager,
    )


@pages.get("/annonces/<int:notice_id>", en="/notices/<int:notice_id>", may=members)
def show(notice_id: int) -> ResponseReturnValue:
    """One announcement; its publishers see who read it."""
    reader = actor()
    notice = queries.visible_to(reader, notice_id)
    may_change = policy.may_change(reader, notice)
    asked = request.args
    done = Cursor(asked.get("after"), asked.get("before"), READERS_A_PAGE)
    missing = asked.get("readers") == "missing"
    return render(
        "notices/show.html",
        notice=notice,
        standing=notice.standing_at(now()),
        last_instant=notice.expires_at - JUST_BEFORE,
        read=notice_id in queries.read_by(reader, [notice_id]),
        mine=notice.author_id == reader.id,
        may_change=may_change,
        missing=missing,
        how_many=queries.how_many_read(notice) if may_change else 0,
        readers=queries.readers_of(notice, done) if may_change and not missing else None,
        others=queries.not_yet_read(notice, done) if may_change and missing else None,
        zone=_zone_of(notice),
    )


@pages.form("/annonces/nouvelle", en="/notices/new", may=managers)
def new() -> ResponseReturnValue:
    """Announce something."""
    reader = actor()
    begun = {"last_day": today(reader.time_zone) + USUALLY, **thread_asked()}
    form = NewNoticeForm(data=begun)
    form.offer(reader, open_sites())
    site = request.args.get("site")
    if site and not form.is_submitted():
        form.to.data = site
    notice = attempt(form, lambda: _publish(form))
    if notice is None:
        return form.page("notices/form.html", notice=None)
    toast(_("The announcement is out: those concerned see it on their first page."))
    return redirect_to("notices.show", notice_id=notice.id)


def _publish(form: NewNoticeForm) -> Notice:
    reader, site_id = actor(), form.site_id()
    place = place_of(site_id)
    return commands.publish(
        reader,
        site_id=site_id,
        title=form.title.data or "",
        body=form.body.data or "",
        expires_at=form.expires_at(place.time_zone if place else reader.time_zone),
        once=form.once.data or "",
        now=now(),
    )


@pages.form("/annonces/<int:notice_id>/modifier", en="/notices/<int:notice_id>/edit", may=managers)
def edit(notice_id: int) -> ResponseReturnValue:
    """Correct an announcement."""
    reader = actor()
    notice = queries.visible_to(reader, notice_id)
    if not policy.may_change(reader, notice):
        raise NotAllowed("notices.publish")
    zone = _zone_of(notice)
    last = (notice.expires_at - JUST_BEFORE).astimezone(ZoneInfo(zone)).date()
    form = NoticeForm(title=notice.title, body=notice.body_md, last_day=last)
    saved = attempt(
        form,
        lambda: commands.edit(
            reader,
            notice_id,
            title=form.title.data or "",
            body=form.body.data or "",
            expires_at=form.expires_at(zone),
            now=now(),
        ),
    )
    if saved is None:
        return form.page("notices/form.html", notice=queries.visible_to(reader, notice_id))
    toast(_("The announcement is corrected."))
    return redirect_to("notices.show", notice_id=notice_id)


@pages.post(
    "/annonces/<int:notice_id>/retirer", en="/notices/<int:notice_id>/withdraw", may=managers
)
def withdraw(notice_id: int) -> ResponseReturnValue:
    """Take an announcement back."""
    act(lambda: commands.withdraw(actor(), notice_id, now=now()))
    toast(_("The announcement is withdrawn."))
    return redirect_to("notices.index")


@pages.post("/annonces/<int:notice_id>/lue", en="/notices/<int:notice_id>/read", may=members)
def read(notice_id: int) -> ResponseReturnValue:
    """«J’ai lu»."""
    act(lambda: commands.mark_read(actor(), notice_id, now=now()))
    return back_or("notices.index")


def _zone_of(notice: Notice) -> str:
    return notice.site.time_zone if notice.site else actor().time_zone
