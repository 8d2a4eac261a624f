"""The desk of managers: drafts, what is struck or kept, own words, leaving now or never."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.newsletter.forms import EditionForm, as_kept, as_typed
from incubator.blueprints.newsletter.views import pages
from incubator.blueprints.newsletter.words import STATES
from incubator.domain.newsletter import commands, policy, queries
from incubator.domain.newsletter.rules import days_of
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.as_mail import as_mail
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.network.accounts.queries import sites_of
from incubator.network.sites.queries import place_of
from incubator.reactions.mail.deliver import post_office
from incubator.reactions.mail.newsletter import values_of
from incubator.reactions.newsletter.composing import neighbour
from incubator.reactions.newsletter.reading import sections, told_to

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.newsletter.models import Edition
    from incubator.reactions.newsletter.reading import Told

DESK, DESK_EN = "/la-semaine/atelier", "/the-week/desk"
ONE = "<int:edition_id>"


@pages.get(DESK, en=DESK_EN, may=managers)
def desk() -> ResponseReturnValue:
    """The letters of the reader's sites, and whether each leaves by itself."""
    reader = actor()
    sites = [site for site in sites_of(reader) if site.closed_on is None]
    return render(
        "newsletter/desk.html",
        editions=queries.desk(reader),
        sites=sites,
        by_itself=queries.by_itself([site.id for site in sites]),
        states=STATES,
        days_of=days_of,
    )


@pages.post(f"{DESK}/habitude/<int:site_id>", en=f"{DESK_EN}/habit/<int:site_id>", may=managers)
def habit(site_id: int) -> ResponseReturnValue:
    """Let the letters of a site leave by themselves, or no longer."""
    yes = request.form.get("by_itself") == "1"
    act(lambda: commands.choose(actor(), site_id, by_itself=yes))
    if yes:
        toast(_("Noted: letters of this site leave by themselves."))
    else:
        toast(_("Noted: no letter of this site leaves unless somebody sends it."))
    return redirect_to("newsletter.desk")


@pages.form(f"{DESK}/{ONE}", en=f"{DESK_EN}/{ONE}", may=managers)
def edit(edition_id: int) -> ResponseReturnValue:
    """Change a draft; one that was decided is only looked at."""
    reader = actor()
    edition = _mine(edition_id)
    if edition.state != "draft":
        return redirect_to("newsletter.preview", edition_id=edition_id)
    form = EditionForm(title=edition.title, words=edition.words_md, revision=edition.revision)
    changes = as_kept(edition.items)
    if form.is_submitted():
        changes |= as_typed(edition.items, request.form)
    saved = attempt(
        form,
        lambda: commands.edit(
            reader,
            edition_id,
            title=form.title.data or "",
            words=form.words.data or "",
            changes=changes,
            revision=form.revision.data or 0,
        ),
    )
    if saved is None:
        return form.page(
            "newsletter/edit.html",
            edition=edition,
            told=_as_members(edition, struck=True),
            changes=changes,
            **_around(edition),
        )
    toast(_("The letter is saved."))
    further = "newsletter.preview" if request.form.get("step") == "preview" else "newsletter.edit"
    return redirect_to(further, edition_id=edition_id)


@pages.get(f"{DESK}/{ONE}/apercu", en=f"{DESK_EN}/{ONE}/preview", may=managers)
def preview(edition_id: int) -> ResponseReturnValue:
    """A letter as a page and as mail, as any member of the site will read it."""
    edition = _mine(edition_id)
    return render(
        "newsletter/preview.html",
        edition=edition,
        sections=sections(_as_members(edition)),
        mail=_drawn(edition)[0],
        states=STATES,
        **_around(edition),
    )


@pages.get(f"{DESK}/{ONE}/apercu/mail", en=f"{DESK_EN}/{ONE}/preview/mail", may=managers)
def preview_mail(edition_id: int) -> ResponseReturnValue:
    """The mail as its readers will see it; raise NotFound for one that says nothing."""
    plain, rich = _drawn(_mine(edition_id))
    if not plain:
        raise NotFound("newsletter.edition")
    return as_mail(rich)


@pages.post(f"{DESK}/{ONE}/envoyer", en=f"{DESK_EN}/{ONE}/send", may=managers)
def send(edition_id: int) -> ResponseReturnValue:
    """Send a letter now."""
    left = act(lambda: commands.send(actor(), edition_id, now=now()))
    toast(_("The letter is on its way.") if left else _("This letter had already left."))
    return redirect_to("newsletter.preview", edition_id=edition_id)


@pages.post(f"{DESK}/{ONE}/passer", en=f"{DESK_EN}/{ONE}/skip", may=managers)
def skip(edition_id: int) -> ResponseReturnValue:
    """Write no letter this week."""
    act(lambda: commands.skip(actor(), edition_id, now=now()))
    toast(_("No letter this week."))
    return redirect_to("newsletter.desk")


@pages.post(f"{DESK}/{ONE}/retenir", en=f"{DESK_EN}/{ONE}/hold", may=managers)
def hold(edition_id: int) -> ResponseReturnValue:
    """Keep a draft from leaving by itself, or let it."""
    held = request.form.get("held") == "1"
    act(lambda: commands.hold(actor(), edition_id, held=held))
    toast(_("The letter stays until you send it.") if held else _("The letter leaves at its hour."))
    return redirect_to("newsletter.preview", edition_id=edition_id)


def _mine(edition_id: int) -> Edition:
    reader = actor()
    edition = queries.visible_to(reader, edition_id)
    if not policy.may_edit(reader, edition.site_id):
        raise NotAllowed("newsletter.edit")
    return edition


def _drawn(edition: Edition) -> tuple[str, str]:
    """The mail as text and as HTML, in the reader's language; empty when it would say nothing."""
    try:
        values = values_of(edition, now())
    except Refusal:
        return "", ""
    office, language = post_office(), actor().language
    payload = {"kind": "weekly", "language": language, "values": values}
    return office.draw("weekly", language, office.values_of(payload))


def _as_members(edition: Edition, *, struck: bool = False) -> list[Told]:
    """The items as any member of the site sees them, whoever edits."""
    place = place_of(edition.site_id)
    return told_to(neighbour(place), edition, now=now(), struck=struck) if place else []


def _around(edition: Edition) -> dict[str, object]:
    """When it leaves, and what it tells of."""
    site_id, zone = edition.site_id, edition.site.time_zone
    return {
        "leaves": queries.by_itself([site_id])[site_id] and not edition.held,
        "days": days_of(edition.since_at, edition.until_at, zone),
    }
