"""What comes round each hour: ends that come, searches of the day, photos nobody sent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from incubator.domain.exchanges.listings import clock, photos, queries, saved
from incubator.domain.exchanges.listings.models import FOLDER
from incubator.edge.state import settings
from incubator.kernel.db import end_read, transaction, utcnow
from incubator.kernel.files import picture_path
from incubator.kernel.kept_files import LARGE
from incubator.kernel.schedule import hourly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

# A form that nobody sent is not coming back after this.
LEFT_FOR: Final = timedelta(days=30)


@hourly("exchanges.ends")
def pass_hour(payload: Mapping[str, Any]) -> None:
    """Tell ends that come and expire what is over, one listing a transaction."""
    del payload
    now = utcnow()
    _each(
        lambda after: clock.due(now, after=after),
        lambda listing_id: clock.pass_hour(listing_id, now=now),
    )


@hourly("exchanges.searches")
def look(payload: Mapping[str, Any]) -> None:
    """Tell what kept searches find that is new, one search a transaction."""
    del payload
    now = utcnow()
    _each(
        lambda after: saved.due(now, after=after),
        lambda search_id: saved.look(search_id, now=now),
    )


@hourly("exchanges.photos")
def forget_photos(payload: Mapping[str, Any]) -> None:
    """Let go of photos whose form was left long ago."""
    del payload
    with transaction():
        photos.forgotten(utcnow() - LEFT_FOR)


def _each(due: Callable[[int], Sequence[int]], do: Callable[[int], None]) -> None:
    """Do what is due, batch by batch, each by itself."""
    after = 0
    while ids := due(after):
        end_read()
        for number in ids:
            with transaction():
                do(number)
        after = ids[-1]


def files_of(member_id: int) -> Iterable[tuple[str, Path]]:
    """The photos that a member sent."""
    for found in queries.photos_by(member_id):
        if path := picture_path(found.file_key, LARGE, settings().uploads_dir / FOLDER):
            yield f"{found.id}.webp", path
