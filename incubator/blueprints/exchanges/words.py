"""Words of the exchanges: kinds, ways, states, amounts, reasons of a match, refusals."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.domain.exchanges.listings.rules import NEVER
from incubator.edge.formats import days_left
from incubator.edge.locale import LOCALES, language, time_zone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from flask_babel.speaklater import LazyString

    from incubator.domain.exchanges.listings.matching import Match
    from incubator.domain.exchanges.listings.models import Listing

REFUSALS: Final = {
    "listings.amount": _l("Write an amount in euros, for example 1200 or 1200,50."),
    "listings.amounts_crossed": _l("The highest amount is below the lowest."),
    "listings.body_empty": _l("Say what it is about, in a few sentences."),
    "listings.link": _l("This link is not whole. Copy it from your letter once more."),
    "listings.listing": _l("There is no such listing, or it is over."),
    "listings.modes": _l("Choose at least one way to give back."),
    "listings.not_yours": _l("Only people of the firm do this."),
    "listings.nowhere": _l("Choose a distance, or tick that it can be done remotely."),
    "listings.photo": _l("This photo is gone."),
    "listings.photos": _l("Choose a picture: JPEG, PNG, WebP or GIF."),
    "listings.photos_many": _l("Send at most %(most)s photos."),
    "listings.quantity": _l("Write a whole number, or nothing."),
    "listings.radius": _l("Choose a distance of the list."),
    "listings.reason": _l("Say why in at most %(most)s characters: the firm will read it."),
    "listings.search": _l("There is no such search."),
    "listings.search_name": _l("Give it a name of at most %(most)s characters."),
    "listings.searches_many": _l("You keep %(most)s searches already: drop one first."),
    "listings.skill_unknown": _l("One of these skills is gone. Choose again."),
    "listings.skills": _l("Choose one to %(most)s skills."),
    "listings.state": _l("The listing has moved on meanwhile: this is not possible any more."),
    "listings.title_empty": _l("Write a title."),
    "listings.too_long": _l("Write at most %(most)s characters."),
    "listings.too_many": _l("Your firm has very many listings. Close or discard some first."),
    "listings.unfinished": _l("Something is missing. Open the draft: it says what."),
    "listings.until": _l("Choose a day from tomorrow on, within two years."),
    "listings.visibility": _l("Choose one of the list."),
}
KINDS: Final = {"need": _l("Need"), "offer": _l("Offer")}
KIND_TAGS: Final = {"need": "honey", "offer": "brand"}
KIND_ICONS: Final = {"need": "hand-helping", "offer": "package"}


class Mode(NamedTuple):
    """A way to give back: its name, what it means, its icon."""

    name: LazyString
    hint: LazyString
    icon: str


MODES: Final = {
    "barter": Mode(_l("Barter"), _l("goods or services against yours, by invoices"), "repeat-2"),
    "hours": Mode(_l("Hours"), _l("time against time, without an amount"), "timer"),
    "gift": Mode(_l("Gift"), _l("nothing is expected in return"), "heart"),
    "cash": Mode(_l("Euros"), _l("an ordinary sale"), "euro"),
}
STATES: Final = {
    "draft": _l("Draft"),
    "published": _l("Published"),
    "paused": _l("Paused"),
    "part_filled": _l("Found in part"),
    "filled": _l("Found"),
    "expired": _l("Expired"),
    "withdrawn": _l("Withdrawn"),
}
STATE_TAGS: Final = {
    "draft": "line",
    "published": "brand",
    "paused": "honey",
    "part_filled": "sky",
    "filled": "brand",
    "expired": "poppy",
    "withdrawn": "line",
}
STEPS: Final = {
    "publish": _l("Published"),
    "pause": _l("Paused"),
    "resume": _l("Shown again"),
    "part": _l("Found in part"),
    "fill": _l("Found"),
    "renew": _l("Renewed"),
    "withdraw": _l("Withdrawn"),
    "expire": _l("Expired"),
}
DONE: Final = {
    "publish": _l("It is published. Those whom it may suit will see it."),
    "pause": _l("It is hidden until you show it again."),
    "resume": _l("Others see it again."),
    "part": _l("Noted: a part is found, the rest is still looked for."),
    "fill": _l("Well done! It is closed."),
    "withdraw": _l("It is withdrawn."),
}
VISIBILITIES: Final = {
    "network": _l("The whole network"),
    "site": _l("Members of this site only"),
}
RADII: Final = {
    "0": _l("In the city"),
    "10": _l("Up to 10 km"),
    "30": _l("Up to 30 km"),
    "50": _l("Up to 50 km"),
    "100": _l("Up to 100 km"),
    "300": _l("Up to 300 km"),
    "": _l("Only remotely"),
}
SORTS: Final = {"newest": _l("Latest first"), "ending": _l("Ending soon")}
ALL_MODES: Final = 4


def euros(cents: int) -> str:
    """«1 200 €», «1 200,50 €», «€1,200»."""
    code = language()
    pattern = "#,##0.00" if cents % 100 else "#,##0"
    number = format_decimal(cents / 100, pattern, locale=LOCALES[code])
    return f"{number}\u00a0€" if code == "fr" else f"€{number}"


def value_of(listing: Listing) -> str:
    """What a listing says it is worth, without VAT; empty when it says nothing."""
    low, high = listing.min_cents, listing.max_cents
    if low is not None and high is not None:
        if low == high:
            return euros(low)
        return _("%(low)s to %(high)s", low=euros(low), high=euros(high))
    if low is not None:
        return _("from %(low)s", low=euros(low))
    return _("up to %(high)s", high=euros(high)) if high is not None else ""


def place_of(listing: Listing) -> str:
    """Where it can happen: «Lyon, jusqu’à 30 km, ou à distance»."""
    city, radius = listing.site.city, listing.radius_km
    if radius is None:
        return _("remotely")
    near = _("%(city)s, up to %(km)s km", city=city, km=radius) if radius else city
    return _("%(place)s, or remotely", place=near) if listing.remote else near


def last_day(listing: Listing) -> date:
    """The last day on which a listing with an end is seen, where its reader lives."""
    last = (listing.until or NEVER) - timedelta(microseconds=1)
    return last.astimezone(ZoneInfo(time_zone())).date()


def days_of(listing: Listing) -> int:
    """How many days a listing with an end is still seen; 0 on its last one."""
    return days_left(last_day(listing))


def quantity_of(listing: Listing) -> str:
    """«120 chaises», «3»; empty of none."""
    if listing.quantity is None:
        return listing.unit
    number = format_decimal(listing.quantity, locale=LOCALES[language()])
    return f"{number}\u00a0{listing.unit}".rstrip("\u00a0")


def reasons_of(match: Match) -> list[str]:
    """Why a listing fits, in the words of its reader."""
    fit, listing = match.fit, match.listing
    needs = listing.kind == "need"
    code = language()
    named = [s.skill.name_in(code) for s in listing.skills if s.skill_id in fit.skill_ids]
    skills = ", ".join(named) or ", ".join(s.skill.name_in(code) for s in listing.skills)
    found = [
        _("looks for %(skills)s, which you offer", skills=skills)
        if needs
        else _("offers %(skills)s, which you look for", skills=skills)
    ]
    if where := _where(match, needs=needs):
        found.append(where)
    if fit.values:
        found.append(_("amounts that overlap"))
    if 0 < len(fit.modes) < ALL_MODES:
        found.append(_("both take: %(ways)s", ways=_ways(fit.modes)))
    return found


def _where(match: Match, *, needs: bool) -> str:
    fit, listing = match.fit, match.listing
    if match.mine is None:
        return _("can be done remotely") if listing.remote else ""
    if fit.how == "city":
        return _("in the same city")
    if fit.how == "near":
        return _("%(km)s km away", km=fit.km)
    return _("you offer it remotely") if needs else _("offered remotely")


def _ways(modes: Sequence[str]) -> str:
    return ", ".join(str(MODES[mode].name).lower() for mode in modes)
