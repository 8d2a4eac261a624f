"""Suggestions while typing, and terms that members propose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.skills.forms import ProposeForm
from incubator.blueprints.skills.routes import pages
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import attempt
from incubator.edge.locale import language
from incubator.edge.pages import redirect_to, render, toast
from incubator.network.members import proposals
from incubator.network.members.suggesting import suggested
from incubator.network.members.vocabulary import vocabulary

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@pages.get("/competences/suggestions", en="/skills/suggestions", may=members)
def suggestions() -> ResponseReturnValue:
    """The terms that what was typed so far may mean: a piece of a page, for a list of choices."""
    typed = request.args.get("q", "")[:80]
    return render("skills/_suggestions.html", terms=suggested(typed, language()), typed=typed)


@pages.form("/competences/proposer", en="/skills/propose", may=members)
def propose() -> ResponseReturnValue:
    """Propose a skill that the vocabulary lacks."""
    reader = actor()
    form = ProposeForm(data={"name": request.args.get("name", "")[:80]})
    made = attempt(form, lambda: proposals.propose(reader, name=form.name.data or "", now=now()))
    if made is None:
        terms = vocabulary(language()).terms
        return form.page("skills/propose.html", own=proposals.own(reader), terms=terms)
    toast(_("Thank you: an administrator will read your proposal."))
    return redirect_to("skills.propose")
