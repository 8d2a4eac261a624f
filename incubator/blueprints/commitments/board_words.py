"""Words of the manager's side: refusals, states, causes, the views of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.dates import get_day_names
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.edge.locale import LOCALES, language
from incubator.edge.pages import url

if TYPE_CHECKING:
    from flask_babel.speaklater import LazyString

    from incubator.network.sites.models import Site

REFUSALS = {
    "commitments.end_unproven": _l("Nothing says when this ended: open it and say until when."),
    "commitments.no_plan_needed": _l("There is nothing to make up for by this day."),
    "commitments.plan_not_covered": _l(
        "The slots they signed up for by this day do not cover the debt yet."
    ),
    "commitments.not_yet_paused": _l("A pause comes after a warning and the days of grace."),
    "commitments.not_paused": _l("This member is not paused."),
    "commitments.not_yours_to_rule": _l("The rules of the house are the administrators’."),
    "commitments.rule_begins": _l("Choose the beginning of a period that is still to come."),
    "commitments.rule_number": _l("Choose between %(least)s and %(most)s."),
    "commitments.rule_choice": _l("Choose one of the answers."),
    "commitments.rule_session": _l(
        "A longest session lies between the shortest one and a full day."
    ),
    "commitments.rule_unchanged": _l("These are the rules as they are: nothing would change."),
    "commitments.rule_begun": _l("This version has begun: make a new one instead."),
    "commitments.kind_name": _l("Give it a name of at most %(most)s characters."),
}
# words, kind of tag, icon
STANDINGS: dict[str, tuple[LazyString, str, str]] = {
    "late": (_l("late"), "poppy", "circle-alert"),
    "paused": (_l("paused"), "lilac", "lock"),
    "plan": (_l("plan agreed"), "brand", "handshake"),
    "watch": (_l("warned"), "honey", "bell"),
    "ok": (_l("drifting"), "line", "hourglass"),
}
CAUSES = {
    "away": _l("away: a relief is running"),
    "new": _l("new here"),
    "never": _l("has never signed up"),
    "behind": _l("behind their usual pace"),
}
MEASURES = {
    "presence": _l("Presence per member"),
    "help": _l("Shared time per member"),
    "late": _l("Members who began with a debt"),
    "coverage": _l("Slots that had enough people"),
}
RELIEFS = {
    "leave": _l("Time away"),
    "parental": _l("Parental leave"),
    "sickness": _l("Sickness"),
    "role": _l("A role in the house"),
    "hardship": _l("A hard time"),
    "other": _l("Other"),
}
LOOKED_AT = {
    "today": _l("The day of your site: who is in, what waits, who may need a call"),
    "members": _l("The list of the site’s members"),
    "statement_site": _l("The statement of your site"),
    "preview": _l("A dry run of other rules"),
    "profile": _l("Your month, on your page"),
    "plan": _l("A plan to catch up, or a pause"),
    "presence": _l("The visits to a site"),
    "session": _l("One of your visits"),
    "correction": _l("A correction that you asked for"),
    "draw": _l("Hours that you asked of the pool"),
    "giving": _l("The map of who helps whom"),
    "sheet": _l("The attendance sheet of a slot"),
    "here": _l("Who is on site now"),
    "invite": _l("Whom to ask for a slot"),
    "badges": _l("The list of badges"),
}


def views_of(site: Site, here: str) -> list[tuple[str, str, bool, None]]:
    """The pages of a site for its managers: label, address, whether it is this one."""
    views = (
        ("today", _("Today"), "commitments.site_today"),
        ("members", _("Members"), "commitments.site_index"),
        ("statement", _("Statement"), "commitments.site_statement"),
        ("heat", _("When people come"), "commitments.site_heat"),
        ("giving", _("Who helps whom"), "commitments.site_giving"),
    )
    return [
        (label, url(endpoint, slug=site.slug), key == here, None) for key, label, endpoint in views
    ]


def network_views(here: str) -> list[tuple[str, str, bool, None]]:
    """The pages of the network about hours."""
    views = (
        ("cities", _("Between cities"), "commitments.network_giving"),
        ("sites", _("Sites side by side"), "commitments.network_sites"),
        ("solidarity", _("Solidarity"), "commitments.network_solidarity"),
        ("health", _("Can we trust it?"), "commitments.network_health"),
        ("rules", _("Rules"), "commitments.house_rules"),
    )
    return [(label, url(endpoint), key == here, None) for key, label, endpoint in views]


def weekday_names(width: str) -> list[str]:
    """The names of the days, Monday first."""
    names = get_day_names(width, locale=LOCALES[language()])  # type: ignore[arg-type]  # its widths are literals
    return [str(names[number]) for number in range(7)]
