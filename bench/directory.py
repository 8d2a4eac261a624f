"""``make bench-directory``: what searching the directory costs, with 1,000 and 100,000 members.

Pages with filters and words of every kind, against the same pages of a small network and against
a bare Flask table. The p95 of each request is printed too, with the number of SQL statements.
"""

from __future__ import annotations

import statistics
import tempfile
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path

from sqlalchemy import event

from bench.filling import Filled, fill, person_name
from bench.harness import Subject, free_port, measure, report, server, sql_growth
from incubator.app import create_app
from incubator.kernel.db import db
from incubator.kernel.settings import Settings

SIZES = (1_000, 100_000)
RUN = "from incubator.cli.main import main; main(['run'])"
FLOOR = "from bench.floor import main; main()"
_FIRST, _FAMILY = person_name(1_003).lower().split()
# Full pages at both sizes, but for three: a small network has few of one name, and six people of
# Lyon who restore and have the skill. Of the two languages as many speak at every size.
PAGES = {
    "everybody": "/annuaire",
    "site_and_language": "/annuaire?site=lyon&speaks=fr",
    "skill_by_name": "/annuaire?skill=s7&speaks=fr",
    "skill_and_site": "/annuaire?skill=s60&site=lyon",
    "rare_language": "/annuaire?speaks=eu",
    "few_newest": "/annuaire?speaks=oc&sort=newest",
    "first_name": f"/annuaire?q={_FIRST}",
    "family_name": f"/annuaire?q={_FAMILY}",
    "common_word": "/annuaire?q=restauration",
    "everywhere": "/annuaire?q=furniture",
    "beginning": "/annuaire?q=rest",
    "word_and_skill": "/annuaire?q=restauration&skill=s7&site=lyon",
    "typing_error": "/annuaire?q=furnitrue",
    "newest": "/annuaire?q=restauration&sort=newest",
    "can_help_now": "/annuaire?sort=now&skill=s7",
}


def main() -> None:
    """Fill, start three servers, measure, report."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        floor_port = free_port()
        stack.enter_context(server(FLOOR, floor_port, {"BENCH_PORT": str(floor_port)}))
        subjects = {"floor": Subject("floor", floor_port, "/")}
        counts = {}
        for size in SIZES:
            filled = fill(Path(folder) / str(size), members=size)
            counts[size] = _statements(filled)
            port = free_port()
            stack.enter_context(server(RUN, port, environment(filled, port)))
            for name, path in PAGES.items():
                key = f"{name}_{size}"
                subjects[key] = Subject(key, port, path, {"Cookie": filled.cookie})
        measure(list(subjects.values()), rounds=9, requests=8)
        _tell(subjects, counts)
        ratios = _ratios(subjects) | {"sql_growth": sql_growth(*(counts[size] for size in SIZES))}
        report("directory", list(subjects.values()), ratios)


def environment(filled: Filled, port: int) -> dict[str, str]:
    """What tells a server where its installation is, and that jobs are not its business."""
    return {
        "INCUBATOR_INSTANCE_DIR": str(filled.instance),
        "INCUBATOR_LISTEN_PORT": str(port),
        "INCUBATOR_BASE_URL": f"http://127.0.0.1:{port}",
        "INCUBATOR_RUN_JOBS": "false",
    }


def _statements(filled: Filled) -> dict[str, int]:
    """How many SQL statements each page takes."""
    app = create_app(Settings.load(filled.instance, {}))
    seen: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda _c, _cur, sql, *_: seen.append(sql))
    browser = app.test_client()
    name, _, value = filled.cookie.partition("=")
    browser.set_cookie(name, value)
    found = {}
    for page, path in PAGES.items():
        browser.get(path)
        seen.clear()
        assert browser.get(path).status_code == HTTPStatus.OK
        found[page] = len(seen)
    return found


def _tell(subjects: dict[str, Subject], counts: dict[int, dict[str, int]]) -> None:
    small, large = SIZES
    print(f"{'page':<20}{'growth':>8}{'p95 ms':>9}{'SQL small':>11}{'SQL large':>11}")
    for name in PAGES:
        one, other = subjects[f"{name}_{small}"], subjects[f"{name}_{large}"]
        p95 = statistics.quantiles(other.times, n=20)[-1] * 1000
        growth = other.cost / one.cost
        row = f"{name:<20}{growth:>8.2f}{p95:>9.1f}"
        print(f"{row}{counts[small][name]:>11}{counts[large][name]:>11}")


def _ratios(subjects: dict[str, Subject]) -> dict[str, float]:
    small, large = SIZES
    floor = subjects["floor"].cost
    growth = {n: subjects[f"{n}_{large}"].cost / subjects[f"{n}_{small}"].cost for n in PAGES}
    p95 = {n: statistics.quantiles(subjects[f"{n}_{large}"].times, n=20)[-1] for n in PAGES}
    floor_p95 = statistics.quantiles(subjects["floor"].times, n=20)[-1]
    return {
        "search_vs_floor": floor / max(subjects[f"{n}_{large}"].cost for n in PAGES),
        "p95_vs_floor_p95": max(p95.values()) / floor_p95,
        "growth_100000_vs_1000": max(growth.values()),
    }


if __name__ == "__main__":
    main()
