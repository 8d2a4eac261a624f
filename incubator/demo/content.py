"""Read the demo's texts from ``data/*.toml`` into the shapes; pure, no database."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import time
from pathlib import Path
from typing import Any

from incubator.demo.moments import When
from incubator.demo.shapes import (
    Announced,
    Answer,
    Applicant,
    Arrivals,
    Asked,
    Closure,
    Content,
    Firm,
    FirmRequest,
    House,
    Kind,
    Lettered,
    Listed,
    Member,
    Message,
    Opening,
    PastRole,
    Patterns,
    Profile,
    Rhythm,
    Room,
    Shelved,
    Shown,
    Site,
    Skill,
    Thread,
)

Table = dict[str, Any]

DATA = Path(__file__).parent / "data"
DOMAIN = "passerelles.example"
# The clock of the rooms that belong to no site.
NETWORK_CLOCK = "Europe/Paris"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_THREAD_LINK = re.compile(r"\]\(thread:([a-z0-9-]+)\)")


def load(data: Path = DATA) -> Content:
    """Return the whole demo network; the same files give the same content, in the same order."""
    sites = tuple(_site(row) for row in _read(data / "sites.toml")["site"])
    clocks = {site.slug: site.time_zone for site in sites}
    members = tuple(_member(row, slug) for slug in clocks for row in _rows(data, "members", slug))
    return Content(
        sites=sites,
        skills=tuple(_skills(_read(data / "skills.toml")["family"])),
        members=members,
        profiles=tuple(_profile(row) for row in _read(data / "profiles.toml")["profile"]),
        firms=tuple(_firm(row, slug) for slug in clocks for row in _rows(data, "firms", slug)),
        firm_requests=tuple(map(_firm_request, _read(data / "requests.toml")["request"])),
        threads=tuple(
            _thread(row, slug, clock)
            for slug, clock in clocks.items()
            for row in _rows(data, "threads", slug)
        ),
        rooms=tuple(_rooms(data / "rooms", clocks)),
        patterns=_patterns(_read(data / "hours.toml")),
        house=_house(_read(data / "house.toml")),
        listings=tuple(_listed(row) for row in _read(data / "listings.toml")["listing"]),
        **_arrivals(_read(data / "arrivals.toml")),
    )


def email_of(key: str) -> str:
    """Return the address of a person named ``first.last`` in the files."""
    return f"{key}@{DOMAIN}"


def threads_linked(body: str) -> tuple[str, ...]:
    """Return the slugs of the threads that a message links to."""
    return tuple(_THREAD_LINK.findall(body))


def with_addresses(body: str, address_of: Callable[[str], str]) -> str:
    """Return a message whose links lead to ``address_of(slug)`` instead of ``thread:slug``."""
    return _THREAD_LINK.sub(lambda link: f"]({address_of(link[1])})", body)


def _read(path: Path) -> Table:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _rows(data: Path, folder: str, slug: str) -> list[Table]:
    """Return the tables of one site's file: ``members/lyon.toml`` holds ``[[member]]``."""
    rows: list[Table] = _read(data / folder / f"{slug}.toml")[folder.removesuffix("s")]
    return rows


def _clock(text: str) -> time:
    return time.fromisoformat(text)


def _site(row: Table) -> Site:
    openings = tuple(
        Opening(weekday=WEEKDAYS.index(day), opens=_clock(opens), closes=_clock(closes))
        for day, ranges in row.pop("hours").items()
        for opens, closes in ranges
    )
    closures = tuple(Closure(**closure) for closure in row.pop("closures"))
    return Site(**row, openings=openings, closures=closures)


def _skills(families: list[Table]) -> Iterator[Skill]:
    for family in families:
        yield _skill(family, None)
        for row in family["skills"]:
            yield _skill(row, family["slug"])


def _skill(row: Table, parent: str | None) -> Skill:
    return Skill(
        slug=row["slug"],
        fr=row["fr"],
        en=row["en"],
        also_fr=tuple(row.get("fr_also", ())),
        also_en=tuple(row.get("en_also", ())),
        parent=parent,
    )


def _member(row: Table, site: str) -> Member:
    return Member(
        email=email_of(row["key"]),
        name=row["name"],
        site=site,
        role=row.get("role", "resident"),
        headline=row["headline"],
        about=row["about"],
        skills=tuple(row["skills"].items()),
        wanted=tuple(row["wanted"]),
        languages=tuple(row["languages"]),
        phone=row.get("phone"),
        pledge_minutes=row["pledge"],
        time_zone=row.get("time_zone"),
        rhythm=row["rhythm"],
        joined_days_ago=row["joined"],
    )


def _profile(row: Table) -> Profile:
    away, mentor = row.get("availability"), row.get("mentoring")
    return Profile(
        email=email_of(row["key"]),
        pronouns=row.get("pronouns", ""),
        links=tuple((label, address) for label, address in row.get("links", ())),
        ways=tuple(row["ways"]),
        availability=(away["state"], away.get("days")) if away else None,
        mentoring=(mentor["capacity"], mentor["about"], mentor.get("paused_days"))
        if mentor
        else None,
        audiences=row.get("audiences", {}),
    )


