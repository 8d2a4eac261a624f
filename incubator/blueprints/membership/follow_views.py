"""An applicant follows their application by the private link of a letter."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from flask import make_response
from flask_babel import gettext as _

from incubator.blueprints.membership.forms import LanguageForm, MessageForm, WithdrawForm
from incubator.blueprints.membership.routes import pages
from incubator.blueprints.membership.words import FOR_APPLICANT, answer_words, timeline
from incubator.domain.membership import applications, applications_links
from incubator.domain.membership import applications_queries as queries
from incubator.domain.membership.applications_rules import FINAL, MOVES
from incubator.edge.access import anybody
from incubator.edge.brakes import braked, here
from incubator.edge.clock import now
from incubator.edge.forms import attempt
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import NotFound
from incubator.network.accounts import rules as limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

GONE = 410


def private(view: Callable[[str], ResponseReturnValue]) -> Callable[[str], ResponseReturnValue]:
    """A page behind a secret link: kept by no browser, and one answer to any dead link."""

    @wraps(view)
    def shown(token: str) -> ResponseReturnValue:
        try:
            response = make_response(view(token))
        except NotFound:
            response = make_response(render("membership/link_over.html"), GONE)
        response.headers["Cache-Control"] = "no-store"
        return response

    return shown


@pages.form("/candidature/<token>", en="/application/<token>", may=anybody)
@private
def follow(token: str) -> ResponseReturnValue:
    """Where an application stands, what was said, and a word to the managers."""
    application = applications_links.follow(token, now=now())
    form = MessageForm()
    if form.validate_on_submit():
        counted = ((limits.APPLICANT_WRITES, str(application.id)), (limits.LINK_FROM, here()))
        slow = braked(form, "membership/follow.html", *counted, **_shown(token))
        if slow:
            return slow
        if attempt(form, lambda: _write(token, form)):
            toast(_("Your message is on its way."))
            return redirect_to("membership.follow", token=token)
    return form.page("membership/follow.html", **_shown(token))


def _shown(token: str) -> dict[str, Any]:
    application = applications_links.follow(token, now=now())
    return {
        "token": token,
        "application": application,
        "over": application.state in FINAL,
        "answers": queries.answers_of(application),
        "answer_words": answer_words,
        "may_withdraw": "withdrawn" in MOVES[application.state],
        "standing": FOR_APPLICANT[application.state],
        "conversation": queries.conversation_of(application, with_notes=False),
        "steps": timeline(queries.steps_of(application), for_applicant=True),
        "languages": LanguageForm(data={"language": application.language}),
    }


def _write(token: str, form: MessageForm) -> bool:
    applications.write(token, body=form.body.data or "", once=form.once.data or "", now=now())
    return True


@pages.form("/candidature/<token>/retirer", en="/application/<token>/withdraw", may=anybody)
@private
def withdraw(token: str) -> ResponseReturnValue:
    """Take an application back."""
    form = WithdrawForm()
    if attempt(form, lambda: _withdraw(token, form)) is None:
        application = applications_links.follow(token, now=now())
        return form.page("membership/withdraw.html", token=token, application=application)
    toast(_("Your application is withdrawn. You are welcome back whenever you like."))
    return redirect_to("membership.follow", token=token)


def _withdraw(token: str, form: WithdrawForm) -> bool:
    applications.withdraw(
        token, reason=form.reason.data or "", once=form.once.data or "", now=now()
    )
    return True


@pages.post("/candidature/<token>/langue", en="/application/<token>/language", may=anybody)
@private
def write_in(token: str) -> ResponseReturnValue:
    """Choose the language of the letters."""
    form = LanguageForm()
    if attempt(form, lambda: _write_in(token, form)):
        toast(_("We will write to you in this language."))
    return redirect_to("membership.follow", token=token)


def _write_in(token: str, form: LanguageForm) -> bool:
    applications.choose_language(token, language=form.language.data, now=now())
    return True
