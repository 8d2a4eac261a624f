"""When the installation was last saved: a mark beside its settings, which is not data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incubator.kernel.settings import Settings

MARK = "last-backup"
# A backup older than this is worth a word.
OLD = timedelta(days=7)


def note_backup(settings: Settings) -> None:
    """Remember that a backup was made now; whoever saves otherwise touches the same file."""
    (settings.instance_dir / MARK).touch()


def last_backup(settings: Settings) -> datetime | None:
    """When the last backup was made, in UTC; None when none is known."""
    mark = settings.instance_dir / MARK
    return datetime.fromtimestamp(mark.stat().st_mtime, UTC) if mark.exists() else None


def is_old(made_at: datetime | None, now: datetime) -> bool:
    """Whether there is no backup of the last week."""
    return made_at is None or now - made_at > OLD
