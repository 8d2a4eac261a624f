"""Report a post, or hide it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect
from flask_babel import gettext as _

from incubator.blueprints.help.care.forms import HideForm
from incubator.blueprints.help.care.words import KINDS
from incubator.blueprints.help.forms import typed
from incubator.blueprints.help.pages import pages
from incubator.blueprints.help.views import thread_url
from incubator.domain.help.care import doors, hiding, policy, reporting
from incubator.edge.access import managers, members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import attempt
from incubator.edge.pages import redirect_to, toast
from incubator.edge.reporting import ReportForm
from incubator.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from typing import Any

    from flask.typing import ResponseReturnValue

    from incubator.domain.help.models import Question
    from incubator.domain.help.revisions import Post


@pages.form("/entraide/signaler/<post>", en="/help/report/<post>", may=members)
def report(post: str) -> ResponseReturnValue:
    """Tell the managers that a post is not as it should be."""
    question, about = doors.post_named(actor(), post)
    if not policy.may_report(actor(), about.author_id):
        raise NotAllowed("care.own_post")
    form, question_id = ReportForm(), question.id
    done = attempt(
        form,
        lambda: (
            reporting.report(
                actor(), post, reason=typed(form, "reason"), words=typed(form, "words"), now=now()
            ),
        ),
    )
    if done is None:
        question, about = doors.post_named(actor(), post)
        before = reporting.has_reported(actor(), about)
        return form.page("help/care/report.html", before=before, **_shown(question, about, post))
    toast(_("Thank you. Those who run the site look at it; nobody else learns that you wrote."))
    return redirect(thread_url(question_id, "" if post.startswith("question") else post), 303)


@pages.form("/entraide/masquer/<post>", en="/help/hide/<post>", may=managers)
def hide(post: str) -> ResponseReturnValue:
    """Hide a post and say why."""
    question, about = doors.post_named(actor(), post)
    if not actor().manages(policy.site_of(question)):
        raise NotAllowed("help.run_not_manager")
    if not policy.may_hide(actor(), question, about.author_id):
        raise NotAllowed("help.care_own")
    form = HideForm()
    case_id = attempt(
        form, lambda: hiding.hide(actor(), post, reason=typed(form, "words"), now=now()).id
    )
    if case_id is None:
        return form.page("help/care/hide.html", **_shown(*doors.post_named(actor(), post), post))
    toast(_("The text is hidden. You can show it again from here."))
    return redirect_to("help.report_case", id=case_id)


def _shown(question: Question, about: Post, post: str) -> dict[str, Any]:
    kind = KINDS[post.partition("-")[0]]
    anchor = "" if about is question else post
    return {"question": question, "html": about.body_html, "kind": kind, "anchor": anchor}
