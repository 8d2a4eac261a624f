"""A member's own data: taken along, or forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import send_file
from flask_babel import gettext as _

from incubator.blueprints.membership.data_zip import zipped
from incubator.blueprints.membership.life_forms import EraseForm
from incubator.blueprints.membership.routes import pages
from incubator.domain.membership import erasures, life_queries
from incubator.domain.membership import life_policy as policy
from incubator.domain.membership.life_rows import person_of
from incubator.edge.access import managers, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, render, toast
from incubator.edge.state import settings, state

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@pages.get("/moi/reglages/donnees", en="/me/settings/data", may=signed_in)
def data() -> ResponseReturnValue:
    """What is kept about the reader, how to take it along and how to be forgotten."""
    return render(
        "membership/life/data.html",
        erasure=life_queries.erasure_of(actor().id),
    )


pages.moved("/moi/donnees", en="/me/data", to="membership.data", may=signed_in)


@pages.post("/moi/reglages/donnees/copie", en="/me/settings/data/copy", may=signed_in)
def take_data() -> ResponseReturnValue:
    """Everything that is kept about the reader, as one file."""
    act(lambda: erasures.take_data(actor(), now=now()))
    about = _(
        "What %(name)s gave to the network and what it keeps, on %(day)s. Each file holds the rows"
        " of one kind.",
        name=actor().name,
        day=f"{now():%Y-%m-%d}",
    )
    folder = settings().instance_dir
    packed = zipped(state().keepers, actor().id, about + "\n", folder=folder)
    answer = send_file(
        packed.file,
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{actor().slug}-{now():%Y-%m-%d}.zip",
    )
    answer.content_length = packed.size
    return answer


@pages.post("/moi/reglages/donnees/effacer", en="/me/settings/data/erase", may=signed_in)
def ask_erasure() -> ResponseReturnValue:
    """Ask to be forgotten."""
    act(lambda: erasures.ask_erasure(actor(), now=now()))
    toast(_("Your request is sent. Somebody who runs your site will answer it."))
    return redirect_to("membership.data")


@pages.post("/moi/reglages/donnees/garder", en="/me/settings/data/keep", may=signed_in)
def withdraw_erasure() -> ResponseReturnValue:
    """No longer ask to be forgotten."""
    act(lambda: erasures.withdraw_erasure(actor(), now=now()))
    toast(_("Your request is withdrawn. Nothing changes."))
    return redirect_to("membership.data")


@pages.form(
    "/parcours/effacements/<int:erasure_id>",
    en="/membership/erasures/<int:erasure_id>",
    may=managers,
)
def erase(erasure_id: int) -> ResponseReturnValue:
    """Handle a request to be forgotten."""
    form = EraseForm()
    if attempt(form, lambda: _erase(form, erasure_id)):
        toast(_("It is done: nobody can tell any more who this was."))
        return redirect_to("membership.waiting")
    return form.page("membership/life/erase.html", **_shown(erasure_id))


def _erase(form: EraseForm, erasure_id: int) -> bool:
    erasures.erase(
        actor(),
        erasure_id,
        typed=form.typed.data or "",
        forget=[keeper.forget for keeper in state().keepers],
        now=now(),
    )
    return True


def _shown(erasure_id: int) -> dict[str, Any]:
    erasure = life_queries.erasure_for(actor(), erasure_id)
    person = person_of(erasure.member_id)
    return {"erasure": erasure, "handles": policy.may_erase(actor(), erasure, person)}
