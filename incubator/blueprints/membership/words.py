"""Words of a membership: states, kinds, and what the history of an application tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.edge.formats import moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.domain.membership.application_models import ApplicationStep, FormAnswer

# Words for managers, colour of the tag, drawing.
STATES = {
    "new": (_l("To review"), "sky", "inbox"),
    "waiting": (_l("Waiting list"), "honey", "hourglass"),
    "accepted": (_l("Accepted"), "brand", "check"),
    "joined": (_l("Here now"), "brand", "door-open"),
    "declined": (_l("Declined"), "line", "x"),
    "withdrawn": (_l("Withdrawn"), "line", "undo-2"),
}
# The same as the applicant reads them.
FOR_APPLICANT = {
    "new": _l("Received: the managers of the site are reading it"),
    "waiting": _l("You are on the waiting list"),
    "accepted": _l("Accepted: welcome!"),
    "joined": _l("You are a member"),
    "declined": _l("Not this time"),
    "withdrawn": _l("Withdrawn"),
}
STEPS = {
    "new": (_l("Application received"), "inbox"),
    "waiting": (_l("Put on the waiting list"), "hourglass"),
    "accepted": (_l("Accepted"), "check"),
    "start": (_l("First day moved"), "calendar-days"),
    "joined": (_l("Account opened"), "door-open"),
    "declined": (_l("Declined"), "x"),
    "withdrawn": (_l("Withdrawn by the applicant"), "undo-2"),
}
QUESTION_KINDS = {
    "short": _l("A line"),
    "long": _l("A text"),
    "choice": _l("A choice"),
    "yes_no": _l("Yes or no"),
}
TASK_KINDS = {
    "charter": (_l("Charter"), "file-text"),
    "portrait": (_l("Portrait"), "image"),
    "key": (_l("Key or badge"), "key-round"),
    "tour": (_l("Tour"), "map-pin"),
    "first_help": (_l("First help"), "hand-helping"),
    "other": (_l("Other"), "circle-check"),
}
OWNERS = {
    "member": _l("The newcomer"),
    "manager": _l("A manager of the site"),
    "person": _l("One person"),
}

REFUSALS = {
    "membership.empty": _l("Write something here."),
    "membership.too_long": _l("Keep it under %(most)s characters."),
    "membership.closed": _l("This site has just stopped taking applications. Your text is kept."),
    "membership.choice": _l("Choose one of the answers."),
    "membership.form_fast": _l("That was quick! Please look it over once more, then send it."),
    "membership.form_old": _l(
        "This page had been open for a long time. Your text is kept: send it again."
    ),
    "membership.decided_meanwhile": _l(
        "Somebody else decided on this application meanwhile. Here is how it stands now."
    ),
    "membership.list_moved": _l("The waiting list changed meanwhile. Here is how it stands now."),
    "membership.erased": _l("What was known of this person is erased."),
    "membership.start": _l("Choose a day from today on, at most a year ahead."),
    "membership.start_same": _l("This is their first day already."),
    "membership.not_your_site": _l("Only the managers of this site may do this."),
    "membership.question_kind": _l("Choose a kind of question."),
    "membership.questions_most": _l("A form has at most %(most)s questions: remove one first."),
    "membership.options_count": _l("Write %(least)s to %(most)s answers, one a line."),
    "membership.options_pairs": _l("Write as many answers in English as in French."),
    "membership.welcome_kind": _l("Choose a kind of task."),
    "membership.welcome_owner": _l("Choose whose job it is."),
    "membership.welcome_days": _l("Write a number of days from 0 to %(most)s."),
    "membership.welcome_most": _l("A checklist has at most %(most)s lines: remove one first."),
    "membership.person_unknown": _l("Nobody has this name: write it as in the directory."),
    "membership.person_several": _l("Several people have this name: choose another person."),
    "membership.not_your_task": _l("This is somebody else’s job; a manager may tick it as well."),
    "membership.charter_not_yours": _l("Only those who run the site may write its charter."),
    "membership.charter_edited": _l(
        "Somebody changed or published this draft meanwhile. Read it again first."
    ),
    "membership.charter_not_for_you": _l("This charter is for the members of the site."),
    "membership.charter_outdated": _l("A newer version came into force: please read that one."),
}


class Line(NamedTuple):
    """A line of a timeline as ``ui/lists`` draws it."""

    title: str
    small: str
    state: str
    icon: str


def timeline(steps: Sequence[ApplicationStep], *, for_applicant: bool = False) -> list[Line]:
    """What happened, in order; the applicant does not read who decided."""
    shown = []
    for step in steps:
        small = moment(step.at)
        if step.by is not None and not for_applicant:
            small = _("%(name)s, %(moment)s", name=step.by.name, moment=small)
        title, icon = STEPS[step.state]
        last = "here" if step is steps[-1] else "done"
        shown.append(Line(str(title), small, last, icon))
    return shown


def answer_words(answer: FormAnswer, language: str) -> str:
    """An answer in the reader's language."""
    if answer.question.kind == "yes_no":
        return _("Yes") if answer.value == "yes" else _("No")
    if answer.question.kind == "choice":
        options = answer.question.options_in(language)
        place = int(answer.value)
        return options[place] if place < len(options) else answer.value
    return answer.value
