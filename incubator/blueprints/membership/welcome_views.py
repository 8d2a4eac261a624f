"""The welcome of newcomers: one's own, everybody's at a site, and the checklist behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.membership import words
from incubator.blueprints.membership.manager_forms import ItemForm
from incubator.blueprints.membership.review_views import cursor_of, own_site
from incubator.blueprints.membership.routes import pages
from incubator.domain.membership import welcome, welcome_checklist
from incubator.domain.membership import welcome_policy as policy
from incubator.domain.membership import welcome_queries as queries
from incubator.edge.access import managers, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import act, attempt
from incubator.edge.pages import back_or, redirect_to, render, toast
from incubator.network.accounts.queries import managers_by_site
from incubator.network.members import directory
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.membership.welcome_models import Welcome
    from incubator.domain.membership.welcome_queries import Progress
    from incubator.network.members.actor import Actor

ITEM = "/arrivees/accueil/ligne/<int:item_id>"
ITEM_EN = "/arrivals/welcome/line/<int:item_id>"
SUGGESTED = 40


def shown(reader: Actor, found: Welcome) -> dict[str, Any]:
    """What a template needs to draw a checklist for a reader."""
    this_day = today(found.site.time_zone)
    return {
        "welcome": found,
        "progress": queries.of_tasks(found.tasks, this_day),
        "this_day": this_day,
        "kinds": words.TASK_KINDS,
        "mine": {task.id for task in found.tasks if policy.may_tick(reader, found, task)},
    }


@pages.get("/accueil", en="/welcome", may=signed_in)
def my_welcome() -> ResponseReturnValue:
    """The reader's own welcome."""
    found = queries.ongoing_of(actor().id)
    if found is None:
        return render("membership/no_welcome.html")
    return render("membership/welcome.html", **shown(actor(), found))


@pages.get("/accueil/<int:welcome_id>", en="/welcome/<int:welcome_id>", may=signed_in)
def one_welcome(welcome_id: int) -> ResponseReturnValue:
    """The welcome of a newcomer."""
    found = queries.visible_to(actor(), welcome_id)
    return render("membership/welcome.html", **shown(actor(), found))


@pages.post("/accueil/tache/<int:task_id>", en="/welcome/task/<int:task_id>", may=signed_in)
def tick(task_id: int) -> ResponseReturnValue:
    """A task is done, or after all not."""
    done = request.form.get("done") != "no"
    act(lambda: welcome.tick(actor(), task_id, done=done, now=now()))
    toast(_("Done, thank you!") if done else _("Back on the list."))
    return back_or("membership.my_welcome")


@pages.get("/arrivees/<slug>/accueil", en="/arrivals/<slug>/welcome", may=managers)
def board(slug: str) -> ResponseReturnValue:
    """Everybody who is being welcomed at a site, or was."""
    site = own_site(slug)
    ended = request.args.get("view") == "ended"
    page = queries.listed(site.id, cursor_of(), ended=ended)
    progress: dict[int, Progress] = queries.progress_of(
        [row.id for row in page.rows], today(site.time_zone)
    )
    return render(
        "membership/board.html",
        site=site,
        ended=ended,
        page=page,
        progress=progress,
        nothing=queries.NONE,
        has_list=bool(welcome_checklist.items_of(site.id)),
    )


@pages.get("/arrivees/<slug>/accueil/liste", en="/arrivals/<slug>/welcome/list", may=managers)
def checklist(slug: str) -> ResponseReturnValue:
    """The checklist of a site."""
    site = own_site(slug)
    return render(
        "membership/checklist.html",
        site=site,
        items=welcome_checklist.items_of(site.id),
        kinds=words.TASK_KINDS,
        owners=words.OWNERS,
    )


@pages.post("/arrivees/<slug>/accueil/usuelle", en="/arrivals/<slug>/welcome/usual", may=managers)
def use_usual_list(slug: str) -> ResponseReturnValue:
    """Begin with the usual list."""
    site_id = own_site(slug).id
    act(lambda: welcome_checklist.use_usual_list(actor(), site_id))
    toast(_("Here is a list to begin with: make it yours."))
    return redirect_to("membership.checklist", slug=slug)


@pages.form("/arrivees/<slug>/accueil/ligne", en="/arrivals/<slug>/welcome/line", may=managers)
def new_item(slug: str) -> ResponseReturnValue:
    """One more line."""
    site_id = own_site(slug).id
    form = ItemForm()
    if attempt(form, lambda: welcome_checklist.add(actor(), site_id, typed=form.typed())):
        toast(_("The line is on the list."))
        return redirect_to("membership.checklist", slug=slug)
    return _item_page(form, slug, item_id=None)


@pages.form(ITEM, en=ITEM_EN, may=managers)
def edit_item(item_id: int) -> ResponseReturnValue:
    """Another wording of a line."""
    found = welcome_checklist.item_for(actor(), item_id)
    slug = _slug(found.site_id)
    form = ItemForm(found)
    if attempt(form, lambda: welcome_checklist.edit(actor(), item_id, typed=form.typed())):
        toast(_("The line is changed, for those who arrive from now on."))
        return redirect_to("membership.checklist", slug=slug)
    return _item_page(form, slug, item_id=item_id)


def _item_page(form: ItemForm, slug: str, *, item_id: int | None) -> ResponseReturnValue:
    site = own_site(slug)
    people = [member.name for member in managers_by_site().get(site.id, [])]
    people += [card.name for card in directory.newest(SUGGESTED, site_id=site.id)]
    return form.page(
        "membership/item.html", site=site, item_id=item_id, people=list(dict.fromkeys(people))
    )


@pages.post(f"{ITEM}/retirer", en=f"{ITEM_EN}/remove", may=managers)
def remove_item(item_id: int) -> ResponseReturnValue:
    """Take a line away."""
    slug = _slug(welcome_checklist.item_for(actor(), item_id).site_id)
    act(lambda: welcome_checklist.remove(actor(), item_id))
    toast(_("The line is gone."))
    return redirect_to("membership.checklist", slug=slug)


@pages.post(f"{ITEM}/rang", en=f"{ITEM_EN}/place", may=managers)
def move_item(item_id: int) -> ResponseReturnValue:
    """Move a line."""
    slug = _slug(welcome_checklist.item_for(actor(), item_id).site_id)
    up = request.form.get("way") == "up"
    act(lambda: welcome_checklist.move(actor(), item_id, up=up))
    return redirect_to("membership.checklist", slug=slug)


def _slug(site_id: int) -> str:
    place = sites.place_of(site_id)
    return place.slug if place else ""
