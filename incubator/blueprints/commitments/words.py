"""How hours are said: refusals, states, and the sentence of the month."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from incubator.blueprints.commitments import board_words
from incubator.domain.commitments import friends, rules
from incubator.edge.formats import clock, moment, plain_day
from incubator.edge.locale import LOCALES, clocks_differ, language
from incubator.kernel.hours import format_minutes

if TYPE_CHECKING:
    from datetime import date

    from flask_babel.speaklater import LazyString

    from incubator.domain.commitments.journal_rules import Entry
    from incubator.domain.commitments.models import Contribution
    from incubator.domain.commitments.queries import Month
    from incubator.domain.commitments.rules import Outlook
    from incubator.network.sites.queries import Place

WHOLE = 100  # percent
REFUSALS = {
    "commitments.guests_do_not_declare": _l("Hours are given by members; guests only visit."),
    "commitments.kind_unknown": _l("Choose what you did from the list."),
    "commitments.too_short": _l("Declare at least %(least)s minutes."),
    "commitments.odd_minutes": _l("Round to %(step)s minutes."),
    "commitments.day_full": _l("A day has 24 hours: %(left)s minutes are left on this one."),
    "commitments.week_full": _l(
        "The rule lets help in threads come to so much a week: %(left)s minutes are left."
    ),
    "commitments.thread_counted": _l("Your help in this thread is in your hours already."),
    "commitments.giver_gone": _l("Whoever helped has left the network: no hours can be counted."),
    "commitments.in_the_future": _l("This day has not come yet: declare it once it is done."),
    "commitments.before_joining": _l("This day is before the arrival in the network."),
    "commitments.too_long_ago": _l(
        "This day is more than %(days)s days ago: ask your site’s manager."
    ),
    "commitments.hours_order": _l("The end comes before the beginning."),
    "commitments.not_over_yet": _l("This is not over yet: share it once it is done."),
    "commitments.place_unknown": _l("Choose the place from the list."),
    "commitments.nothing_to_appeal": _l("Only hours that were refused can be looked at again."),
    "commitments.appealed_before": _l("A manager has looked at these hours again already."),
    "commitments.receiver_needed": _l("Say whom you helped: they confirm with one tap."),
    "commitments.receiver_unknown": _l("We find nobody of this name in the directory."),
    "commitments.receiver_several": _l("Choose the right person below."),
    "commitments.receiver_self": _l("Name somebody else: nobody confirms their own hours."),
    "commitments.text_too_long": _l("Keep it under %(most)s characters."),
    "commitments.reason_needed": _l("Say why in a few words: the person will read it."),
    "commitments.decided_before": _l("Somebody has decided on these hours meanwhile."),
    "commitments.not_yours": _l("Only the person who gave these hours may take them back."),
    "commitments.not_yours_to_decide": _l(
        "These hours are confirmed by the person helped or by another manager."
    ),
    "commitments.not_your_site": _l("This list is kept by the managers of the site."),
    "commitments.not_yours_to_pledge": _l(
        "A promise is recorded by another person: a manager of the member’s site."
    ),
    "commitments.pledge_minutes": _l("Promise between 0 and %(most)s hours, to 5 minutes."),
    "commitments.pledge_share": _l("Write a percentage between 0 and 100."),
    "commitments.pledge_order": _l("The promise must begin before it ends."),
}

# words, kind of tag, icon
STATES = {
    "declared": (_l("to confirm"), "honey", "hourglass"),
    "needs_manager": (_l("to confirm"), "honey", "hourglass"),
    "confirmed": (_l("confirmed"), "brand", "check"),
    "counted": (_l("confirmed"), "brand", "check"),
    "refused": (_l("refused"), "poppy", "x"),
    "appealed": (_l("looked at again"), "honey", "scale"),
    "withdrawn": (_l("withdrawn"), "line", "undo-2"),
}
KIND_ICONS = {
    "reception_desk": "door-open",
    "coworking": "map-pin",
    "help_thread": "hand-helping",
    "mentoring": "sprout",
    "workshop_given": "lightbulb",
    "event_host": "party-popper",
    "committee": "users",
    "trade_fair_for_other": "megaphone",
    "other": "sparkles",
}
NEEDS = {
    "presence": _l("A manager confirms"),
    "manager": _l("A manager confirms"),
    "counterpart": _l("The person helped confirms"),
}
PLANNED = (_l("planned"), "line", "clock")
COUNTED = (_l("counted"), "brand", "check-check")
CONFIRMED = ("confirmed", "counted")
FLAGS = {
    "ring": _l("two or three people confirm each other’s hours: have a look"),
}
LINES = {
    "DUE": _l("Promised"),
    "DONE": _l("Counted as presence"),
    "HELP": _l("Counted as shared time"),
    "CARRY_IN": _l("Brought along from the period before"),
    "CARRY_OUT": _l("Handed on to the next period"),
    "SURPLUS": _l("Beyond what may be kept"),
    "WAIVED_DEBT": _l("Let go: nobody owes more than the limit"),
    "GIFT_OUT": _l("Given away"),
    "GIFT_IN": _l("Received from the solidarity pool or a member"),
    "CORRECTION": _l("Correction of an earlier period"),
    "EXIT": _l("Settled on departure"),
    "REVERSAL": _l("Taken back"),
}
# What of a member's hours a manager opened.
LOOKED_AT = {
    "month": _l("Your month"),
    "line": _l("A line of your ledger"),
    "contribution": _l("Hours that you shared"),
    "promise": _l("Your promise"),
    "relief": _l("A relief you asked for"),
    "statement": _l("Your statement"),
    **board_words.LOOKED_AT,
}
# What of a session a change was about.
CHANGES = {
    "started_at": _l("beginning"),
    "ended_at": _l("end"),
    "state": _l("state"),
}
LINE_ICONS = {
    "DUE": "flag",
    "CARRY_IN": "arrow-right",
    "CARRY_OUT": "arrow-right",
    "SURPLUS": "sprout",
    "WAIVED_DEBT": "hand-heart",
    "GIFT_OUT": "hand-heart",
    "GIFT_IN": "hand-heart",
    "CORRECTION": "pencil",
    "EXIT": "log-out",
}


@dataclass(frozen=True)
class Sentence:
    """What the ring says in words; ``strong`` stands out between ``before`` and ``after``.

    ``more`` says what is planned, and how many duties fit.
    """

    title: str
    before: str
    strong: str = ""
    after: str = ""
    more: str = ""


def entry_title(entry: Entry, place: str) -> tuple[str, str]:
    """What an entry of the ledger is called, and its icon; ``place`` is the site's name."""
    if entry.source_type == "presence":
        return (_("Presence, %(site)s", site=place) if place else _("Presence")), "map-pin"
    if entry.source_type == "help_cap":
        return _("More help than may count in a period"), "scale"
    return str(LINES.get(entry.kind, entry.kind)), LINE_ICONS.get(entry.kind, "sparkles")


