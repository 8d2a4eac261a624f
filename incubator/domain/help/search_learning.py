"""What the dictionary of searches learns of the documents of threads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from incubator.kernel import spelling
from incubator.kernel.fulltext import anywhere, words_among
from incubator.kernel.stems import spellings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.domain.help.search_models import ThreadDocument


@dataclass
class Told:
    """What the dictionary learns of some documents: new words come in, others may go."""

    spelled: dict[str, str] = field(default_factory=dict)
    public: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)

    def note(
        self, row: Any, texts: Sequence[str], tokens: str, *, old: ThreadDocument | None
    ) -> None:
        """Note the words of a thread, before its old document is written over."""
        holds, held = words_among(tokens), words_among(old.tokens) if old else set()
        new = holds - held
        spelled = spellings(texts) if new else {}
        self.spelled |= {word: spelled.get(word, word) for word in new}
        self.public |= new if row.audience == "network" else set()
        self.left |= held - holds

    def learn(self) -> None:
        """Write the new words, drop those that no document has any more."""
        if self.spelled:
            spelling.learn(self.spelled, self.public)
        gone = {word for word in self.left if not anywhere(word)}
        if gone:
            spelling.forget(gone)
