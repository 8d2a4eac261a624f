"""What the address of the list asks for: read once, written again by every link."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from flask_babel import gettext as _

from incubator.blueprints.exchanges.words import KINDS, MODES
from incubator.domain.exchanges.listings.lists import NEWEST, REMOTE, SORTS, Filters
from incubator.kernel.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from incubator.network.members.vocabulary import Term, Vocabulary
    from incubator.network.sites.queries import Place

LONGEST = 200


class Chosen(NamedTuple):
    """Something that narrows the list, and the address without it."""

    label: str
    rest: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Looking:
    """What is looked for, as the page shows it; ``place`` is a site or «remote»."""

    kind: str = ""
    words: str = ""
    skill: Term | None = None
    site: Place | None = None
    remote: bool = False
    mode: str = ""
    sort: str = NEWEST

    @property
    def address(self) -> dict[str, str]:
        """The arguments of its address; what does not choose is left out."""
        told = {
            "kind": self.kind,
            "q": self.words,
            "skill": self.skill.slug if self.skill else "",
            "place": REMOTE if self.remote else self.site.slug if self.site else "",
            "mode": self.mode,
            "sort": "" if self.sort == NEWEST else self.sort,
        }
        return {name: value for name, value in told.items() if value}

    @property
    def kept(self) -> dict[str, str]:
        """The address without its kind."""
        return {name: value for name, value in self.address.items() if name != "kind"}

    @property
    def chosen(self) -> list[Chosen]:
        """Everything that narrows the list, each with a way to drop it."""
        told: list[tuple[str, dict[str, Any]]] = [
            (_("“%(words)s”", words=self.words) if self.words else "", {"words": ""}),
            (self.skill.name if self.skill else "", {"skill": None}),
            (self.site.city if self.site else "", {"site": None}),
            (_("Remotely") if self.remote else "", {"remote": False}),
            (str(MODES[self.mode].name) if self.mode else "", {"mode": ""}),
        ]
        return [Chosen(label, replace(self, **less).address) for label, less in told if label]

    @property
    def called(self) -> str:
        """A name for this search, if it is kept."""
        kind = str(KINDS[self.kind]) if self.kind else ""
        return ", ".join(filter(None, (kind, *(each.label for each in self.chosen))))[:80]

    def filters(self, known: Vocabulary) -> Filters:
        """The same as the list takes it."""
        return Filters(
            kind=self.kind,
            text=self.words,
            skill_ids=known.with_merged(self.skill) if self.skill else None,
            site_id=self.site.id if self.site else None,
            remote=self.remote,
            mode=self.mode,
            sort=self.sort,
        )


def read(asked: Mapping[str, str], known: Vocabulary, places: Sequence[Place]) -> Looking:
    """What an address asks for; what means nothing does not choose."""
    skill = asked.get("skill", "").strip()[:LONGEST]
    place = asked.get("place", "")
    return Looking(
        kind=asked.get("kind", "") if asked.get("kind") in KINDS else "",
        words=one_line(asked.get("q", "").replace("\0", ""))[:LONGEST],
        skill=(known.with_slug(skill) or known.named(skill)) if skill else None,
        site=next((each for each in places if each.slug == place), None),
        remote=place == REMOTE,
        mode=asked.get("mode", "") if asked.get("mode") in MODES else "",
        sort=asked.get("sort", "") if asked.get("sort") in SORTS else NEWEST,
    )


def of_filters(filters: Filters, known: Vocabulary, places: Sequence[Place]) -> Looking:
    """The address of filters that were kept."""
    skills = set(filters.skill_ids or ())
    heads = [known.terms[each] for each in sorted(skills) if each in known.terms]
    widest = next((term for term in heads if set(known.with_merged(term)) >= skills), None)
    return Looking(
        kind=filters.kind,
        words=filters.text,
        skill=widest or next(iter(heads), None),
        site=next((each for each in places if each.id == filters.site_id), None),
        remote=filters.remote,
        mode=filters.mode,
        sort=filters.sort,
    )