def entry_state(entry: Entry) -> tuple[LazyString, str, str]:
    """Its words, kind of tag and icon: what opens and what ends has a word of its own."""
    if entry.kind == "DUE":
        return _l("promised"), "line", "flag"
    return COUNTED


def moment_in(text: str | None, zone: str) -> str:
    """An instant that a record keeps as text, by the clock of a site; a dash for none."""
    return moment(datetime.fromisoformat(text), zone) if text else "–"


def presence() -> str:
    """What presence is called among the kinds."""
    return _("Presence on site")


def elsewhere() -> str:
    """Where time went that was given at no site that is open."""
    return _("Elsewhere")


def span_of(fact: Contribution, place: Place | None) -> str:
    """«9 h 15 – 10 h 30», with the city where clocks differ; nothing when it was not said."""
    if fact.started_at is None or fact.ended_at is None:
        return ""
    zone = place.time_zone if place else None
    told = f"{clock(fact.started_at, zone)} – {clock(fact.ended_at, zone)}"
    return f"{told} ({place.city})" if place and clocks_differ(place.time_zone) else told


def helped(fact: Contribution) -> str:
    """Who was helped, as far as hours name them."""
    if fact.receiver:
        return fact.receiver.name
    return _("the person helped") if fact.unnamed_id else ""


