"""What the address of the directory asks for: read once, and written again by every link."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from flask_babel import gettext as _

from incubator.blueprints.members.words import language_name
from incubator.edge.sectors import sector_name
from incubator.network.members import directory
from incubator.network.members.rules import SPOKEN
from incubator.network.members.sectors import SECTORS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from incubator.network.members.vocabulary import Term, Vocabulary
    from incubator.network.sites.queries import Place

LONGEST = 200
CARDS, LIST = VIEWS = ("", "list")


class Chosen(NamedTuple):
    """Something that narrows the list, and the address without it."""

    label: str
    rest: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Looking:
    """What is looked for, as the page shows it."""

    q: str = ""
    skill: Term | None = None
    wanted: Term | None = None
    site: Place | None = None
    sector: str = ""
    speaks: str = ""
    here: bool = False
    mentor: bool = False
    sort: str = ""
    view: str = ""
    exact: bool = False

    @property
    def address(self) -> dict[str, str]:
        """The arguments of its address; what does not choose is left out."""
        told = {
            "q": self.q,
            "skill": self.skill.slug if self.skill else "",
            "wanted": self.wanted.slug if self.wanted else "",
            "site": self.site.slug if self.site else "",
            "sector": self.sector,
            "speaks": self.speaks,
            "here": "1" if self.here else "",
            "mentor": "1" if self.mentor else "",
            "sort": self.sort,
            "view": self.view,
            "exact": "1" if self.exact else "",
        }
        return {name: value for name, value in told.items() if value}

    @property
    def narrows(self) -> bool:
        """Whether it chooses at all."""
        return bool(self.chosen)

    @property
    def chosen(self) -> list[Chosen]:
        """Everything that narrows the list, each with a way to drop it."""
        told: list[tuple[str, dict[str, Any]]] = [
            (self.site.city if self.site else "", {"site": None}),
            (self.skill.name if self.skill else "", {"skill": None}),
            (
                _("Looks for: %(skill)s", skill=self.wanted.name) if self.wanted else "",
                {"wanted": None},
            ),
            (sector_name(self.sector), {"sector": ""}),
            (language_name(self.speaks) if self.speaks else "", {"speaks": ""}),
            (_("On site now") if self.here else "", {"here": False}),
            (_("Mentors") if self.mentor else "", {"mentor": False}),
            (_("“%(words)s”", words=self.q) if self.q else "", {"q": "", "exact": False}),
        ]
        return [Chosen(label, replace(self, **less).address) for label, less in told if label]

    def without_guesses(self) -> dict[str, str]:
        """The address of the same search with the words as typed."""
        return replace(self, exact=True).address

    def seen_as(self, view: str) -> dict[str, str]:
        """The address of the same list, drawn otherwise."""
        return replace(self, view=view).address

    def filters(self, known: Vocabulary, now: datetime) -> directory.Filters:
        """The same as the directory takes it."""
        return directory.Filters(
            text=self.q,
            exact=self.exact,
            skill_ids=known.with_merged(self.skill) if self.skill else (),
            wanted_ids=known.with_merged(self.wanted) if self.wanted else (),
            site_id=self.site.id if self.site else None,
            sector=self.sector,
            speaks=self.speaks,
            mentors=self.mentor,
            here_at=now if self.here else None,
            sort=self.sort,
        )


def read(asked: Mapping[str, str], known: Vocabulary, places: Sequence[Place]) -> Looking:
    """What an address asks for; what it cannot mean is left out."""
    sector = asked.get("sector", "")
    sort, speaks, view = asked.get("sort", ""), asked.get("speaks", ""), asked.get("view", "")
    return Looking(
        q=asked.get("q", "").strip()[:LONGEST],
        skill=_term(asked, "skill", known),
        wanted=_term(asked, "wanted", known),
        site=next((each for each in places if each.slug == asked.get("site")), None),
        sector=sector if sector in SECTORS else "",
        speaks=speaks if speaks in SPOKEN else "",
        here=asked.get("here") == "1",
        mentor=asked.get("mentor") == "1",
        sort=sort if sort in directory.SORTS else "",
        view=view if view in VIEWS else "",
        exact=asked.get("exact") == "1",
    )


def _term(asked: Mapping[str, str], name: str, known: Vocabulary) -> Term | None:
    """The term of a filter: its address part, or what was typed without choosing from the list."""
    typed = asked.get(name, "").strip()[:LONGEST]
    return known.with_slug(typed) or known.named(typed) if typed else None
