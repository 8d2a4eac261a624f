"""What anybody does about a published round of netting from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from incubator.domain.exchanges.rounds import files

if TYPE_CHECKING:
    from pathlib import Path

WELL: Final = "Nothing is cleared beyond what is owed, and each firm comes out even."
SOLVED: Final = f"{WELL} The solver gives the same."


def verify(file: Path, *, again: bool) -> list[str]:
    """Each thing that is wrong with a file, in a line; none is well."""
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return [f"{file} cannot be read: {error}"]
    return files.faults(text) or (files.solved_again(text) if again else [])
