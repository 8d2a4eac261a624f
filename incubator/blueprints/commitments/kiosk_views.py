"""The screen of a site: its own page, its queue of presses, its worker for bad networks.

Nobody is signed in on it: a key of its own, in a cookie that no script reads, says which screen
it is. It never shows more than one first name, and never a list.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Response, request
from flask_babel import force_locale

from incubator.blueprints.commitments import qr
from incubator.blueprints.commitments.kiosk_presses import COOKIE, PLACE, known_device, press
from incubator.blueprints.commitments.presence_forms import EnrolForm, NumberForm
from incubator.blueprints.commitments.routes import pages
from incubator.domain.commitments import kiosk, site_codes
from incubator.domain.commitments import presence_changes as changes
from incubator.domain.commitments.kiosk import Told
from incubator.edge.access import anybody
from incubator.edge.brakes import braked, here
from incubator.edge.clock import now
from incubator.edge.forms import attempt
from incubator.edge.locale import LOCALES
from incubator.edge.pages import redirect_to, render
from incubator.edge.state import settings, state
from incubator.kernel.errors import NotFound
from incubator.network.accounts.rules import QUARTER, Limit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.kiosk_models import Device

YEARS = 5 * 365 * 86_400
CODE_FROM = Limit("screen-code-from", 10, QUARTER)


@pages.form(PLACE, may=anybody)
def screen() -> ResponseReturnValue:
    """The screen; before it is enrolled, the page that asks for its code."""
    device = known_device()
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
        said = press(device, told)
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


@pages.get(f"{PLACE}code.svg", may=anybody)
def screen_code() -> ResponseReturnValue:
    """The rotating code of the site, for phones."""
    device = known_device()
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