def _firm(row: Table, site: str) -> Firm:
    people = tuple((email_of(key), role) for key, role in row["people"].items())
    return Firm(
        slug=row["slug"],
        name=row["name"],
        site=site,
        sector=row["sector"],
        activity=row["activity"],
        since=row["since"],
        size=row["size"],
        short=row["short"],
        long=row["long"],
        web=f"https://{row['web']}",
        siren=row.get("siren"),
        offers=tuple(row["offers"]),
        needs=tuple(row["needs"]),
        people=people,
        past=tuple(
            PastRole(
                email=email_of(each["who"]),
                title=each["title"],
                began=each["from"],
                ended=each["to"],
            )
            for each in row.get("past", ())
        ),
        left_days_ago=row.get("left"),
    )


def _firm_request(row: Table) -> FirmRequest:
    return FirmRequest(
        kind=row["kind"],
        firm=row["firm"],
        email=email_of(row["who"]),
        title=row["title"],
        message=row["message"],
        days_ago=row["days_ago"],
    )


def _thread(row: Table, site: str, clock: str) -> Thread:
    answers = tuple(
        Answer(
            author=email_of(answer["author"]),
            body=answer["body"].strip(),
            when=_when(answer, clock),
            accepted=answer.get("accepted", False),
        )
        for answer in row.get("answers", ())
    )
    return Thread(
        slug=row["slug"],
        title=row["title"],
        body=row["body"].strip(),
        author=email_of(row["author"]),
        site=site,
        skills=tuple(row["skills"]),
        when=_when(row, clock),
        answers=answers,
    )


def _when(row: Table, clock: str) -> When:
    return When(days_ago=row["days_ago"], at=_clock(row["at"]), time_zone=clock)


def _rooms(folder: Path, clocks: Mapping[str, str]) -> Iterator[Room]:
    for slug, clock in clocks.items():
        yield _room(_read(folder / f"site-{slug}.toml"), clock)
    yield _room(_read(folder / "network.toml"), NETWORK_CLOCK)
    for row in _read(folder / "topics.toml")["room"]:
        yield _room({**row, "key": f"topic:{row['slug']}"}, NETWORK_CLOCK)
    for row in _read(folder / "direct.toml")["room"]:
        key = f"direct:{'+'.join(sorted(row['members']))}"
        yield _room({**row, "key": key, "private": True}, NETWORK_CLOCK)


def _room(row: Table, clock: str) -> Room:
    """Return a room; those with a ``members`` list also count their authors as members."""
    messages = tuple(
        Message(
            author=email_of(message["by"]),
            body=message["body"],
            when=When(days_ago=day["days_ago"], at=_clock(message["at"]), time_zone=clock),
        )
        for day in row["day"]
        for message in day["messages"]
    )
    listed = [email_of(key) for key in row.get("members", ())]
    wrote = [message.author for message in messages if listed]
    return Room(
        key=row["key"],
        name=row.get("name"),
        about=row.get("about"),
        private=row.get("private", False),
        archived=row.get("archived", False),
        members=tuple(dict.fromkeys(listed + wrote)),
        messages=messages,
    )


def _arrivals(table: Table) -> Table:
    charter = table["charter"]
    names = ("title_fr", "title_en", "body_fr", "body_en")
    return {
        "charter": tuple(charter[name].strip() for name in names),
        "arrivals": tuple(
            Arrivals(
                site=row["slug"],
                intro_fr=row["intro_fr"],
                intro_en=row["intro_en"],
                welcomed=tuple(email_of(key) for key in row["welcomed"]),
                questions=tuple(_asked(question) for question in row["question"]),
                applicants=tuple(_applicant(applicant) for applicant in row["applicant"]),
            )
            for row in table["site"]
        ),
    }


def _asked(row: Table) -> Asked:
    return Asked(
        kind=row["kind"],
        fr=row["fr"],
        en=row["en"],
        required=row.get("required", False),
        options_fr=tuple(row.get("options_fr", ())),
        options_en=tuple(row.get("options_en", ())),
    )


def _applicant(row: Table) -> Applicant:
    return Applicant(
        **{name: row[name] for name in ("name", "email", "activity", "why", "gives", "state")},
        firm=row.get("firm", ""),
        city=row["city"],
        language=row.get("language", "fr"),
        answers=tuple(row["answers"]),
        reason=row.get("reason", ""),
        days_ago=row["days_ago"],
        said=tuple(row.get("said", ())),
        note=row.get("note", ""),
    )


def _patterns(table: Table) -> Patterns:
    kinds = tuple(
        Kind(
            code=row["code"],
            weight=row["weight"],
            minutes=tuple(row["minutes"]),
            receiver=row["receiver"],
            needs=frozenset(row["needs"]),
            notes=tuple(row["notes"]),
        )
        for row in table["kind"]
    )
    rhythms = {name: Rhythm(**row) for name, row in table["rhythm"].items()}
    return Patterns(kinds=kinds, rhythms=rhythms, refusals=tuple(table["refusal"]["reasons"]))


def _house(table: Table) -> House:
    """Return what the houses say and keep; rows without a site are the network's."""
    return House(
        letters=tuple(Lettered(**_of_house(row)) for row in table["letter"]),
        notices=tuple(Announced(**_of_house(row)) for row in table["notice"]),
        documents=tuple(Shelved(**_of_house(row)) for row in table["document"]),
        presences=tuple(
            Shown(
                email=email_of(row["key"]),
                audience=row["audience"],
                usual=tuple(row["usual"]),
                minutes=row.get("minutes"),
            )
            for row in table["presence"]
        ),
    )


def _listed(row: Table) -> Listed:
    lists: Table = {name: tuple(row[name]) for name in ("skills", "modes", "value") if name in row}
    return Listed(**{**row, **lists})


def _of_house(row: Table) -> Table:
    return {"site": None} | row | {"by": email_of(row["by"])}
