"""Keeping the vocabulary: names, places in the tree, synonyms, merges. Administrators do it.

Documents of members hold only the ids of skills: none of this needs a new index.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from incubator.kernel.db import db
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.events import record
from incubator.kernel.text import fold, slugify
from incubator.network.members import policy, rules
from incubator.network.members.events import SkillAdded, SkillChanged, SkillsMerged
from incubator.network.members.models import MemberSkill, Skill, SkillSynonym, key_of
from incubator.network.members.skill_models import SkillMerge
from incubator.network.members.skill_uses import move_uses, uses, uses_by_firms

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence

    from incubator.network.members.actor import Actor

MOST_SYNONYMS = 30


@dataclass(frozen=True, kw_only=True)
class Words:
    """How a term is called: its names, and other words for it by language."""

    name_fr: str
    name_en: str
    synonyms: Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class MergePreview:
    """What a merge would do: who uses the term that goes, who both, what hangs on it.

    ``both`` counts members, ``firms`` those that offer it or look for it.
    """

    offering: int
    wanting: int
    both: int
    firms: int
    below: int
    synonyms: tuple[str, ...]


def skill_of(by: Actor | None, skill_id: int, *, lock: bool = False) -> Skill:
    """A term of the vocabulary that ``by`` may change.

    Raise NotAllowed ``members.curate``; NotFound ``members.skill`` also for a merged one.
    """
    if not policy.may_curate(by):
        raise NotAllowed("members.curate")
    query = select(Skill).where(Skill.id == skill_id)
    found = db.session.scalar(query.with_for_update() if lock else query)
    merged = select(SkillMerge.kept_id).where(SkillMerge.gone_id == skill_id)
    if found is None or db.session.scalar(merged):
        raise NotFound("members.skill")
    return found


def synonyms_of(skill_id: int) -> dict[str, list[str]]:
    """The other words for a term, by language."""
    found: dict[str, list[str]] = {"fr": [], "en": []}
    query = select(SkillSynonym).where(SkillSynonym.skill_id == skill_id).order_by(SkillSynonym.id)
    for each in db.session.scalars(query):
        found.setdefault(each.language, []).append(each.name)
    return found


def add_skill(
    by: Actor | None,
    *,
    slug: str,
    name_fr: str,
    name_en: str,
    parent_id: int | None = None,
    synonyms: Sequence[tuple[str, str]] = (),
) -> Skill:
    """Add a term to the vocabulary; ``synonyms`` are pairs of a language and a word.

    Raise NotAllowed ``members.curate``; Refusal ``members.skill_taken`` or ``members.too_long``.
    """
    if not policy.may_curate(by):
        raise NotAllowed("members.curate")
    if db.session.scalar(select(Skill.id).where(Skill.slug == slug)):
        raise Refusal("members.skill_taken", field="slug")
    french = rules.fit(name_fr, "name_fr", most=80, least=1)
    english = rules.fit(name_en, "name_en", most=80, least=1)
    skill = Skill(slug=slugify(slug), parent_id=parent_id)
    with _holding(french, english):
        skill.name_fr, skill.name_en = french, english
        db.session.add(skill)
    others = {fold(word): (language, word) for language, word in synonyms}
    db.session.add_all(
        SkillSynonym(
            skill_id=skill.id,
            language=language,
            name=rules.fit(word, "synonyms", most=80),
            folded=folded[:80],
        )
        for folded, (language, word) in others.items()
    )
    db.session.flush()
    record(SkillAdded(actor_id=by.id if by else None, skill_id=skill.id))
    return skill


def edit_skill(by: Actor | None, *, skill_id: int, words: Words, parent_id: int | None) -> Skill:
    """Rename a term, move it below another, say by which words else it is meant.

    Raise NotAllowed, NotFound; Refusal ``members.empty``, ``members.too_long``,
    ``members.skill_taken``, ``members.skill_cycle`` or ``members.too_many_synonyms``.
    """
    skill = skill_of(by, skill_id, lock=True)
    name_fr = rules.fit(words.name_fr, "name_fr", most=80, least=1)
    name_en = rules.fit(words.name_en, "name_en", most=80, least=1)
    if parent_id is not None and skill_id in _line_up(parent_id):
        raise Refusal("members.skill_cycle", field="parent")
    before = (skill.name_fr, skill.name_en, skill.parent_id, synonyms_of(skill_id))
    skill.parent_id = parent_id
    with _holding(name_fr, name_en, but=skill_id):
        skill.name_fr, skill.name_en = name_fr, name_en
        skill.key_fr, skill.key_en = key_of(name_fr), key_of(name_en)
    _write_synonyms(skill_id, words.synonyms)
    if before != (name_fr, name_en, parent_id, synonyms_of(skill_id)):
        record(SkillChanged(actor_id=by.id if by else None, skill_id=skill_id, name=name_fr))
    return skill


@contextmanager
def _holding(name_fr: str, name_en: str, *, but: int = 0) -> Generator[None]:
    """Write a term of these names; refuse those of another: nobody could choose between them."""
    for name, column, field in (
        (name_fr, Skill.key_fr, "name_fr"),
        (name_en, Skill.key_en, "name_en"),
    ):
        query = select(Skill.id).where(column == key_of(name), Skill.id != but)
        if db.session.scalar(query):
            raise Refusal("members.skill_taken", field=field)
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError as error:
        # A rival took it since: the unique keys of the table see to it.
        raise Refusal("members.skill_taken", field="name_fr") from error


def _line_up(skill_id: int) -> set[int]:
    """A term and all it belongs to."""
    line: set[int] = set()
    at: int | None = skill_id
    while at is not None and at not in line:
        line.add(at)
        at = db.session.scalar(select(Skill.parent_id).where(Skill.id == at))
    return line


def _write_synonyms(skill_id: int, wanted: Mapping[str, Iterable[str]]) -> None:
    words = {
        fold(word.strip())[:80]: (language, rules.fit(word, f"synonyms_{language}", most=80))
        for language, listed in wanted.items()
        for word in listed
        if word.strip()
    }
    if len(words) > MOST_SYNONYMS:
        raise Refusal("members.too_many_synonyms", field="synonyms_fr", most=MOST_SYNONYMS)
    db.session.execute(delete(SkillSynonym).where(SkillSynonym.skill_id == skill_id))
    db.session.add_all(
        SkillSynonym(skill_id=skill_id, language=language, name=word, folded=folded)
        for folded, (language, word) in words.items()
    )
    db.session.flush()


def add_synonym(skill_id: int, language: str, word: str) -> None:
    """Let a word mean a term, if it does not yet."""
    known = synonyms_of(skill_id)
    if fold(word) not in {fold(each) for listed in known.values() for each in listed}:
        known.setdefault(language, []).append(word)
        _write_synonyms(skill_id, known)


# ------------------------------------------------------------------------------------ merging
def preview_merge(by: Actor | None, *, gone_id: int, kept_id: int) -> MergePreview:
    """What merging ``gone_id`` into ``kept_id`` would do; raise as ``merge_skills``."""
    _check_merge(by, gone_id, kept_id, lock=False)
    other = aliased(MemberSkill)
    both = select(func.count(func.distinct(MemberSkill.member_id))).where(
        MemberSkill.skill_id == gone_id,
        select(other.member_id)
        .where(other.member_id == MemberSkill.member_id, other.skill_id == kept_id)
        .exists(),
    )
    below = select(func.count()).select_from(Skill).where(Skill.parent_id == gone_id)
    listed = synonyms_of(gone_id)
    offered, wanted = uses([gone_id])
    return MergePreview(
        offering=offered.get(gone_id, 0),
        wanting=wanted.get(gone_id, 0),
        both=int(db.session.scalar(both) or 0),
        firms=uses_by_firms([gone_id]).get(gone_id, 0),
        below=int(db.session.scalar(below) or 0),
        synonyms=tuple(word for words in listed.values() for word in words),
    )


def merge_skills(by: Actor | None, *, gone_id: int, kept_id: int) -> Skill:
    """Merge a term into another: its uses, what belongs to it and its words follow.

    Raise NotAllowed, NotFound; Refusal ``members.merge_itself`` or ``members.merge_below``.
    """
    gone, kept = _check_merge(by, gone_id, kept_id, lock=True)
    words = synonyms_of(kept_id)
    for language, listed in synonyms_of(gone_id).items():
        words[language] += listed
    words["fr"].append(gone.name_fr)
    words["en"].append(gone.name_en)
    gone.key_fr = gone.key_en = None
    own = {fold(kept.name_fr), fold(kept.name_en)}
    _write_synonyms(gone_id, {})
    _write_synonyms(
        kept_id,
        {
            language: [w for w in listed if fold(w) not in own][: MOST_SYNONYMS // 2]
            for language, listed in words.items()
        },
    )
    db.session.execute(update(Skill).where(Skill.parent_id == gone_id).values(parent_id=kept_id))
    db.session.execute(
        update(SkillMerge).where(SkillMerge.kept_id == gone_id).values(kept_id=kept_id)
    )
    move_uses(gone_id, kept_id)
    db.session.add(SkillMerge(gone_id=gone_id, kept_id=kept_id))
    db.session.flush()
    db.session.expire_all()
    record(
        SkillsMerged(
            actor_id=by.id if by else None, gone_id=gone_id, kept_id=kept_id, name=gone.name_fr
        )
    )
    return kept


def _check_merge(
    by: Actor | None, gone_id: int, kept_id: int, *, lock: bool
) -> tuple[Skill, Skill]:
    if gone_id == kept_id:
        raise Refusal("members.merge_itself", field="into")
    # In one order, so that two merges at once follow one another.
    found = {each: skill_of(by, each, lock=lock) for each in sorted((gone_id, kept_id))}
    if gone_id in _line_up(kept_id):
        raise Refusal("members.merge_below", field="into")
    return found[gone_id], found[kept_id]
