"""How presence is said: refusals, states, means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.edge.formats import clock, day
from incubator.edge.locale import clocks_differ

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.domain.commitments.presence_models import Presence
    from incubator.network.sites.models import Site

REFUSALS = {
    "commitments.guests_are_not_present": _l("Presence is counted for members; guests only visit."),
    "commitments.leaving_time": _l("Choose a time to come, before the site closes its day."),
    "commitments.uid_bad": _l("This press cannot be read."),
    "commitments.uid_reused": _l("This press was already told, by somebody else or elsewhere."),
    "commitments.session_over": _l("This session is over already."),
    "commitments.session_settled": _l("This session is settled already."),
    "commitments.session_unfinished": _l("Check out first: a session under way has no end."),
    "commitments.session_order": _l("The end comes before the beginning."),
    "commitments.session_future": _l("This moment has not come yet."),
    "commitments.session_too_long": _l("A session lasts %(most)s hours at most."),
    "commitments.session_day_full": _l("That is more than a day can hold, with your other hours."),
    "commitments.not_your_session": _l("Only the member says when they left; you may correct it."),
    "commitments.not_yours_to_correct": _l(
        "Another person decides: a manager of the site, never the member themselves."
    ),
    "commitments.note_needed": _l(
        "This member has often forgotten to check in this month: say in a word why you agree."
    ),
    "commitments.witness_not_there": _l("This person was not checked in there at that time."),
    "commitments.clock_bad": _l("Write a time such as 9:15 or 9 h 15."),
    "commitments.code_unknown": _l("This code is not valid. Ask the people of the site for one."),
    "commitments.code_old": _l("This code has changed since: scan it again."),
    "commitments.code_kind": _l("Choose a printed or a rotating code."),
    "commitments.too_many_codes": _l("A site has %(most)s codes at most: revoke one first."),
    "commitments.too_many_screens": _l("A site has %(most)s screens at most: remove one first."),
    "commitments.name_needed": _l("Say where the screen stands: “Entrance”, for instance."),
    "commitments.screen_code": _l("This code is unknown or too old: have a new one made."),
    "commitments.screen_unknown": _l("This screen is not enrolled any more."),
    "commitments.screen_hurry": _l("Too many tries on this screen: wait a few minutes."),
    "commitments.badge_unknown": _l("This number is not known. Try again, or ask at the desk."),
}

# words, kind of tag, icon
STATES = {
    "open": (_l("under way"), "brand", "play"),
    "presumed": (_l("when did you leave?"), "honey", "circle-help"),
    "disputed": (_l("waits for a word"), "honey", "hourglass"),
    "closed": (_l("noted"), "brand", "check"),
    "counted": (_l("counted"), "brand", "check-check"),
    "void": (_l("counts nothing"), "line", "x"),
}
CORRECTION_STATES = {
    "asked": (_l("waits for a word"), "honey", "hourglass"),
    "accepted": (_l("agreed"), "brand", "check"),
    "refused": (_l("refused"), "poppy", "x"),
    "withdrawn": (_l("withdrawn"), "line", "undo-2"),
}
SOURCES = {
    "web": _l("the button"),
    "qr": _l("the code of the site"),
    "kiosk": _l("the screen of the site"),
    "badge": _l("a badge at the screen"),
    "wifi": _l("the network of the site"),
    "manager": _l("a manager"),
}
ENDS = {
    "out": _l("checked out"),
    "next_checkin": _l("came in elsewhere"),
    "cutoff": _l("not checked out"),
    "auto": _l("not checked out"),
    "member": _l("said by the member"),
    "manager": _l("said by a manager"),
    "merge": _l("two accounts made one"),
}
FLAGS = {
    "off_hours": _l("outside the opening hours"),
    "too_long": _l("longer than a session may be"),
    "day_full": _l("more than a day can hold"),
}
# Reasons that the product itself gives for a change.
WHYS = {
    "punch": _l("A screen told later"),
    "undone": _l("Taken back by the member"),
    "answered": _l("The member said when they left"),
    "shortened": _l("Shortened by the member"),
    "confirmed": _l("Agreed as it stood"),
    "correction": _l("Correction agreed"),
}


def why(text: str) -> str:
    """A reason in words: the product's own, or what somebody wrote."""
    known = WHYS.get(text)
    return str(known) if known else text


def flags_of(session: Presence) -> list[str]:
    """What managers should look at, in words."""
    return [str(FLAGS.get(code, code)) for code in session.flags.split(",") if code]


def minutes_of(session: Presence) -> int:
    """How long a session lasted, in whole minutes; none while it is under way."""
    if session.ended_at is None:
        return 0
    return int((session.ended_at - session.started_at).total_seconds()) // 60


def span_of(session: Presence, site: Site) -> str:
    """«9 h 12 – 17 h 30», with the city when clocks differ there; no end that nobody knows."""
    start = clock(session.started_at, site.time_zone)
    if session.ended_at is None or session.state == "presumed":
        told = _("since %(clock)s", clock=start)
    else:
        told = f"{start} – {clock(session.ended_at, site.time_zone)}"
    return f"{told} ({site.city})" if clocks_differ(site.time_zone) else told


def moment_of(instant: datetime, site: Site) -> str:
    """«jeu. 12 nov., 17 h 30» in the time of a site."""
    return f"{day(instant, site.time_zone)}, {clock(instant, site.time_zone)}"
