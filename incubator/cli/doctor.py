"""Is this installation well? One line a check, and what to do about each fault."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import redis
from sqlalchemy import func, select, text

from incubator.domain.commitments import badges
from incubator.kernel import engines, jobs, schema
from incubator.kernel.db import db, utcnow
from incubator.reactions.audit.models import AuditEntry
from incubator.reactions.mail.transport import Smtp
from incubator.reactions.push import keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from incubator.kernel.settings import Settings

LEAST_FREE = 500 * 1024 * 1024
MOST_SKEW = 5.0
LEAST_POSTGRES = 15
SECRET_MODE = 0o600
PRODUCT_BORN = 1_700_000_000


@dataclass(frozen=True)
class Finding:
    """What one check found; ``ok`` None means that it does not apply here."""

    name: str
    ok: bool | None
    words: str


def examine(settings: Settings) -> list[Finding]:
    """All checks, in an application context; a check that fails never stops the others."""
    found = []
    for name, check in CHECKS.items():
        try:
            ok, words = check(settings)
        except Exception as error:  # noqa: BLE001 - a doctor reports whatever it meets
            db.session.rollback()
            # Of a database's error, what the database said.
            said = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
            ok, words = False, said.splitlines()[0]
        found.append(Finding(name, ok, words))
    return found


Verdict = tuple[bool | None, str]


def _database(settings: Settings) -> Verdict:
    del settings
    if db.engine.dialect.name == "sqlite":
        verdict = db.session.scalar(text("PRAGMA quick_check"))
        if closed := engines.unwritable(db.engine):
            return False, f"SQLite, {verdict}, but {closed} cannot be written"
        return verdict == "ok", f"SQLite, {verdict}"
    version = str(db.session.scalar(text("SHOW server_version")))
    enough = int(version.split(".", maxsplit=1)[0]) >= LEAST_POSTGRES
    return enough, f"PostgreSQL {version} (15 or newer is needed)"


def _migrations(settings: Settings) -> Verdict:
    del settings
    here, wanted = schema.current(db.engine), schema.head()
    if here == wanted:
        return True, f"at {here}"
    return False, f"at {here or 'nothing'}, {wanted} is needed: run «incubator init»"


def _mail(settings: Settings) -> Verdict:
    if not settings.mail_url:
        return None, "no mail_url: messages are kept in instance/outbox"
    Smtp(settings.mail_url).greet()
    return True, f"{urlsplit(settings.mail_url).hostname} answers"


def _push(settings: Settings) -> Verdict:
    ours, path = keys.key_of(settings), keys.path_of(settings)
    if ours is None:
        return False, "no key for pushes: run «incubator init»"
    if not settings.vapid_key and (mode := path.stat().st_mode & 0o777) != SECRET_MODE:
        return False, f"{path.name} has mode {mode:o} (600 is needed)"
    if not settings.secure:
        return None, "the key is sound; browsers allow pushes only to an https base_url"
    return True, f"the key is sound; services may write to {keys.subject_of(settings)}"


def _redis(settings: Settings) -> Verdict:
    if not settings.redis_url:
        return None, "no redis_url: one process, no server needed"
    redis.Redis.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2).ping()
    return True, "answers"


def _disk(settings: Settings) -> Verdict:
    probe = settings.instance_dir / ".probe"
    probe.write_bytes(b"x")
    probe.unlink()
    folders = {settings.instance_dir}
    if db.engine.dialect.name == "sqlite":
        folders.add(Path(str(db.engine.url.database)).resolve().parent)
    free, where = min((shutil.disk_usage(folder).free, str(folder)) for folder in folders)
    place = f" in {where}" if len(folders) > 1 else ""
    return free > LEAST_FREE, f"{free // 1024**2} MB free{place}, writable"


def _jobs(settings: Settings) -> Verdict:
    late = jobs.overdue(utcnow())
    if not late:
        return True, "none waits long"
    start = "«incubator run» does" if settings.run_jobs else "start «incubator jobs»"
    return False, f"{late} wait since over 10 minutes: nobody runs them, {start}"


def _secret(settings: Settings) -> Verdict:
    path = settings.instance_dir / "secret_key"
    if not path.exists():
        return None, "given by the environment"
    mode = path.stat().st_mode & 0o777
    return mode == SECRET_MODE, f"mode {mode:o} (600 is needed)"


def _badges(settings: Settings) -> Verdict:
    lost = badges.unreadable(settings.secret_key)
    if not lost:
        return True, "made with this secret key"
    return False, f"{lost} made with another secret key: put it back, or issue them anew"


def _clock(settings: Settings) -> Verdict:
    del settings
    if db.engine.dialect.name == "sqlite":
        newest = db.session.scalar(select(func.max(AuditEntry.at)))
        if newest and (newest - utcnow()).total_seconds() > MOST_SKEW:
            words = f"but the log holds an act of {newest:%Y-%m-%d %H:%M:%S}"
            return False, f"{utcnow():%Y-%m-%d %H:%M:%S} UTC, {words}"
        return time.time() > PRODUCT_BORN, f"{utcnow():%Y-%m-%d %H:%M:%S} UTC"
    there = db.session.scalar(text("SELECT extract(epoch FROM clock_timestamp())"))
    skew = abs(float(there or 0) - time.time())
    return skew < MOST_SKEW, f"{skew:.1f} s away from the database's"


CHECKS: dict[str, Callable[[Settings], Verdict]] = {
    "database": _database,
    "migrations": _migrations,
    "mail": _mail,
    "push": _push,
    "redis": _redis,
    "disk": _disk,
    "jobs": _jobs,
    "secret key": _secret,
    "badges": _badges,
    "clock": _clock,
}
