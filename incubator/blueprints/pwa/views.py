"""What a browser needs to install the product, and the page it shows without a network."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from flask import Response
from flask_babel import force_locale
from flask_babel import gettext as _

from incubator.edge.access import anybody
from incubator.edge.art.app_icon import app_icon
from incubator.edge.locale import LOCALES
from incubator.edge.pages import Pages, render, url
from incubator.edge.state import settings, state
from incubator.kernel.errors import NotFound

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Pages("pwa", __name__)
A_DAY: Final = "public, max-age=86400"
SIDES: Final = (180, 192, 512)
PAPER: Final = "#F2F4EE"
HERO: Final = "#0B4A38"
WORKER: Final = "js/worker.js"


@pages.get("/application-<code>.webmanifest", may=anybody)
def manifest(code: str) -> ResponseReturnValue:
    """Name, icons, colours and shortcuts of the installed product, in one language."""
    if code not in LOCALES:
        raise NotFound("edge.file")
    with force_locale(LOCALES[code]):
        told = json.dumps(_manifest(code), ensure_ascii=False)
    response = Response(told, content_type="application/manifest+json")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _manifest(code: str) -> dict[str, Any]:
    name = settings().network_name
    return {
        "id": "/",
        "name": name,
        "short_name": name[:12],
        "description": _("The intranet of a network of mutual-aid business incubators."),
        "lang": code,
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": HERO,
        "icons": [*_icons("any"), *_icons("maskable")],
        "shortcuts": [
            _shortcut(_("Ask for help"), "help.ask"),
            _shortcut(_("Declare hours"), "commitments.declare"),
            _shortcut(_("Discussions"), "chat.index"),
        ],
    }


def _icons(purpose: str) -> list[dict[str, str]]:
    return [
        {
            "src": url("pwa.icon", purpose=purpose, side=side),
            "sizes": f"{side}x{side}",
            "type": "image/png",
            "purpose": purpose,
        }
        for side in (192, 512)
    ]


def _shortcut(name: str, endpoint: str) -> dict[str, Any]:
    return {"name": name, "url": url(endpoint), "icons": _icons("any")[:1]}


@pages.get("/application/<purpose>-<int:side>.png", may=anybody)
def icon(purpose: str, side: int) -> ResponseReturnValue:
    """The icon, drawn from our logo."""
    if side not in SIDES or purpose not in {"any", "maskable"}:
        raise NotFound("edge.file")
    drawn = app_icon(side, maskable=purpose == "maskable")
    response = Response(drawn, content_type="image/png")
    response.headers["Cache-Control"] = A_DAY
    return response


@pages.get("/worker.js", may=anybody)
def worker() -> ResponseReturnValue:
    """The worker beside the pages; its first line says of which build it is."""
    assets = state().assets
    told = {
        "build": assets.build,
        "offline": url("pwa.offline"),
        "name": settings().network_name,
        "icon": url("pwa.icon", purpose="any", side=192),
    }
    head = f"const HOUSE = {json.dumps(told)};".encode()
    response = Response(head + assets.files[WORKER], content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@pages.get("/hors-ligne", en="/offline", may=anybody)
def offline() -> ResponseReturnValue:
    """What is shown without a network: what was kept to be read, and nothing of anybody."""
    return render("pwa/offline.html")
