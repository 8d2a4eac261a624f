"""How slots are said: refusals, how they are staffed, what became of who signed up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.dates import get_day_names
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from incubator.domain.commitments.slot_rules import Weekly
from incubator.edge.formats import clock_minutes
from incubator.edge.locale import LOCALES, language

if TYPE_CHECKING:
    from incubator.domain.commitments.slot_models import SlotSeries

REFUSALS = {
    "commitments.slot_title": _l("Say in a few words what there is to do."),
    "commitments.slot_start": _l("Choose an hour of the day."),
    "commitments.slot_duration": _l("Write a duration from %(least)s minutes to 24 hours."),
    "commitments.slot_capacity": _l(
        "The most people is at least one and at least as many as the fewest, up to %(most)s."
    ),
    "commitments.slot_notice": _l("Write a number of hours from 0 to %(most)s."),
    "commitments.slot_weekdays": _l("Tick at least one day of the week."),
    "commitments.slot_every": _l("Write a number of weeks from 1 to %(most)s."),
    "commitments.slot_dates": _l("The last day comes before the first."),
    "commitments.slot_skill": _l("Choose a skill of the list."),
    "commitments.slot_past": _l("This hour is behind us: choose a later one."),
    "commitments.slot_shut": _l("The site is shut that day: choose another, or lift the closure."),
    "commitments.slot_over": _l("This slot has begun or does not take place."),
    "commitments.slot_full": _l(
        "Somebody was faster: this slot is full. You can wait for a place."
    ),
    "commitments.slot_yours": _l("You already come to this slot."),
    "commitments.slot_cancelled": _l("This slot does not take place."),
    "commitments.slot_begun": _l("This slot has begun: a word to the site’s manager settles it."),
    "commitments.slot_skill_needed": _l("This slot asks for a skill that your profile lacks."),
    "commitments.slot_overlap": _l("You already come to another slot at that time."),
    "commitments.stand_in_found": _l("Nobody is looked for any more: the place is taken care of."),
    "commitments.signup_settled": _l("This place is no longer yours to change."),
    "commitments.slot_locked": _l("This sheet is locked: it stays as it is."),
    "commitments.slot_not_over": _l("The sheet opens once the slot is over."),
    "commitments.team_size": _l("Write a number of people from 0 to %(most)s."),
    "commitments.sheet_answer": _l("Say for each person whether they came."),
    "commitments.sheet_minutes": _l("Who came in part gave from 1 to %(most)s minutes."),
    "commitments.nobody_chosen": _l("Choose at least one person."),
    "commitments.reminder_days": _l("Choose between 0 and %(most)s days."),
}

# words, kind of tag, icon
COVERAGE = {
    "empty": (_l("nobody yet"), "poppy", "circle-alert"),
    "thin": (_l("more people wanted"), "honey", "hourglass"),
    "ok": (_l("enough people"), "brand", "check"),
    "full": (_l("full"), "line", "check"),
}
SIGNUPS = {
    "booked": (_l("comes"), "brand", "check"),
    "stand_in_wanted": (_l("looks for a stand-in"), "honey", "hourglass"),
    "done": (_l("came"), "brand", "check"),
    "partial": (_l("came in part"), "honey", "clock"),
    "missed": (_l("did not come"), "poppy", "x"),
    "excused": (_l("excused"), "line", "undo-2"),
}


def weekdays(width: str = "wide") -> dict[int, str]:
    """The names of the days, Monday (0) first."""
    names = get_day_names(width, locale=LOCALES[language()])  # type: ignore[arg-type]  # its widths are literals
    return {number: str(names[number]) for number in range(7)}


def rhythm(series: SlotSeries) -> str:
    """«mardi, jeudi, toutes les 2 semaines, 9 h»."""
    weekly = Weekly.parse(series.rrule)
    names = weekdays()
    days = ", ".join(names[number] for number in sorted(weekly.weekdays))
    often = ngettext("every week", "every %(num)s weeks", weekly.every)
    return _(
        "%(days)s, %(often)s, at %(clock)s",
        days=days,
        often=often,
        clock=clock_minutes(series.local_start),
    )
