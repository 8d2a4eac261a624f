"""Small disks and closed ones, for root where they may be mounted."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.not_run import not_run

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@contextmanager
def small_disk(place: Path, size: str) -> Generator[Path]:
    """A file system of its own, for root where that is allowed."""
    place.mkdir()
    mounted("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place))
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


@contextmanager
def read_only(place: Path) -> Generator[None]:
    """Let nobody write into a file or below a folder, for root where that is allowed."""
    mounted("--bind", str(place), str(place))
    mounted("-o", "remount,bind,ro", str(place))
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


def mounted(*what: str) -> None:
    if subprocess.run(["mount", *what], capture_output=True, check=False).returncode:
        not_run("the tests of a full disk", "run them as root where a tmpfs may be mounted")


def fill(disk: Path) -> Path:
    """Leave no room on a small disk; the file that takes it."""
    filler = disk / "filler"
    order = ["dd", "if=/dev/zero", f"of={filler}", "bs=4k"]
    subprocess.run(order, capture_output=True, check=False)
    return filler
