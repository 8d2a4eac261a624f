"""The screen of a site: its own page, its queue of presses, its worker for bad networks.

Nobody is signed in on it: a key of its own, in a cookie that no script reads, says which screen
it is. It never shows more than one first name, and never a list.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, request
from flask_babel import force_locale
from flask_babel import gettext as _

from incubator.blueprints.commitments import qr
from incubator.blueprints.commitments.kiosk_answers import greeting
from incubator.blueprints.commitments.presence_forms import EnrolForm, NumberForm
from incubator.blueprints.commitments.routes import pages
from incubator.domain.commitments import kiosk, site_codes
from incubator.domain.commitments import presence_changes as changes
from incubator.domain.commitments.kiosk import Told
from incubator.edge.access import anybody
from incubator.edge.brakes import braked, here
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.locale import LOCALES
from incubator.edge.pages import redirect_to, render
from incubator.edge.refusals import words_for
from incubator.edge.security import csrf
from incubator.edge.state import settings, state
from incubator.kernel.errors import NotAllowed, NotFound, Refusal, TooMany
from incubator.network.accounts import limits
from incubator.network.accounts.rules import QUARTER, Limit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.kiosk_models import Device
    from incubator.domain.commitments.presence import Way

COOKIE = "incubator_screen"
PLACE = "/kiosque/"
YEARS = 5 * 365 * 86_400
MOST_AT_ONCE = 50
CODE_FROM = Limit("screen-code-from", 10, QUARTER)
CALLS_OF = Limit("screen-calls", 120, 60)
# Numbers that speak for nobody: enough for clumsy fingers, few for who guesses.
MISSES_OF = Limit("screen-misses", 20, QUARTER)


def _device() -> Device | None:
    return kiosk.with_key(request.cookies.get(COOKIE, ""))


@pages.form(PLACE, may=anybody)
def screen() -> ResponseReturnValue:
    """The screen; before it is enrolled, the page that asks for its code."""
    device = _device()
    if device is None:
        return _enrol()
    asked = request.args.get("lang", device.language)
    language = asked if asked in LOCALES else device.language
    with force_locale(LOCALES[language]):
        return _shown(device, language)


def _enrol() -> ResponseReturnValue:
    form = EnrolForm()
    slowed = braked(form, "commitments/kiosk_enrol.html", (CODE_FROM, here()))
    if slowed is not None:
        return slowed
    secret = settings().secret_key
    made = attempt(form, lambda: kiosk.enrol(form.code.data or "", secret=secret, now=now()))
    if made is None:
        return form.page("commitments/kiosk_enrol.html")
    answer = redirect_to("commitments.screen")
    answer.set_cookie(
        COOKIE,
        made[1],
        max_age=YEARS,
        path=PLACE,
        secure=settings().secure,
        httponly=True,
        samesite="Strict",
    )
    return answer


def _shown(device: Device, language: str) -> ResponseReturnValue:
    """The page; with a press that came by its form, without a script, also what it did."""
    form = NumberForm()
    said: Mapping[str, Any] | None = None
    if form.validate_on_submit():
        told = Told(
            uid=(form.once.data or uuid.uuid4().hex)[:36],
            way="out" if form.way.data == "out" else "in",
            number=form.number.data or "",
            age=timedelta(),
        )
        said = _press(device, told)
    body = render(
        "commitments/kiosk.html",
        form=form,
        site=changes.site_of(device.site_id),
        said=said,
        lang=language,
        rotating=site_codes.rotating_at(device.site_id) is not None,
        place=PLACE,
        instant=now(),
    )
    answer = Response(body, 422 if said and said["outcome"] == "unknown" else 200)
    if said:
        # Whoever comes next sees nobody's name.
        answer.headers["Refresh"] = f"8; url={PLACE}?lang={language}"
    return answer


def _press(device: Device, told: Told) -> dict[str, Any]:
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
    device = _device()
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


# The key of the screen stands in a cookie of its own that is sent from our pages alone (SameSite
# strict), and only JSON is read: no form of another site can send that.
csrf.exempt(presses)


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
    return _press(device, told)


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


@pages.get(f"{PLACE}code.svg", may=anybody)
def screen_code() -> ResponseReturnValue:
    """The rotating code of the site, for phones."""
    device = _device()
    code = site_codes.rotating_at(device.site_id) if device else None
    if code is None:
        raise NotFound("commitments.code")
    return qr.image(qr.address_of(code))


@pages.get(f"{PLACE}travailleur.js", may=anybody)
def worker() -> ResponseReturnValue:
    """The script that keeps the screen's page at hand: where it lies says what it may touch."""
    assets = state().assets
    answer = assets.serve(assets.build, "js/kiosk/worker.js")
    if isinstance(answer, Response):
        answer.headers["Cache-Control"] = "no-cache"
    return answer
