"""The words by which a firm is found: near ones of its name and trade, far ones of what it says.

All lie in one table. Far words and stems are marked, so that who looks for names like one's own
meets near words alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, delete, or_, select

from incubator.kernel.db import db, transaction
from incubator.kernel.jobs import job, later
from incubator.kernel.stems import SMALL, stems
from incubator.kernel.text import plain_text, words
from incubator.network.members.firm_models import Firm, FirmSkill, FirmWord
from incubator.network.members.models import Skill

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Select

INDEX_ALL: Final = "members.index_firms"
BATCH: Final = 200
LONGEST: Final = 59
FAR, STEM = "~", "="
# What a firm says of itself is cut here: no page of text makes a firm be found by everything.
FAR_MOST: Final = 300
# Words hold letters and digits only; «{» comes right after «z», and the marks lie beyond.
_END: Final = "{"
# Where a word begins within the name of a skill: «tapisserie d’ameublement».
_BEFORE: Final = ("", "% ", "%’", "%'", "%-")


def write_words(firm: Firm) -> None:
    """Rewrite what search knows of a firm; call it in the transaction of the change."""
    db.session.execute(delete(FirmWord).where(FirmWord.firm_id == firm.id))
    db.session.add_all(FirmWord(word=word, firm_id=firm.id) for word in sorted(_words_of(firm)))
    db.session.flush()


def _words_of(firm: Firm) -> set[str]:
    near = {word[:LONGEST] for text in (firm.name, firm.activity) for word in words(text)}
    said = words(f"{firm.pitch} {plain_text(firm.about_html)}")
    far = list(dict.fromkeys(word[:LONGEST] for word in said if word not in SMALL))[:FAR_MOST]
    rooted = {stem[:LONGEST] for word in (*near, *far) for stem in stems(word)}
    return (
        near | {FAR + word for word in far if word not in near} | {STEM + each for each in rooted}
    )


def with_word(word: str) -> Select[int]:
    """The firms with a word that begins so or has the same stem, or with a skill called so."""
    ways = [_begins(word), _begins(FAR + word)]
    ways += [FirmWord.word == STEM + stem for stem in sorted(stems(word))]
    said = select(FirmWord.firm_id).where(or_(*ways))
    skilled = select(FirmSkill.firm_id).join(Skill, Skill.id == FirmSkill.skill_id)
    called = [
        key.like(before + word + "%") for key in (Skill.key_fr, Skill.key_en) for before in _BEFORE
    ]
    return select(Firm.id).where(or_(Firm.id.in_(said), Firm.id.in_(skilled.where(or_(*called)))))


def _begins(word: str) -> ColumnElement[bool]:
    return and_(FirmWord.word >= word, FirmWord.word < word + _END)


@job(INDEX_ALL)
def index_all(payload: Mapping[str, Any]) -> None:
    """Write the words of every firm from ``after`` on, a batch a job; for those from before."""
    after = int(payload.get("after", 0))
    with transaction():
        query = select(Firm).where(Firm.id > after).order_by(Firm.id).limit(BATCH)
        firms = db.session.scalars(query).all()
        for firm in firms:
            write_words(firm)
        if len(firms) == BATCH:
            later(INDEX_ALL, {"after": firms[-1].id})
