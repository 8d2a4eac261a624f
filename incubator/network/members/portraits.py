"""Pictures that nobody shows any more: their files go once the change is committed."""

from __future__ import annotations

from incubator.kernel.jobs import later

DROP = "members.drop_portrait"


def drop_later(key: str) -> None:
    """Delete the files of a picture after the caller's transaction, if it is committed."""
    later(DROP, {"portrait": key})
