"""One's own hours: the month, declaring, one line, what waits for one's word."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flask import redirect, request
from flask_babel import gettext as _

from incubator.blueprints.commitments import (
    export,
    month_page,
    people,
    presence_views,
    sharing,
    slot_words,
    words,
)
from incubator.blueprints.commitments.forms import DeclareForm, RefuseForm
from incubator.blueprints.commitments.looking import noted_shared
from incubator.blueprints.commitments.routes import pages
from incubator.domain.commitments import commands, policy, queries, rules, slot_queries
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import act, attempt
from incubator.edge.pages import back_or, own_path, redirect_to, render, toast
from incubator.kernel.hours import format_minutes
from incubator.kernel.keyset import Cursor
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from incubator.blueprints.commitments.sharing import Thread
    from incubator.domain.commitments.models import Contribution
    from incubator.network.members.actor import Actor
    from incubator.network.sites.queries import Place

__all__ = ["pages"]
PAGE_SIZE = 30
LONGEST = 120
FEW = 3


@pages.get("/heures", en="/hours", may=members)
def index() -> ResponseReturnValue:
    """My period: the ring, the lines, the year."""
    reader = actor()
    to_confirm = queries.waiting_for(reader, Cursor(size=FEW))
    noted_shared(reader, to_confirm.rows, site_id=None)
    return render(
        "commitments/index.html",
        waiting=to_confirm,
        own_sites=managed_sites(),
        duties=slot_queries.duties_of(reader.id, since=now(), most=FEW),
        signup_words=slot_words.SIGNUPS,
        presence=presence_views.own(reader),
        **month_page.values(reader, asked_day(today(reader.time_zone))),
        **shared_words(),
    )


def asked_day(this_day: date) -> date:
    """A day of the period that the address names, else today; the future ends next month."""
    asked = request.args.get("day") or f"{request.args.get('month', '')}-01"
    try:
        return min(date.fromisoformat(asked), rules.month_of(this_day).ends_on)
    except ValueError:
        return this_day


def managed_sites() -> list[Any]:
    """The sites whose list the reader may open."""
    reader = actor()
    if not reader.is_manager:
        return []
    return [site for site in sites.open_sites() if policy.may_run_site(reader, site.id)]


def shared_words() -> dict[str, Any]:
    """Words that most pages of hours use."""
    return {"states": words.STATES, "kind_icons": words.KIND_ICONS}


@pages.form("/heures/declarer", en="/hours/declare", may=members)
def declare() -> ResponseReturnValue:
    """Say what one gave, and who can confirm it; from a help thread, most is filled in."""
    reader = actor()
    this_day = today(reader.time_zone)
    thread, places = sharing.thread_asked(), sites.open_places()
    form = DeclareForm(day=this_day, **_proposed(thread))
    kinds = queries.kinds()
    form.offer(kinds, places)
    made = attempt(form, lambda: _share(form, places, thread))
    if made is None:
        return form.page(
            "commitments/declare.html",
            kinds={kind.code: kind for kind in kinds},
            needs=words.NEEDS,
            names=people.suggested(reader, this_day),
            today=this_day,
            thread=thread,
            **shared_words(),
        )
    toast(_("%(hours)s declared. Thank you!", hours=format_minutes(made.minutes)))
    return redirect_to("commitments.index", month=f"{made.day:%Y-%m}")


def _proposed(thread: Thread | None) -> dict[str, Any]:
    """What the form says before anybody types: whom one helped, and in which thread."""
    if thread is None:
        asked = request.args
        return {
            "with_name": asked.get("with", "")[:LONGEST],
            "note": asked.get("about", "")[:LONGEST],
        }
    return {
        "kind": "help_thread",
        "with_name": thread.asker,
        "thread": str(thread.id),
        "note": thread.title,
    }


def _share(form: DeclareForm, places: Sequence[Place], thread: Thread | None) -> Contribution:
    reader = actor()
    day = form.day.data or today(reader.time_zone)
    given = sharing.meant(form, reader, places, thread=thread, day=day)
    return commands.share(reader, given, once=form.once.data, now=now())


@pages.get("/heures/a-confirmer", en="/hours/to-confirm", may=members)
def waiting() -> ResponseReturnValue:
    """Hours that wait for my word."""
    cursor = Cursor(request.args.get("after"), request.args.get("before"), PAGE_SIZE)
    page = queries.waiting_for(actor(), cursor)
    noted_shared(actor(), page.rows, site_id=None)
    return render(
        "commitments/waiting.html",
        page=page,
        own_sites=managed_sites(),
        **shared_words(),
    )


@pages.get("/heures/<int:contribution_id>", en="/hours/<int:contribution_id>", may=members)
def show(contribution_id: int) -> ResponseReturnValue:
    """One line: the fact, who confirmed it, the rule and the ledger."""
    reader = actor()
    line = queries.visible_to(reader, contribution_id)
    noted_shared(reader, [line], site_id=line.home_site_id)
    proof, rule = queries.proof_of(line)
    return render(
        "commitments/show.html",
        line=line,
        proof=proof,
        rule=rule,
        line_words=words.LINES,
        needs=words.NEEDS,
        less=words.less_counts(line) if line.state in words.CONFIRMED else "",
        span=words.span_of(line, sites.place_of(line.site_id)),
        place=sites.place_of(line.site_id),
        thread=sharing.thread_with(line.thread_id),
        others=_others(reader, line),
        flags=words.flags_of(line) if policy.may_see_flags(reader, line) else [],
        may_decide=line.state in queries.TO_DECIDE and policy.may_decide(reader, line),
        may_take=policy.may_take_offer(reader, line),
        may_withdraw=policy.may_withdraw(reader, line),
        may_appeal=policy.may_appeal(reader, line),
        **shared_words(),
    )


def _others(reader: Actor, line: Contribution) -> int:
    """Minutes that others say they gave in the same thread, for the person helped to know."""
    if line.thread_id is None or reader.id == line.giver_id:
        return 0
    told = queries.of_thread(reader, line.thread_id)
    kept = [one for one in told if one.id != line.id and one.state != "refused"]
    return sum(one.minutes for one in kept)


@pages.post(
    "/heures/<int:contribution_id>/confirmer",
    en="/hours/<int:contribution_id>/confirm",
    may=members,
)
def confirm(contribution_id: int) -> ResponseReturnValue:
    """One tap: these hours were given."""
    reader = actor()
    made = act(lambda: commands.confirm(reader, contribution_id, now=now()))
    toast(_("%(hours)s confirmed. Thank you!", hours=format_minutes(made.minutes)))
    return back_or("commitments.waiting")


@pages.post(
    "/heures/<int:contribution_id>/accepter",
    en="/hours/<int:contribution_id>/accept",
    may=members,
)
def take_offer(contribution_id: int) -> ResponseReturnValue:
    """One tap: the hours that the person helped offers me."""
    reader = actor()
    made = act(lambda: commands.take_offer(reader, contribution_id, now=now()))
    toast(_("%(hours)s counted. Thank you both!", hours=format_minutes(made.minutes)))
    return back_or("commitments.waiting")


@pages.form(
    "/heures/<int:contribution_id>/refuser", en="/hours/<int:contribution_id>/refuse", may=members
)
def refuse(contribution_id: int) -> ResponseReturnValue:
    """These hours cannot be confirmed, and why."""
    reader = actor()
    form = RefuseForm()
    made = attempt(
        form,
        lambda: commands.refuse(reader, contribution_id, reason=form.reason.data or "", now=now()),
    )
    if made is None:
        line = queries.visible_to(reader, contribution_id)
        noted_shared(reader, [line], site_id=line.home_site_id)
        return form.page("commitments/refuse.html", line=line, **shared_words())
    line = queries.visible_to(reader, contribution_id)
    toast(_("Refused. %(name)s reads your reason.", name=line.giver.name))
    helped = line.helped_id == reader.id
    return redirect_to("commitments.waiting" if helped else "commitments.site_desk")


@pages.post(
    "/heures/<int:contribution_id>/retirer",
    en="/hours/<int:contribution_id>/withdraw",
    may=members,
)
def withdraw(contribution_id: int) -> ResponseReturnValue:
    """Take my own hours back."""
    reader = actor()
    made = act(lambda: commands.withdraw(reader, contribution_id, now=now()))
    toast(_("%(hours)s taken back.", hours=format_minutes(made.minutes)))
    there = own_path(request.form.get("back", ""))
    month = f"{made.day:%Y-%m}"
    return redirect(there, 303) if there else redirect_to("commitments.index", month=month)


@pages.get("/heures/export.csv", en="/hours/export.csv", may=members)
def export_csv() -> ResponseReturnValue:
    """My lines of a year as a table for a spreadsheet."""
    reader = actor()
    span = rules.year_of(asked_day(today(reader.time_zone)))
    lines = queries.lines_of(reader.id, span, most=queries.MOST_EXPORTED)
    return export.answer(lines, year=span.starts_on.year)
