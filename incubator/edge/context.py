"""What every template may use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incubator.edge import appearance
from incubator.edge.actor import viewer
from incubator.edge.art import ring, year_chart
from incubator.edge.guide import guide_url
from incubator.edge.icons import icon
from incubator.edge.locale import language
from incubator.edge.navigation import menu, settings_pages
from incubator.edge.offline import may_keep, reader_key
from incubator.edge.pages import page_endpoint, url
from incubator.edge.portraits import portrait_url
from incubator.edge.state import settings, state

if TYPE_CHECKING:
    from flask import Flask


def asset(name: str) -> str:
    """The immutable address of a static file."""
    return state().assets.path(name)


def face_url(slug: str, face: str, width: int) -> str:
    """The picture of a person at a width of 96, 192 or 384 pixels, from its key."""
    return url("members.portrait", slug=slug, key=face, width=width)


def mosaic_url(seed: str, hue: int) -> str:
    """The mosaic that stands for a site or a firm, from its slug and colour."""
    return url("art.mosaic", seed=seed, hue=hue)


def banner_url(seed: str, hue: int) -> str:
    """The wide mosaic for the top of a page about a site, a firm or a person."""
    return url("art.banner", seed=seed, hue=hue)


def _per_request() -> dict[str, Any]:
    return {
        "viewer": viewer(),
        "theme": appearance.chosen("theme"),
        "motion": appearance.chosen("motion"),
        "keys_on": appearance.chosen("keys") != "off",
        "language": language(),
        "reader_key": reader_key(),
        "may_keep": may_keep(),
        "network_name": settings().network_name,
        "navigation": menu(),
        "settings_pages": settings_pages,
        "page_endpoint": page_endpoint(),
        "guide_key": state().guide.get(page_endpoint().partition(".")[0], ""),
    }


def init_app(app: Flask) -> None:
    """Give the templates their functions and values."""
    app.jinja_env.globals.update(
        portrait_url=portrait_url,
        face_url=face_url,
        mosaic_url=mosaic_url,
        banner_url=banner_url,
    )
    app.jinja_env.globals.update(asset=asset, icon=icon, url=url, ring=ring, year_chart=year_chart)
    app.jinja_env.globals.update(guide_url=guide_url)
    app.context_processor(_per_request)
