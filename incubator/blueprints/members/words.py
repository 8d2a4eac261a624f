"""Words of the directory: refusals, levels of skill, names of languages."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.edge.locale import LOCALES, language
from incubator.network.members.rules import SPOKEN

if TYPE_CHECKING:
    from collections.abc import Iterable

REFUSALS = {
    "members.edit": _l("Only they can change their profile."),
    "members.curate": _l("Only an administrator changes the list of skills."),
    "members.audience": _l("Choose who may see this."),
    "members.way": _l("Choose ways of the list."),
    "members.link_address": _l("Write an address that begins with https://."),
    "members.link_twice": _l("This address is already among your links."),
    "members.too_many_links": _l("Keep the %(most)s links that matter most."),
    "members.availability": _l("Choose one of the three."),
    "members.capacity": _l("Write a number of people from 0 to %(most)s."),
    "members.past": _l("This day is over: choose today or a day to come."),
    "members.too_far": _l("Choose a day within the next two years."),
    "members.no_picture": _l("Choose a picture first."),
    "members.empty": _l("Write something here."),
    "members.too_long": _l("Write at most %(most)s characters."),
    "members.phone": _l("Write a phone number, for example +33 6 12 34 56 78."),
    "members.language": _l("Choose languages of the list."),
    "members.too_many_languages": _l("Choose at most %(most)s languages."),
    "members.too_many_skills": _l("Keep the %(most)s that matter most."),
    "members.level": _l("Choose a level of the list."),
    "members.skill_unknown": _l("One of these skills no longer exists: choose again."),
    "members.skill_taken": _l("There is already such a skill."),
    "members.web": _l("Write a web address, for example https://atelier.example."),
}

# Who may see a field, the narrowest first; then what each field is called.
AUDIENCES = {
    "me": _l("Only me"),
    "managers": _l("The managers of my site"),
    "site": _l("My site"),
    "network": _l("The whole network"),
}
FIELDS = {
    "portrait": _l("Portrait"),
    "headline": _l("In one line"),
    "about": _l("About you"),
    "pronouns": _l("Pronouns"),
    "languages": _l("Languages"),
    "links": _l("Links"),
    "phone": _l("Phone"),
    "email": _l("E-mail address"),
    "time_zone": _l("Time zone"),
    "offers": _l("What you offer"),
    "wants": _l("What you look for"),
    "firms": _l("Your firms"),
    "mentoring": _l("Mentoring"),
    "availability": _l("Availability"),
}
AVAILABILITY = {
    "open": _l("Available to help"),
    "limited": _l("Little time"),
    "away": _l("Away"),
}
WAYS = {
    "by_chat": _l("in writing"),
    "by_call": _l("by call"),
    "on_site": _l("on site"),
}
# What to add next: why it is worth it, what the button says, where it leads.
HINTS = {
    "headline": (
        _l("One line on what you do: it is what everybody reads first."),
        _l("Write my line"),
        "headline",
    ),
    "offers": (
        _l("Say what people can ask you: questions then come to the right person."),
        _l("Add what I offer"),
        "offers",
    ),
    "about": (
        _l("Three sentences on what you make and for whom make the first step easy."),
        _l("Write them"),
        "about_md",
    ),
    "portrait": (
        _l("With a picture, people recognise you at the coffee machine."),
        _l("Add my portrait"),
        "",
    ),
    "wants": (
        _l("Say what you look for: somebody here surely knows how to do it."),
        _l("Add what I look for"),
        "offers",
    ),
    "languages": (
        _l("Name the languages you speak: somebody may be looking for yours."),
        _l("Add my languages"),
        "spoken",
    ),
    "links": (
        _l("A link to your site or your work says more than a long text."),
        _l("Add a link"),
        "links",
    ),
}
LEVELS = {
    1: _l("A helping hand"),
    2: _l("Regular practice"),
    3: _l("Trade"),
}
_NAMES = {
    "mnk": _l("Mandinka"),
    "fsl": _l("French Sign Language"),
    "lsq": _l("Quebec Sign Language"),
}


def language_name(code: str) -> str:
    """The name of a spoken language in the reader's language."""
    found = Locale.parse(LOCALES[language()]).languages.get(code)
    return str(found or _NAMES.get(code, code))


def language_names(codes: Iterable[str]) -> str:
    """«français, anglais, wolof»."""
    return ", ".join(map(language_name, codes))


def language_choices() -> tuple[tuple[str, str], ...]:
    """Every language that a profile may name."""
    return _language_choices(language())


@cache
def _language_choices(_language: str) -> tuple[tuple[str, str], ...]:
    return tuple((code, language_name(code)) for code in SPOKEN)


def first_names(names: Iterable[str]) -> str:
    """Firms on a card: the first, and how many more."""
    listed = list(names)
    if len(listed) < 2:  # noqa: PLR2004 - one needs no «and»
        return "".join(listed)
    return _("%(first)s and %(more)s more", first=listed[0], more=len(listed) - 1)
