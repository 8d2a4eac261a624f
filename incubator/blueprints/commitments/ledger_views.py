"""A line of the ledger opened, who looked at one's hours, and another look at what was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.commitments import due_words, presence_words, words
from incubator.blueprints.commitments.forms import RefuseForm
from incubator.blueprints.commitments.looking import noted
from incubator.blueprints.commitments.routes import pages
from incubator.blueprints.commitments.views import PAGE_SIZE, shared_words
from incubator.domain.commitments import commands, journal, journal_rules, looks, policy, queries
from incubator.domain.commitments.periods import rule_of
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import attempt
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import NotAllowed
from incubator.kernel.keyset import Cursor
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.journal import Opened


@pages.get("/heures/registre/<int:line_id>", en="/hours/ledger/<int:line_id>", may=members)
def line(line_id: int) -> ResponseReturnValue:
    """One line: the fact behind it, the rule, who confirmed, every change."""
    reader = actor()
    found = journal.opened(reader, line_id)
    noted(reader, [found.line.member_id], page="line", site_id=found.home_site_id)
    return render("commitments/line.html", **_shown(found))


def _shown(found: Opened) -> dict[str, Any]:
    whole = journal_rules.entries(found.story)[0]
    place = sites.place_of(found.line.site_id)
    return {
        "found": found,
        "line": found.line,
        "title": words.entry_title(whole, place.name if place else "")[0],
        "minutes": whole.minutes,
        "due": _due(found),
        "rule": rule_of(found.period),
        "line_words": words.LINES,
        "changed": words.CHANGES,
        "session_states": presence_words.STATES,
        "span_of": presence_words.span_of,
        "why_of": presence_words.why,
        "sources": presence_words.SOURCES,
        "ends": presence_words.ENDS,
        "moment_in": words.moment_in,
        **shared_words(),
    }


def _due(found: Opened) -> dict[str, Any] | None:
    """The reckoning behind a line of what is owed, and those that it took the place of."""
    if found.line.kind != "DUE" or found.line.member_id is None:
        return None
    made = journal.obligations_of(found.line.member_id, found.period.id)
    if not made:
        return None
    return {"told": due_words.explained(made[0]), "made_at": made[0].made_at, "before": made[1:]}


@pages.get("/heures/regards", en="/hours/looks", may=members)
def looked() -> ResponseReturnValue:
    """Who looked at my hours."""
    cursor = Cursor(request.args.get("after"), request.args.get("before"), PAGE_SIZE)
    return render(
        "commitments/looked.html",
        page=looks.looks_at(actor().id, cursor),
        pages_seen=words.LOOKED_AT,
    )


@pages.form(
    "/heures/<int:contribution_id>/recours", en="/hours/<int:contribution_id>/appeal", may=members
)
def appeal(contribution_id: int) -> ResponseReturnValue:
    """These hours were refused: another manager looks again."""
    reader = actor()
    if not policy.may_appeal(reader, queries.visible_to(reader, contribution_id)):
        raise NotAllowed("commitments.nothing_to_appeal")
    form = RefuseForm()
    made = attempt(
        form,
        lambda: commands.appeal(reader, contribution_id, words=form.reason.data or "", now=now()),
    )
    if made is None:
        fact = queries.visible_to(reader, contribution_id)
        return form.page("commitments/appeal.html", line=fact, **shared_words())
    toast(_("Asked. A manager who did not refuse them looks again."))
    return redirect_to("commitments.show", contribution_id=contribution_id)
