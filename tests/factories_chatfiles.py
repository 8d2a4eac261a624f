"""Files of messages for tests, sent as a browser sends them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from incubator.domain.chat import uploads as keeping
from incubator.kernel.db import transaction
from incubator.kernel.kept_files import keep
from tests.factories_chat import cid
from tests.pictures import picture

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from tests.factories import Make

JSON = {"Accept": "application/json"}
PDF = b"%PDF-1.4 nothing more"


def uploaded(make: Make, by: Account, room: int, data: bytes = PDF, name: str = "plan.pdf") -> int:
    """An upload that waits, stored by the command that pages call."""
    folder = make.settings.uploads_dir / "chat"
    kept = keep(data, name, folder, most_bytes=10**7)
    with transaction():
        return keeping.add(make.actor(by), room, kept, now=make.now).id


def brought(*files: tuple[bytes, str]) -> list[tuple[io.BytesIO, str]]:
    """Files of a form."""
    return [(io.BytesIO(data), name) for data, name in files]


def form(*files: tuple[bytes, str]) -> dict[str, Any]:
    """The fields of an upload."""
    return {"files": brought(*files)}


def post(browser: FlaskClient, room: int, text: str = "", **more: Any) -> Any:
    """A message by the form."""
    data = {"text": text, "once": cid(), **more}
    address = f"/discussions/salons/{room}/messages"
    return browser.post(address, data=data, content_type="multipart/form-data")


PICTURE = picture(900, 600)
