"""Rules of charters; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from incubator.domain.membership.wording import line, lines

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_TITLE: Final = 160
MOST_BODY: Final = 30_000


class Texts(NamedTuple):
    """A charter in both languages; the bodies are Markdown."""

    title_fr: str
    title_en: str
    body_fr: str
    body_en: str


def clean_texts(texts: Texts) -> Texts:
    """The texts as stored, all needed; raise Refusal ``membership.empty`` or ``too_long``."""
    most: Mapping[str, int] = {"title": MOST_TITLE, "body": MOST_BODY}
    return Texts(
        **{
            name: (line if name.startswith("title") else lines)(
                getattr(texts, name), name, most=most[name.partition("_")[0]], needed=True
            )
            for name in Texts._fields
        }
    )