def decider(fact: Contribution) -> str:
    """Who decided on hours; whoever asked without a name is not named here either."""
    if fact.decided_by:
        return fact.decided_by.name
    return _("the person helped") if fact.unnamed_id and fact.decided_at else ""


def flags_of(fact: Contribution) -> list[str]:
    """What managers should look at, in words."""
    return [str(FLAGS.get(code, code)) for code in friends.flags_of(fact)]


def less_counts(fact: Contribution) -> str:
    """Why less of a fact counts than was given."""
    if fact.counted is None:
        return _("Not counted yet.")
    if fact.kind.counts_pct < WHOLE:
        return _("Counts at %(percent)s%%.", percent=fact.kind.counts_pct)
    return _("The rest lay within your presence, or beyond a limit: no minute counts twice.")


def initial(day: date) -> str:
    """The initial of a month: «N»."""
    return format_date(day, "LLLLL", locale=LOCALES[language()])


def sentence(month: Month, today: date) -> Sentence:
    """The sentence of a month: how much is left, and when it is done at this pace."""
    look = rules.outlook(
        month.span, today=today, owed=month.owed, done=month.given, waiting=month.waiting
    )
    if look.state in {"pace", "push", "last"}:
        return _running(look, month)
    return _settled(look, month)


def with_plans(told: Sentence, *, planned: int, fitting: int) -> Sentence:
    """The sentence, with the minutes of duties to come and how many free duties fit."""
    more = []
    if planned:
        more.append(_("%(hours)s are planned already.", hours=format_minutes(planned)))
    if fitting:
        more.append(
            ngettext(
                "%(num)s free duty is when you usually come.",
                "%(num)s free duties are when you usually come.",
                fitting,
            )
        )
    return replace(told, more=" ".join(more))


def _running(look: Outlook, month: Month) -> Sentence:
    title = _("%(hours)s left", hours=format_minutes(look.left))
    last_day = plain_day(month.span.last_day)
    if look.state == "pace" and look.day:
        told = _("At this pace, your month is held on %(day)s.", day="|")
        strong = plain_day(look.day)
    elif look.state == "push":
        told = _("%(weekly)s a week until %(day)s, and it is done.", weekly="|", day=last_day)
        strong = format_minutes(look.weekly)
    else:
        told = _("There is time until %(day)s: one good moment is enough.", day="|")
        strong = last_day
    before, _bar, after = told.partition("|")
    return Sentence(title, before, strong, after)


def _settled(look: Outlook, month: Month) -> Sentence:
    left = format_minutes(look.left)
    told = {
        "none": (
            _("Nothing promised this month"),
            _("Whatever you give is kept all the same. Your site’s manager records a promise."),
        ),
        "held": (_("Your month is held"), _thanks(month.balance)),
        "awaiting": (
            _("Your month is nearly held"),
            _("As soon as %(hours)s are confirmed.", hours=left),
        ),
        "ahead": (_("%(hours)s to give", hours=left), _("This month has not begun yet.")),
        "missed": (
            _("%(hours)s were missing", hours=left),
            _("It happens. A word with your site’s manager, and the next months make up for it."),
        ),
    }
    return Sentence(*told[look.state])


def _thanks(over: int) -> str:
    if over:
        more = format_minutes(over)
        return _("Thank you! That is %(hours)s more than you promised.", hours=more)
    return _("Thank you! Exactly what you promised.")
