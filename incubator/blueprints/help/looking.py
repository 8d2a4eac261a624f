"""What the address of the threads asks for: read once, and written again by every link."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.domain.help import search, search_terms
from incubator.kernel.text import fold
from incubator.network.members.suggesting import suggested

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from incubator.network.members.vocabulary import Term, Vocabulary
    from incubator.network.sites.queries import Place

VIEW_WORDS: Final = {
    "for_me": _l("For you"),
    "open": _l("Still open"),
    "unanswered": _l("Unanswered"),
    "solved": _l("Solved threads"),
    "mine": _l("My questions"),
    "followed": _l("Followed"),
    "saved": _l("Kept"),
    "all": _l("All threads"),
}
FOR_GUESTS: Final = ("open", "unanswered", "solved", "all")
SORT_WORDS: Final = {
    search.RELEVANCE: _l("By relevance"),
    search.ACTIVITY: _l("Latest activity"),
    search.NEWEST: _l("Newest questions"),
    search.OLDEST: _l("Oldest questions"),
    search.USEFUL: _l("Most useful"),
}
SHORTEST_PLACE: Final = 3


class Chosen(NamedTuple):
    """Something that narrows the list, and the address without it."""

    label: str
    rest: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Looking:
    """What is looked for, as the page shows it."""

    view: str
    words: str = ""
    skill: Term | None = None
    site: Place | None = None
    author: str = ""
    sort: str = ""
    exact: bool = False

    @property
    def address(self) -> dict[str, str]:
        """The arguments of its address; what does not choose is left out."""
        told = {
            "view": self.view,
            "q": self.words,
            "skill": self.skill.slug if self.skill else "",
            "site": self.site.slug if self.site else "",
            "from": self.author,
            "sort": self.sort,
            "exact": "1" if self.exact else "",
        }
        return {name: value for name, value in told.items() if value}

    @property
    def kept(self) -> dict[str, str]:
        """The address without its view."""
        return {name: value for name, value in self.address.items() if name != "view"}

    @property
    def chosen(self) -> list[Chosen]:
        """Everything that narrows the view, each with a way to drop it."""
        told: list[tuple[str, dict[str, Any]]] = [
            (self.skill.name if self.skill else "", {"skill": None}),
            (self.site.city if self.site else "", {"site": None}),
            (_("Asked by: %(name)s", name=self.author) if self.author else "", {"author": ""}),
            (
                _("“%(words)s”", words=self.words) if self.words else "",
                {"words": "", "exact": False},
            ),
        ]
        return [Chosen(label, replace(self, **less).address) for label, less in told if label]

    def without_guesses(self) -> dict[str, str]:
        """The address of the same search with the words as typed."""
        return replace(self, exact=True).address

    def filters(self, known: Vocabulary) -> search.Filters:
        """The same as the search takes it."""
        return search.Filters(
            view=self.view,
            text=self.words,
            exact=self.exact,
            skill_ids=known.with_merged(self.skill) if self.skill else (),
            site_id=self.site.id if self.site else None,
            author=self.author,
            sort=self.sort,
        )


@dataclass(frozen=True)
class House:
    """What an address may name: the vocabulary in the reader's language, and the sites."""

    known: Vocabulary
    places: Sequence[Place]
    language: str


def read(asked: Mapping[str, str], house: House, *, usual: str = "all") -> Looking:
    """What an address asks for; what was typed goes before what was chosen.

    A typed value that means no site and no skill is a word like the others. ``usual`` is the view
    of an address that asks for nothing.
    """
    known, places = house.known, house.places
    typed = search_terms.parse(asked.get("q", ""))
    site = _place(typed.site, places)
    skill = _skill(typed.skill, known, house.language)
    lost = [value for value, found in ((typed.site, site), (typed.skill, skill)) if not found]
    words = " ".join(filter(None, (typed.words, *lost)))
    looking = Looking(
        view="all",
        words=words,
        skill=skill or _chosen_skill(asked.get("skill", ""), known),
        site=site or next((each for each in places if each.slug == asked.get("site")), None),
        author=(typed.author or asked.get("from", "")).strip()[: search_terms.LONGEST],
        sort=asked.get("sort", "") if asked.get("sort") in search.SORTS else "",
        exact=asked.get("exact") == "1",
    )
    return replace(looking, view=typed.state or _view(asked.get("view", ""), looking, usual))


def _view(asked: str, looking: Looking, usual: str) -> str:
    if asked in search.VIEWS:
        return asked
    return "all" if looking.chosen or looking.sort else usual


def _chosen_skill(slug: str, known: Vocabulary) -> Term | None:
    typed = slug.strip()[: search_terms.LONGEST]
    return known.with_slug(typed) or known.named(typed) if typed else None


def _skill(typed: str, known: Vocabulary, language: str) -> Term | None:
    """The term of a typed value: its address, its name, a synonym or a beginning of one."""
    if not typed:
        return None
    return _chosen_skill(typed, known) or next(iter(suggested(typed, language)), None)


def _place(typed: str, places: Sequence[Place]) -> Place | None:
    """The site of a typed value: its address, its city or its name, or a beginning of them."""
    wanted = fold(typed)
    if len(wanted) < SHORTEST_PLACE:
        return None
    exact = next((each for each in places if wanted in {each.slug, fold(each.city)}), None)
    begun = (each for each in places if fold(f"{each.city} {each.name}").startswith(wanted))
    return exact or next(begun, None)
