"""A network whose members all sit in one room, each signed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from bench.filling import RAW, cookie_of
from incubator.app import create_app
from incubator.domain.chat.models import Room
from incubator.kernel import schema
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.settings import Settings
from incubator.network.accounts import commands as accounts
from incubator.network.accounts import sessions
from incubator.network.sites import commands as sites


@dataclass(frozen=True)
class Kitchen:
    """An installation: cookies of its members, the token of their pages, the room they sit in."""

    instance: Path
    cookies: Sequence[str]
    csrf: str
    room_id: int


def fill_kitchen(instance: Path, members: int) -> Kitchen:
    """So many members of one site, by the product's own commands."""
    app = create_app(Settings.load(instance, {}))
    now = utcnow()
    with app.app_context():
        schema.upgrade(db.engine)
        with transaction():
            details = sites.SiteDetails(
                name="Lyon", city="Lyon", country="FR", time_zone="Europe/Paris"
            )
            site_id = sites.open_site(None, details=details).id
            tokens = []
            for number in range(members):
                person = accounts.Newcomer(
                    name=f"Camille {number}",
                    email=f"camille{number}@example.org",
                    roles=[("resident", site_id)],
                    password=None,
                    time_zone="Europe/Paris",
                    home_site_id=site_id,
                )
                account = accounts.admit(None, person, now=now)
                tokens.append(sessions.start(account.id, address="", device="bench", now=now))
        room_id = db.session.scalar(select(Room.id).where(Room.kind == "network"))
        assert room_id is not None
        signer = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token")
        cookies = [cookie_of(app, token) for token in tokens]
        return Kitchen(instance, cookies, str(signer.dumps(RAW)), room_id)
