"""Words of the directory: refusals, levels of skill, names of languages."""

from __future__ import annotations

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


def spoken(codes: str) -> str:
    """«français, anglais, wolof», from codes joined by commas."""
    return ", ".join(language_name(code) for code in codes.split(",") if code)


def language_choices() -> list[tuple[str, str]]:
    """Every language that a profile may name."""
    return [(code, language_name(code)) for code in SPOKEN]


def first_names(names: Iterable[str]) -> str:
    """Firms on a card: the first, and how many more."""
    listed = list(names)
    if len(listed) < 2:  # noqa: PLR2004 - one needs no «and»
        return "".join(listed)
    return _("%(first)s and %(more)s more", first=listed[0], more=len(listed) - 1)
