"""Python's memory, for the few acts that make very many objects."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def collector_off() -> Generator[None]:
    """Spare a fifth of the time where nothing of what is made is garbage that goes in circles."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()
