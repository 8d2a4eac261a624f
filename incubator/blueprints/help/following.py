"""Following and keeping: what to hear of, what to read again, and links in letters that end it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request
from flask_babel import gettext as _

from incubator.blueprints.help.pages import ID, pages
from incubator.domain.help import bumps, feeds, follows, queries
from incubator.domain.help.opened import opened
from incubator.domain.help.stop_links import KINDS, Stop, stop_of
from incubator.edge.access import anybody, members, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import Form, act, attempt
from incubator.edge.pages import back_or, render, toast, url
from incubator.edge.state import settings
from incubator.network.letters import wishes

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.help.opened import Opened


def open_thread(question_id: int) -> Opened:
    """A thread for the reader, who opens it: its news are seen, no letter need tell them.

    Raise NotFound ``help.question``.
    """
    reader = actor()
    thread = opened(reader, question_id)
    ahead = request.headers.get("Sec-Purpose", "").startswith("prefetch")
    if not thread.kept.unread or request.method != "GET" or ahead:
        return thread
    act(lambda: bumps.read(reader.id, question_id, now=now()))
    # What was loaded before a command is gone with its transaction.
    return opened(reader, question_id)


def _back(id: int) -> ResponseReturnValue:
    return redirect(url("help.by_id", id=id), 303)


@pages.post(f"/entraide/{ID}/suivre", en=f"/help/{ID}/follow", may=members)
def follow(id: int) -> ResponseReturnValue:
    """Tell me what comes in this thread."""
    act(lambda: follows.follow(actor(), id, now=now()))
    toast(_("You follow this thread: what comes is told to you once, by mail too."))
    return _back(id)


@pages.post(f"/entraide/{ID}/ne-plus-suivre", en=f"/help/{ID}/unfollow", may=members)
def unfollow(id: int) -> ResponseReturnValue:
    """Tell me no more."""
    queries.visible_to(actor(), id)
    act(lambda: follows.unfollow(actor().id, id, now=now()))
    toast(_("You no longer follow this thread."))
    return _back(id)


@pages.post(f"/entraide/{ID}/garder", en=f"/help/{ID}/keep", may=members)
def save(id: int) -> ResponseReturnValue:
    """Keep this thread to read it again."""
    act(lambda: follows.save(actor(), id, now=now()))
    toast(_("Kept: you find it again among your kept threads."))
    return _back(id)


@pages.post(f"/entraide/{ID}/ne-plus-garder", en=f"/help/{ID}/drop", may=members)
def unsave(id: int) -> ResponseReturnValue:
    """Keep it no longer."""
    act(lambda: follows.unsave(actor(), id))
    toast(_("No longer kept."))
    return _back(id)


@pages.post(f"/entraide/competences/{ID}/suivre", en=f"/help/skills/{ID}/follow", may=members)
def follow_skill(id: int) -> ResponseReturnValue:
    """Tell me of new questions that ask for this skill."""
    act(lambda: follows.follow_skill(actor(), id, now=now()))
    toast(_("You will hear of each new question that asks for this skill."))
    return back_or("help.index")


@pages.post(
    f"/entraide/competences/{ID}/ne-plus-suivre", en=f"/help/skills/{ID}/unfollow", may=members
)
def unfollow_skill(id: int) -> ResponseReturnValue:
    """Tell me no more of this skill."""
    act(lambda: follows.unfollow_skill(actor().id, id))
    toast(_("You no longer follow this skill."))
    return back_or("help.index")


@pages.post(f"/entraide/sites/{ID}/suivre", en=f"/help/sites/{ID}/follow", may=members)
def follow_site(id: int) -> ResponseReturnValue:
    """Tell me of new questions asked from this site."""
    act(lambda: follows.follow_site(actor(), id, now=now()))
    toast(_("You will hear of each new question asked from this site."))
    return back_or("help.index")


@pages.post(f"/entraide/sites/{ID}/ne-plus-suivre", en=f"/help/sites/{ID}/unfollow", may=members)
def unfollow_site(id: int) -> ResponseReturnValue:
    """Tell me no more of this site."""
    act(lambda: follows.unfollow_site(actor().id, id))
    toast(_("You no longer follow this site."))
    return back_or("help.index")


@pages.get("/entraide/suivis", en="/help/following", may=members)
def following() -> ResponseReturnValue:
    """What I follow, and my feeds."""
    reader = actor()
    mine = feeds.feeds_of(reader.id)
    return render(
        "help/following.html",
        skills=follows.skills_followed(reader.id),
        sites=follows.sites_followed(reader.id),
        feeds=mine,
        titles=feeds.titles_of(reader, mine),
    )


@pages.get("/entraide/lettres", en="/help/letters", may=signed_in)
def letters() -> ResponseReturnValue:
    """Where letters about threads were chosen, before all letters had one page."""
    return redirect(url("letters.mine"), 301)


@pages.form("/entraide/ne-plus-ecrire/<token>", en="/help/stop/<token>", may=anybody)
def stop(token: str) -> ResponseReturnValue:
    """End letters by the link that they hold: asked for here, since programs open links too."""
    what, form = stop_of(token, settings().secret_key), Form()
    done = attempt(form, lambda: _stop(what))
    if done is None:
        return form.page("help/stop.html", what=what, done=False)
    return render("help/stop.html", what=what, form=form, done=True)


def _stop(what: Stop) -> bool:
    if what.kind == "skill":
        follows.unfollow_skill(what.member_id, what.id)
    elif what.kind == "site":
        follows.unfollow_site(what.member_id, what.id)
    elif what.kind in KINDS:
        wishes.stop(what.member_id, KINDS[what.kind])
    else:
        follows.unfollow(what.member_id, what.id, now=now())
    return True
