"""Uploaded pictures: how they are shown, and how files go that nobody shows any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import send_file

from incubator.edge.state import settings
from incubator.kernel.db import utcnow
from incubator.kernel.errors import NotFound
from incubator.kernel.files import DROP, drop_picture, picture_path
from incubator.kernel.jobs import job
from incubator.kernel.orphans import sweep
from incubator.kernel.schedule import hourly

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response

# A key changes with its content, so browsers keep it.
FOR_EVER = "private, max-age=31536000, immutable"
A_DAY = "private, max-age=86400"


def picture(key: str, width: int, *, missing: str, keep: str = FOR_EVER) -> Response:
    """A stored picture at one of its widths; NotFound ``missing`` when there is none.

    ``keep`` says how long the reader's own browser may show it without asking.
    """
    path = picture_path(key, width, settings().uploads_dir)
    if path is None:
        raise NotFound(missing)
    response = send_file(path, mimetype="image/webp")
    response.headers["Cache-Control"] = keep
    return response


def unused(*keys: str | None) -> None:
    """Delete pictures that were stored for a form that was refused."""
    for key in keys:
        drop_picture(key, settings().uploads_dir)


@job(DROP)
def drop(payload: Mapping[str, Any]) -> None:
    """Delete the files of a picture that was replaced or taken away."""
    unused(str(payload["key"]))


@hourly("files.sweep")
def sweep_files(payload: Mapping[str, Any]) -> None:
    """Delete the files that no row names."""
    del payload
    sweep(settings().uploads_dir, utcnow())
