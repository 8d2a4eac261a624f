"""Thanks for an answer, and the time that the help took: it counts in hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from incubator.blueprints.help.forms import typed
from incubator.blueprints.help.pages import ID, pages
from incubator.blueprints.help.views import thread_url
from incubator.domain.commitments import queries as commitments
from incubator.domain.commitments import thread_help
from incubator.domain.help import policy, posts, queries
from incubator.domain.help.anonymity import hidden_author
from incubator.domain.help.learning import counting, thanks
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import Form, act, attempt
from incubator.edge.pages import toast
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.kernel.hours import format_minutes, parse_minutes

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.help.learning.counting import Helped
    from incubator.domain.help.models import Question


class ThanksForm(Form):
    """A word of thanks, which may be left out."""

    words = TextAreaField(
        _l("A word with it, if you like"), [Length(max=thanks.WORDS_MOST)], default=""
    )


class CountForm(Form):
    """How long the help took."""

    duration = StringField(_l("How long did it take?"), [InputRequired(_l("Say how long."))])

    @property
    def minutes(self) -> int:
        """What was typed; raise Refusal ``commitments.duration``."""
        try:
            return parse_minutes(typed(self, "duration"))
        except ValueError:
            raise Refusal("help.duration", field="duration") from None


@pages.form(f"/entraide/reponse/{ID}/merci", en=f"/help/answer/{ID}/thanks", may=members)
def thank(id: int) -> ResponseReturnValue:
    """Thank for an answer: at once, or with a word."""
    reader = actor()
    question, given = queries.answer_visible_to(reader, id)
    if not policy.may_vote(reader, given):
        raise NotAllowed("help.thank_own")
    own = thanks.own_thanks(reader, id)
    form = ThanksForm(words=own.words if own else "")
    question_id = question.id
    done = attempt(form, lambda: thanks.thank(reader, id, words=typed(form, "words"), now=now()))
    if done is None:
        question, _given = queries.answer_visible_to(reader, id)
        said = posts.one_answer(id, reader_id=reader.id, hidden=hidden_author(reader, question))
        return form.page("help/thank.html", question=question, answer=said, own=own)
    toast(_("Your thanks are told."))
    return redirect(thread_url(question_id, f"answer-{id}"), 303)


@pages.post(
    f"/entraide/reponse/{ID}/merci/retirer", en=f"/help/answer/{ID}/thanks/withdraw", may=members
)
def take_back_thanks(id: int) -> ResponseReturnValue:
    """No longer thank for an answer."""
    question, _given = queries.answer_visible_to(actor(), id)
    question_id = question.id
    act(lambda: thanks.take_back(actor(), id))
    toast(_("Your thanks are taken back."))
    return redirect(thread_url(question_id, f"answer-{id}"), 303)


@pages.form(f"/entraide/reponse/{ID}/compter", en=f"/help/answer/{ID}/count", may=members)
def count(id: int) -> ResponseReturnValue:
    """Count the time of help that was of use: the helper, or whoever asked."""
    reader = actor()
    question, helped = counting.helper_of(reader, id)
    question_id, estimate = question.id, question.minutes
    proposed = thread_help.proposed_minutes(estimate)
    form = CountForm(duration=format_minutes(proposed))
    if attempt(form, lambda: _count(id, form)) is None:
        question, helped = counting.helper_of(reader, id)
        return form.page("help/count.html", **_values(question, helped))
    _tell(question_id, helped)
    return redirect(thread_url(question_id, "thread-hours"), 303)


def _count(answer_id: int, form: CountForm) -> bool:
    counting.count(actor(), answer_id, minutes=form.minutes, now=now())
    return True


def _values(question: Question, helped: Helped) -> dict[str, object]:
    reader = actor()
    asker = posts.author_of(question, hidden_author(reader, question))
    return {"question": question, "helped": helped, "asker": asker}


def _tell(question_id: int, helped: Helped) -> None:
    """Say what became of it: it waits for the other's word, or both have said the same."""
    reader = actor()
    told = commitments.of_thread(reader, question_id)
    line = next((one for one in told if one.giver_id == helped.helper_id), None)
    hours = format_minutes(line.minutes) if line else ""
    if line and line.state in {"confirmed", "counted"}:
        toast(_("%(hours)s counted. Thank you both!", hours=hours))
    elif reader.id == helped.helper_id:
        toast(_("%(hours)s proposed: one tap of the person helped, and they count.", hours=hours))
    else:
        toast(_("%(hours)s offered: %(name)s agrees with one tap.", hours=hours, name=helped.name))
