"""Words of rings: states, why one ended, amounts, and why not."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from incubator.edge.locale import LOCALES, language

if TYPE_CHECKING:
    from incubator.domain.exchanges.rings.queries import Idea, Place

STATES: Final = {
    "suggested": _l("waits for answers"),
    "opened": _l("waits for answers"),
    "accepted": _l("all said yes"),
    "became_deal": _l("became a deal"),
    "lapsed": _l("came to nothing"),
    "refused": _l("came to nothing"),
}
TAGS: Final = {"suggested": "honey", "opened": "honey", "became_deal": "brand"}
VIEWS: Final = {"open": _l("To answer"), "ended": _l("Done or lapsed")}
RATES: Final = {
    "2000": _l("VAT 20%"),
    "1000": _l("VAT 10%"),
    "550": _l("VAT 5.5%"),
    "210": _l("VAT 2.1%"),
    "0": _l("VAT 0%"),
    "": _l("No VAT: article 293 B"),
}
REFUSALS: Final = {
    "rings.both": _l("You work in two firms of this ring: let a colleague of one of them act."),
    "rings.reason": _l("Say it in at most %(most)s characters."),
    "rings.ring": _l("There is no such ring."),
    "rings.state": _l("This ring is over: it waits for no answer any more."),
}


def euros(cents: int) -> str:
    """«1 200 €», «€1,200»: about how much, so without cents."""
    code = language()
    told = format_decimal(Decimal(cents) / 100, "#,##0", locale=LOCALES[code])
    return f"{told}\u00a0€" if code == "fr" else f"€{told}"


def skill(place: Place) -> str:
    """What a firm gives, by the word of the vocabulary."""
    return place.skill.name_in(language())


def title(idea: Idea) -> str:
    """A ring in a few words that name nobody."""
    return _("%(mine)s against %(theirs)s", mine=skill(idea.places[0]), theirs=skill(idea.giver))


def firms(idea: Idea) -> str:
    """How many firms it has."""
    return ngettext("%(num)s firm in all", "%(num)s firms in all", len(idea.places))


def picture(idea: Idea) -> str:
    """The picture of a ring in words, for who does not see it."""
    steps = [
        _("you give %(what)s", what=skill(place))
        if place.mine
        else _("a firm of %(city)s gives %(what)s", city=place.city, what=skill(place))
        for place in idea.places
    ]
    return _("A ring: %(steps)s, and so on round.", steps=", ".join(steps))


def ending(idea: Idea) -> str:
    """Why a ring is over, without saying by whom; empty of one that is not."""
    if idea.own.said == "refused":
        return _("You said that it is not for you.")
    return str(_ENDINGS.get(idea.cause, ""))


_ENDINGS: Final = {
    "time": _l("Not all firms answered within seven days."),
    "listing": _l("A listing of the ring changed or is gone."),
    "taken": _l("Another ring took one of its listings."),
    "refused": _l("The ring lapsed: it did not suit all firms."),
    "deal": _l("Its deal was not signed by all, or was called off."),
}
