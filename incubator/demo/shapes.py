"""The shapes of the demo's texts: frozen, free of the database, people named by their e-mail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from incubator.demo.moments import When


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A range of one weekday (Monday is 0), in the local time of the site."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Some days on which a site is closed; ``starts_in_days`` may be negative (past)."""

    starts_in_days: int
    days: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place; ``hue`` is one of twelve, ``capacity`` counts desks."""

    slug: str
    name: str
    city: str
    country: str
    holiday_subdivision: str
    time_zone: str
    address: str
    capacity: int
    hue: int
    presentation: str
    openings: tuple[Opening, ...]
    closures: tuple[Closure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """A word of the vocabulary; ``parent`` is the slug of its family, None for a family."""

    slug: str
    fr: str
    en: str
    also_fr: tuple[str, ...]
    also_en: tuple[str, ...]
    parent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person; ``skills`` gives slug and level (1 to 3), ``time_zone`` only if not the site's."""

    email: str
    name: str
    site: str
    role: str
    headline: str
    about: str
    skills: tuple[tuple[str, int], ...]
    wanted: tuple[str, ...]
    languages: tuple[str, ...]
    phone: str | None
    pledge_minutes: int
    time_zone: str | None
    rhythm: str
    joined_days_ago: int

    @property
    def first_name(self) -> str:
        """Return what the others call them."""
        return self.name.split()[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What some members say besides; days are counted from the loading of the demo.

    ``availability`` is a state with its days or None, ``mentoring`` a capacity, what about and
    the days of a pause or None.
    """

    email: str
    pronouns: str
    links: tuple[tuple[str, str], ...]
    ways: tuple[str, ...]
    availability: tuple[str, int | None] | None
    mentoring: tuple[int, str, int | None] | None
    audiences: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRole:
    """What a member was in a firm, begun and ended so many days ago."""

    email: str
    title: str
    began: int
    ended: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmRequest:
    """A request between a member and a firm (slug): «join», «invite» or «claim»."""

    kind: str
    firm: str
    email: str
    title: str
    message: str
    days_ago: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """A firm; ``people`` gives e-mail and role, ``siren`` is None outside France or if young.

    ``left_days_ago`` is when its founder ended their role, None where they are still there.
    """

    slug: str
    name: str
    site: str
    sector: str
    activity: str
    since: int
    size: int
    short: str
    long: str
    web: str
    siren: str | None
    offers: tuple[str, ...]
    needs: tuple[str, ...]
    people: tuple[tuple[str, str], ...]
    past: tuple[PastRole, ...]
    left_days_ago: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer to a question, in Markdown."""

    author: str
    body: str
    when: When
    accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A question in Markdown; all its times are on the clock of the asker's site."""

    slug: str
    title: str
    body: str
    author: str
    site: str
    skills: tuple[str, ...]
    when: When
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message; links to threads are written ``[words](thread:slug)``."""

    author: str
    body: str
    when: When


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room: ``key`` is ``site:<slug>``, ``network``, ``topic:<slug>`` or ``direct:<people>``.

    Name and about are None for the rooms that the product makes by itself; ``members``
    (e-mails) is empty for those too.
    """

    key: str
    name: str | None
    about: str | None
    private: bool
    archived: bool
    members: tuple[str, ...]
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of contribution: how often, how long (minutes), for whom, in which words."""

    code: str
    weight: int
    minutes: tuple[int, ...]
    receiver: str
    needs: frozenset[str]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Which share of the pledge a member gives, in hundredths, and the latest silence."""

    least: int
    most: int
    quiet_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """What six months of hours are drawn from."""

    kinds: tuple[Kind, ...]
    rhythms: Mapping[str, Rhythm]
    refusals: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """An announcement to a site (None: to the network), so many hours ago, for days from today."""

    site: str | None
    by: str
    hours_ago: int
    days: int
    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A need or an offer of a firm; ``value`` in euros before tax, ``radius`` in kilometres.

    Published ``ago`` days before the load; a need ends so many days after it (``lasts``).
    """

    kind: str
    firm: str
    title: str
    body: str
    skills: tuple[str, ...]
    modes: tuple[str, ...]
    ago: int
    value: tuple[int, int] | None = None
    radius: int | None = None
    remote: bool = False
    quantity: int | None = None
    unit: str = ""
    lasts: int | None = None
    state: str = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A text kept with the documents of a site (None: of the network)."""

    site: str | None
    by: str
    title: str
    about: str
    audience: str
    file: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Who lets whom see their presence, when they usually come, since when they are there."""

    email: str
    audience: str
    usual: tuple[int, ...]
    minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lettered:
    """A letter of a site about a week, and who edited it."""

    site: str
    by: str
    weeks_ago: int
    title: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What the houses say and keep, and who is there."""

    letters: tuple[Lettered, ...]
    notices: tuple[Announced, ...]
    documents: tuple[Shelved, ...]
    presences: tuple[Shown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of a site's form, in both languages."""

    kind: str
    fr: str
    en: str
    required: bool
    options_fr: tuple[str, ...]
    options_en: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Somebody who applies; ``said`` are words of «site: …» or «applicant: …», in their order."""

    name: str
    email: str
    activity: str
    firm: str
    city: str
    why: str
    gives: str
    language: str
    answers: tuple[str, ...]
    state: str
    reason: str
    days_ago: int
    said: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """How people come to a site; ``welcomed`` are e-mails of members who came lately."""

    site: str
    intro_fr: str
    intro_en: str
    welcomed: tuple[str, ...]
    questions: tuple[Asked, ...]
    applicants: tuple[Applicant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The whole demo network; ``charter`` has two titles and two texts, French first."""

    sites: tuple[Site, ...]
    skills: tuple[Skill, ...]
    members: tuple[Member, ...]
    profiles: tuple[Profile, ...]
    firms: tuple[Firm, ...]
    firm_requests: tuple[FirmRequest, ...]
    threads: tuple[Thread, ...]
    rooms: tuple[Room, ...]
    patterns: Patterns
    house: House
    listings: tuple[Listed, ...]
    charter: tuple[str, str, str, str]
    arrivals: tuple[Arrivals, ...]
