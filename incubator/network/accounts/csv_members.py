"""Reading a table of members as people really export it: either encoding, separator, language."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from incubator.kernel.errors import Refusal
from incubator.kernel.text import fold
from incubator.network.accounts.rules import clean_email, clean_name
from incubator.network.members.rules import clean_phone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

COLUMNS = {
    "email": ("email", "e-mail", "mail", "courriel", "adresse e-mail", "adresse mail"),
    "name": ("name", "nom", "nom complet", "full name", "prenom nom"),
    "first_name": ("first name", "firstname", "prenom"),
    "last_name": ("last name", "lastname", "surname", "nom de famille"),
    "site": ("site", "ville", "city", "pepiniere"),
    "role": ("role", "fonction"),
    "language": ("language", "langue"),
    "headline": ("headline", "metier", "activite", "presentation"),
    "phone": ("phone", "telephone", "tel"),
    "firm": ("firm", "company", "entreprise", "societe"),
}
ROLES = {
    "resident": ("resident", "residente", "membre", "member"),
    "guest": ("guest", "invite", "invitee"),
    "manager": ("manager", "responsable", "site manager", "responsable de site"),
}
LANGUAGES = {"fr": ("fr", "francais", "french"), "en": ("en", "anglais", "english")}
LIMITS = {"name": 120, "headline": 160, "firm": 120}
MOST_LINES = 10_000
# What Windows-1252 leaves undefined is read as the replacement character; what turns the direction
# of writing around would make a line say something else than it holds.
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffd]")


@dataclass(frozen=True)
class Fault:
    """What is wrong on a line (numbered as a text editor does; 1 is the header)."""

    line: int
    column: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One member as the table says, checked; empty where the cell or the column is."""

    number: int
    email: str
    name: str
    site_id: int
    role: str = ""
    language: str = ""
    headline: str = ""
    phone: str = ""
    firm: str = ""


@dataclass
class Table:
    """What was read: sound lines, and every fault found."""

    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_table(content: bytes, sites: Mapping[str, int]) -> Table:
    """Read a CSV file. ``sites`` gives the id of each folded site name, city and slug."""
    table = Table()
    text = _decode(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 1
    try:
        header = _header(next(reader, []), table)
        if not table.faults:
            rows = _Rows(header, sites, table)
            number = reader.line_num + 1
            for cells in reader:
                rows.read(number, cells)
                number = reader.line_num + 1
    except csv.Error as error:
        table.faults.append(Fault(number, "", f"The line is malformed: {error}."))
    return table


def _decode(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return ";" if first.count(";") > first.count(",") else ","


def _header(cells: list[str], table: Table) -> list[str]:
    names = {word: column for column, words in COLUMNS.items() for word in words}
    found = [names.get(" ".join(fold(cell).replace("_", " ").split()), "") for cell in cells]
    if "first_name" in found and "name" in found:
        # «Prénom;Nom»: here «Nom» is the family name.
        found[found.index("name")] = "last_name"
    for column in ("email", "site"):
        if column not in found:
            table.faults.append(Fault(1, column, f"The header has no column «{column}»."))
    if "name" not in found and not {"first_name", "last_name"} <= set(found):
        table.faults.append(Fault(1, "name", "The header has no column «name»."))
    twice = {column for column in found if column and found.count(column) > 1}
    table.faults += [Fault(1, c, f"Two columns are «{c}».") for c in sorted(twice)]
    return found


class _Rows:
    """Turns rows of cells into lines and faults."""

    def __init__(self, header: list[str], sites: Mapping[str, int], table: Table) -> None:
        self.header = header
        self.sites = sites
        self.table = table
        self.seen: dict[str, int] = {}

    def read(self, number: int, cells: list[str]) -> None:
        """Read one row, which begins on line ``number``; a blank one is passed over."""
        if not any(cell.strip() for cell in cells):
            return
        values = {c: v.strip() for c, v in zip(self.header, cells, strict=False) if c}
        values["name"] = _full_name(values)
        values["email"] = values.get("email", "").lower()
        faults = self._faults(number, cells, values)
        self.seen.setdefault(values["email"], number)
        self.table.faults += faults
        if not faults:
            self.table.lines.append(self._line(number, values))

    def _faults(self, number: int, cells: list[str], values: Mapping[str, str]) -> list[Fault]:
        if number > MOST_LINES:
            msg = f"more than {MOST_LINES} lines, make two tables of it"
            raise csv.Error(msg)
        if len(cells) > len(self.header):
            return [Fault(number, "", "More cells than the header has columns.")]
        email = values["email"]
        found = [*self._wrong_words(values), *_wrong_texts(values)]
        if email and email in self.seen:
            found.append(("email", f"The same address as on line {self.seen[email]}."))
        return [Fault(number, column, words) for column, words in found]

    def _wrong_words(self, values: Mapping[str, str]) -> list[tuple[str, str]]:
        email, phone = values["email"], values.get("phone", "")
        site, role = values.get("site", ""), values.get("role", "")
        language = values.get("language", "")
        checks = (
            (email, "email", "The e-mail address is missing."),
            (
                not email or _accepts(clean_email, email),
                "email",
                f"«{email}» is not an e-mail address.",
            ),
            (values["name"], "name", "The name is missing."),
            (fold(site) in self.sites, "site", f"No site is called «{site}»."),
            (
                not role or _word(role, ROLES),
                "role",
                f"«{role}» is not resident, guest or manager.",
            ),
            (
                not language or _word(language, LANGUAGES),
                "language",
                f"«{language}» is not fr or en.",
            ),
            (_accepts(clean_phone, phone), "phone", f"«{phone}» is not a telephone number."),
        )
        return [(column, words) for sound, column, words in checks if not sound]

    def _line(self, number: int, values: Mapping[str, str]) -> Line:
        return Line(
            number=number,
            email=values["email"],
            name=values["name"],
            site_id=self.sites[fold(values["site"])],
            role=_word(values.get("role", ""), ROLES),
            language=_word(values.get("language", ""), LANGUAGES),
            headline=values.get("headline", ""),
            phone=values.get("phone", ""),
            firm=values.get("firm", ""),
        )


def _wrong_texts(values: Mapping[str, str]) -> list[tuple[str, str]]:
    long = [
        (column, f"Longer than {limit} characters.")
        for column, limit in LIMITS.items()
        if len(values.get(column, "")) > limit
    ]
    odd = {column for column in (*LIMITS, "email") if _UNREADABLE.search(values.get(column, ""))}
    if 0 < len(values["name"]) <= LIMITS["name"] and not _accepts(clean_name, values["name"]):
        odd.add("name")
    return long + [(column, "Holds characters that cannot be read.") for column in sorted(odd)]


def _accepts(rule: Callable[[str], str], value: str) -> bool:
    try:
        rule(value)
    except Refusal:
        return False
    return True


def _full_name(values: Mapping[str, str]) -> str:
    parts = (values.get("first_name", ""), values.get("last_name", ""))
    return " ".join((values.get("name") or " ".join(parts)).split())


def _word(value: str, table: Mapping[str, tuple[str, ...]]) -> str:
    return next((key for key, words in table.items() if fold(value) in words), "")
