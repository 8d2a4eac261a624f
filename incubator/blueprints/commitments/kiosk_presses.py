"""Presses at the screen of a site, maybe many that waited for the network, each answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from flask import jsonify, request
from flask_babel import force_locale
from flask_babel import gettext as _

from incubator.blueprints.commitments.kiosk_answers import greeting
from incubator.blueprints.commitments.routes import pages
from incubator.domain.commitments import kiosk
from incubator.domain.commitments.kiosk import Told
from incubator.edge.access import anybody
from incubator.edge.clock import now
from incubator.edge.forms import act
from incubator.edge.locale import LOCALES
from incubator.edge.refusals import words_for
from incubator.edge.security import csrf
from incubator.edge.state import settings
from incubator.kernel.errors import NotAllowed, Refusal, TooMany
from incubator.network.accounts import limits
from incubator.network.accounts.rules import QUARTER, Limit

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.kiosk_models import Device
    from incubator.domain.commitments.presses import Way

COOKIE = "incubator_screen"
PLACE = "/kiosque/"
MOST_AT_ONCE = 50
CALLS_OF = Limit("screen-calls", 120, 60)
# Numbers that speak for nobody: enough for clumsy fingers, few for who guesses.
MISSES_OF = Limit("screen-misses", 20, QUARTER)


def known_device() -> Device | None:
    """The screen that asks, by its key."""
    return kiosk.with_key(request.cookies.get(COOKIE, ""))


def press(device: Device, told: Told) -> dict[str, Any]:
    """What one press did, in words; ``done`` unless it may be sent again."""
    who = str(device.id)
    wait = act(lambda: limits.spend(MISSES_OF, who, now=now()))
    if wait:
        return _sorry(told, TooMany("commitments.screen_hurry", retry_after=wait), done=False)
    secret = settings().secret_key
    try:
        member_id, answer = act(lambda: kiosk.press(device, told, secret=secret, now=now()))
    except Refusal as refusal:
        return _sorry(told, refusal, done=True)
    act(lambda: limits.give_back(MISSES_OF, who))
    return {"uid": told.uid, "done": True, **greeting(member_id, answer, told.way)}


def _sorry(told: Told, refusal: Refusal, *, done: bool) -> dict[str, Any]:
    words = str(words_for(refusal))
    return {"uid": told.uid, "done": done, "outcome": "unknown", "title": words, "more": ""}


@pages.post(f"{PLACE}pointages", may=anybody)
def presses() -> ResponseReturnValue:
    """The presses that wait on a screen, each answered; none at all says that it lives."""
    device = known_device()
    if device is None:
        raise NotAllowed("commitments.screen_unknown")
    wait = act(lambda: limits.spend(CALLS_OF, str(device.id), now=now()))
    if wait:
        raise TooMany("commitments.screen_hurry", retry_after=wait, minutes=ceil(wait / 60))
    told = request.get_json(silent=True)
    if not isinstance(told, dict):
        raise Refusal("commitments.uid_bad")
    waiting = told.get("presses")
    queue = waiting if isinstance(waiting, list) else []
    left = max(0, len(queue) - MOST_AT_ONCE)
    act(lambda: kiosk.seen(device.id, clock=_clock(told.get("clock")), waiting=left, now=now()))
    language = told.get("lang") if told.get("lang") in LOCALES else device.language
    with force_locale(LOCALES[str(language)]):
        answers = [_one(device, each) for each in queue[:MOST_AT_ONCE]]
    return jsonify(now=int(now().timestamp() * 1000), answers=answers)


def _one(device: Device, each: object) -> dict[str, Any]:
    told = _told(each)
    if told is None:
        uid = each.get("uid") if isinstance(each, dict) else None
        return {
            "uid": uid,
            "done": True,
            "outcome": "unknown",
            "title": _("Unreadable."),
            "more": "",
        }
    return press(device, told)


def _told(each: object) -> Told | None:
    """A press as JSON says it, or None: nothing is believed of what a screen sends."""
    if not isinstance(each, dict):
        return None
    uid, way, number, age = (each.get(name) for name in ("uid", "way", "number", "age"))
    texts = isinstance(uid, str) and isinstance(number, str) and way in {"in", "out"}
    if not texts or isinstance(age, bool) or not isinstance(age, int | float):
        return None
    if not abs(age) < kiosk.OLDEST.total_seconds() * 1000:
        return None
    meant: Way = "out" if way == "out" else "in"
    return Told(uid=str(uid), way=meant, number=str(number), age=timedelta(milliseconds=age))


def _clock(told: object) -> datetime | None:
    """What the clock of a screen shows, from milliseconds."""
    if isinstance(told, bool) or not isinstance(told, int | float):
        return None
    try:
        return datetime.fromtimestamp(told / 1000, tz=now().tzinfo)
    except (OverflowError, ValueError, OSError):
        return None


# The key of the screen stands in a cookie of its own that is sent from our pages alone (SameSite
# strict), and only JSON is read: no form of another site can send that.
csrf.exempt(presses)


@pages.post(f"{PLACE}prevu", may=anybody)
def screen_plan() -> ResponseReturnValue:
    """Whoever has just come in says at the screen when they mean to leave."""
    told: Any = request.get_json(silent=True)
    device = known_device()
    if device is None:
        raise NotAllowed("commitments.screen_unknown")
    try:
        planned, uid = datetime.fromisoformat(str(told["at"])), str(told["uid"])
    except (KeyError, TypeError, ValueError):
        raise Refusal("commitments.uid_bad") from None
    if planned.tzinfo is None:
        raise Refusal("commitments.uid_bad")
    act(lambda: kiosk.plan(device, uid, planned=planned, now=now()))
    return jsonify(done=True)


csrf.exempt(screen_plan)
