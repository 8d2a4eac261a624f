"""Reading a table of members as people really export it: either encoding, separator, language."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from incubator.kernel.text import fold

if TYPE_CHECKING:
    from _csv import Reader
    from collections.abc import Mapping

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
    "resident": ("", "resident", "residente", "membre", "member"),
    "guest": ("guest", "invite", "invitee"),
    "manager": ("manager", "responsable", "site manager", "responsable de site"),
}
LANGUAGES = {"fr": ("", "fr", "francais", "french"), "en": ("en", "anglais", "english")}
LIMITS = {"name": 120, "headline": 160, "phone": 40, "firm": 120, "email": 254}
MOST_LINES = 10_000
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]{2,}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Fault:
    """What is wrong on a line (numbered as a text editor does; 1 is the header)."""

    line: int
    column: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One member as the table says, checked."""

    number: int
    email: str
    name: str
    site_id: int
    role: str
    language: str
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
    try:
        header = _header(next(reader, []), table)
        if not table.faults:
            _read_lines(reader, header, sites, table=table)
    except csv.Error as error:
        table.faults.append(Fault(reader.line_num, "", f"The line is malformed: {error}."))
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


def _read_lines(
    reader: Reader, header: list[str], sites: Mapping[str, int], *, table: Table
) -> None:
    seen: dict[str, int] = {}
    for cells in reader:
        number = reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(table.lines) + len(table.faults) >= MOST_LINES:
            table.faults.append(Fault(number, "", f"More than {MOST_LINES} lines."))
            return
        if len(cells) > len(header):
            table.faults.append(Fault(number, "", "More cells than the header has columns."))
            continue
        values = {c: v.strip() for c, v in zip(header, cells, strict=False) if c}
        faults = _faults(number, values, sites)
        email = values.get("email", "").lower()
        if email in seen:
            faults.append(Fault(number, "email", f"The same address as on line {seen[email]}."))
        seen.setdefault(email, number)
        table.faults += faults
        if not faults:
            table.lines.append(_line(number, values, sites))


def _full_name(values: Mapping[str, str]) -> str:
    parts = (values.get("first_name", ""), values.get("last_name", ""))
    return values.get("name") or " ".join(part for part in parts if part)


def _word(value: str, table: Mapping[str, tuple[str, ...]]) -> str | None:
    return next((key for key, words in table.items() if fold(value) in words), None)


def _faults(number: int, values: Mapping[str, str], sites: Mapping[str, int]) -> list[Fault]:
    email, name = values.get("email", ""), _full_name(values)
    site, role = values.get("site", ""), values.get("role", "")
    language = values.get("language", "")
    checks = (
        (_EMAIL.fullmatch(email), "email", f"«{email}» is not an e-mail address."),
        (name, "name", "The name is missing."),
        (fold(site) in sites, "site", f"No site is called «{site}»."),
        (_word(role, ROLES), "role", f"«{role}» is not a role: resident, guest or manager."),
        (_word(language, LANGUAGES), "language", f"«{language}» is not a language: fr or en."),
    )
    faults = [Fault(number, column, words) for passed, column, words in checks if not passed]
    for column, limit in LIMITS.items():
        value = name if column == "name" else values.get(column, "")
        if len(value) > limit:
            faults.append(Fault(number, column, f"Longer than {limit} characters."))
        if _CONTROL.search(value):
            faults.append(Fault(number, column, "Holds control characters."))
    return faults


def _line(number: int, values: Mapping[str, str], sites: Mapping[str, int]) -> Line:
    return Line(
        number=number,
        email=values["email"].lower(),
        name=_full_name(values),
        site_id=sites[fold(values["site"])],
        role=_word(values.get("role", ""), ROLES) or "resident",
        language=_word(values.get("language", ""), LANGUAGES) or "fr",
        headline=values.get("headline", ""),
        phone=values.get("phone", ""),
        firm=values.get("firm", ""),
    )
