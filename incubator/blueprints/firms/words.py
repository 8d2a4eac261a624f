"""Words of the firms' pages: refusals, sectors, months, numbers, days of a role."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from babel.dates import get_month_names
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.edge.formats import month
from incubator.edge.locale import LOCALES, language
from incubator.network.members.registration import NUMBERS

if TYPE_CHECKING:
    from incubator.network.members.firm_models import Firm, FirmRole

REFUSALS = {
    "firms.found": _l("Guests cannot add a firm."),
    "firms.edit": _l("Only those who keep a firm change its page and its people."),
    "firms.ask": _l("One asks for oneself, and guests do not."),
    "firms.answer": _l("This request is for others to answer."),
    "firms.busy": _l("This name is being taken at this very moment: please send again."),
    "firms.lookalike": _l("A firm of your site has such a name: is it this one?"),
    "firms.sector": _l("Choose a sector of the list."),
    "firms.country": _l("Choose a country of the list."),
    "firms.size": _l("Write a number of people from 1 to %(most)s."),
    "firms.year": _l("Write a year from %(least)s to %(most)s."),
    "firms.month": _l("This month has not come yet."),
    "firms.month_alone": _l("Write the year too."),
    "firms.too_many_skills": _l("Keep the %(most)s that matter most."),
    "firms.skill_unknown": _l("One of these skills no longer exists: choose again."),
    "firms.registration": _l(
        "This is no %(kind)s number: it looks like %(example)s. Is the country right?"
    ),
    "firms.check_digit": _l(
        "The check digit of this %(kind)s number does not fit: read it once more on your papers."
    ),
    "firms.registration_letters": _l(
        "Write the number as on your papers: letters, digits and dashes."
    ),
    "firms.registration_taken": _l("%(firm)s has this number already."),
    "firms.since": _l("Write a day that has come: when it began."),
    "firms.until": _l("Write a day that has come: when it ended."),
    "firms.order": _l("The end comes after the beginning."),
    "firms.overlap": _l("These days overlap another role of the same person in this firm."),
    "firms.last_keeper": _l("Somebody must keep the firm: say who, or that nobody will."),
    "firms.heir": _l("Choose one of the people of the firm."),
    "firms.role_over": _l("This role is over."),
    "firms.there": _l("They are among the people of this firm already."),
    "firms.invited": _l("The firm has invited you: answer its invitation."),
    "firms.asked": _l("They have asked to join: answer their request."),
    "firms.request_over": _l("Somebody answered this request, or it was taken back."),
    "firms.kept_meanwhile": _l("Somebody keeps this firm now: they may ask to join it."),
    "firms.member_left": _l("They have left the network."),
    "firms.unknown_member": _l("Nobody of that name: check the spelling, or type less of it."),
    "firms.several_members": _l("Choose which of them you mean."),
    "firms.guest": _l("They are a guest: only residents work in a firm of the network."),
}

DONE = {
    "accept": _l("Accepted."),
    "decline": _l("Declined. They are told."),
    "withdraw": _l("Taken back."),
}


MONTHS = range(1, 13)


def months() -> list[tuple[str, str]]:
    """Numbers and names of the months."""
    names = get_month_names("wide", "stand-alone", LOCALES[language()])
    return [(str(number), str(names[number])) for number in MONTHS]


def whole_or_none(typed: object) -> int | None:
    """The number of a choice; None for none. ValueError on what is no number."""
    return int(str(typed)) if typed not in {None, "", "None"} else None


def since_words(firm: Firm) -> str:
    """When a firm began: «mars 2021», «2021»."""
    if not firm.since_year:
        return ""
    if not firm.since_month:
        return str(firm.since_year)
    return month(date(firm.since_year, firm.since_month, 1))


def span(role: FirmRole) -> str:
    """The days of a role: «depuis mars 2021», «mars 2021 – mai 2023»."""
    if role.until_on is None:
        return _("since %(month)s", month=month(role.since_on))
    first, last = month(role.since_on), month(role.until_on - timedelta(days=1))
    return first if first == last else f"{first} – {last}"


def number_name(country: str) -> str:
    """What the registration number is called in a country."""
    known = NUMBERS.get(country)
    return known.name if known else _("Registration number")
