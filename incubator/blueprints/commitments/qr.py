"""Codes to be scanned: their address and their drawing."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import segno
from flask import Response, url_for

from incubator.domain.commitments import site_codes
from incubator.edge.clock import now
from incubator.edge.state import settings

if TYPE_CHECKING:
    from incubator.domain.commitments.kiosk_models import SiteCode

QUIET_ZONE = 4


def address_of(code: SiteCode) -> str:
    """What a phone opens when it scans a code now."""
    token = site_codes.token_of(code, secret=settings().secret_key, now=now())
    return settings().base_url.rstrip("/") + url_for("commitments.code", token=token)


def image(address: str) -> Response:
    """An address as a drawing, black on white whatever the theme: phones need it."""
    drawing = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawing, kind="svg", border=QUIET_ZONE, light="#fff", xmldecl=False, omitsize=True
    )
    response = Response(drawing.getvalue(), content_type="image/svg+xml")
    response.headers["Cache-Control"] = "no-store"
    return response
