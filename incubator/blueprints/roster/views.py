"""The manager's list, its file, a message to all of it, and many invitations at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import ngettext

from incubator.blueprints.roster import export
from incubator.blueprints.roster.choices import as_address, asked
from incubator.blueprints.roster.forms import InviteManyForm, MessageForm
from incubator.blueprints.roster.words import FAULTS, STATES, UNSEEN
from incubator.domain.mailings import commands, rules
from incubator.domain.mailings import queries as mailings
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import Pages, redirect_to, render, toast
from incubator.edge.spreadsheets import KINDS
from incubator.kernel.errors import Refusal
from incubator.kernel.keyset import Cursor
from incubator.kernel.text import markdown_to_html
from incubator.network.accounts import bulk
from incubator.network.accounts.queries import sites_of
from incubator.reactions.roster import queries

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.mailings.models import Mailing
    from incubator.reactions.roster.queries import Which

pages = Pages("roster", __name__)
NAMED = 12


@pages.get("/reseau/suivi", en="/network/roster", may=managers)
def index() -> ResponseReturnValue:
    """The members whom the reader looks after."""
    reader, places = actor(), sites_of(actor())
    which = asked(places)
    cursor = Cursor(request.args.get("after"), request.args.get("before"), queries.PAGE_SIZE)
    return render(
        "roster/index.html",
        page=queries.page_of(reader, which, cursor, now=now()),
        which=which,
        chosen=as_address(which, places),
        places=places,
        names={place.id: place.name for place in places},
        states=STATES,
        unseen=UNSEEN,
        kinds=KINDS,
    )


@pages.get("/reseau/suivi/fichier", en="/network/roster/file", may=managers)
def download() -> ResponseReturnValue:
    """The same list as a file."""
    reader, places = actor(), sites_of(actor())
    rows = queries.everybody(reader, asked(places), now=now())
    names = {place.id: place.name for place in places}
    act(lambda: commands.note_export(reader, how_many=len(rows)))
    return export.answer(rows, names, kind=request.args.get("kind", ""))


@pages.form("/reseau/suivi/ecrire", en="/network/roster/write", may=managers)
def write() -> ResponseReturnValue:
    """A message to everybody of the list, shown before it is sent."""
    reader, places = actor(), sites_of(actor())
    which = asked(places)
    ids = queries.ids_of(reader, which, now=now())
    form = MessageForm(seen=len(ids))
    if request.form.get("step") == "send":
        sent = attempt(form, lambda: _send(form, which, ids))
        if sent is not None:
            many = sent.how_many
            toast(
                ngettext(
                    "The message is on its way to %(num)s person.",
                    "The message is on its way to %(num)s people.",
                    many,
                )
            )
            return redirect_to("roster.sent")
    sample = queries.page_of(reader, which, Cursor(size=NAMED), now=now()).rows
    return form.page(
        "roster/write.html",
        chosen=as_address(which, places),
        how_many=len(ids),
        sample=[row.member.name for row in sample],
        preview=_preview(form) if form.is_submitted() else None,
    )


def _send(form: MessageForm, which: Which, ids: list[int]) -> Mailing:
    form.check_seen(len(ids))
    return commands.send(
        actor(),
        member_ids=ids,
        subject=form.subject.data or "",
        body=form.body.data or "",
        site_id=which.site_id,
        once=form.once.data or "",
        now=now(),
    )


def _preview(form: MessageForm) -> dict[str, str] | None:
    """The message as it will be read; what is wrong with it stands in the form."""
    try:
        subject = rules.clean_subject(form.subject.data or "")
        body = rules.clean(form.body.data or "", "body", rules.BODY_MOST)
    except Refusal as refusal:
        if not form.errors:
            form.refuse(refusal)
        return None
    return {"subject": subject, "html": markdown_to_html(body)}


@pages.get("/reseau/suivi/envois", en="/network/roster/sent", may=managers)
def sent() -> ResponseReturnValue:
    """What the reader wrote to many."""
    cursor = Cursor(request.args.get("after"), request.args.get("before"), queries.PAGE_SIZE)
    return render("roster/sent.html", page=mailings.sent_by(actor(), cursor))


@pages.form("/reseau/invitations/plusieurs", en="/network/invitations/several", may=managers)
def invite() -> ResponseReturnValue:
    """Many invitations at once, shown line by line before they leave."""
    form = InviteManyForm(data={"language": actor().language})
    form.offer(sites_of(actor()))
    if request.form.get("step") == "send":
        how_many = attempt(form, lambda: _invite_all(form))
        if how_many is not None:
            toast(
                ngettext(
                    "%(num)s invitation is on its way.",
                    "%(num)s invitations are on their way.",
                    how_many,
                )
            )
            return redirect_to("admin.invitations")
    lines = _examined(form) if form.is_submitted() else []
    return form.page("roster/invite.html", lines=lines, faults=FAULTS)


def _invite_all(form: InviteManyForm) -> int:
    return bulk.invite_all(
        actor(),
        text=form.addresses.data or "",
        role=form.role.data,
        site_id=form.site_id.data,
        language=form.language.data,
        once=form.once.data or "",
        now=now(),
    )


def _examined(form: InviteManyForm) -> list[bulk.Line]:
    try:
        return bulk.examined(bulk.read_lines(form.addresses.data or ""), now=now())
    except Refusal as refusal:
        if not form.errors:
            form.refuse(refusal)
        return []
