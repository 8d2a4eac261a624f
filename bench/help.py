"""``make bench-help``: what threads cost with 100,000 of them (1,000,000 posts), against 1,000.

Lists, a thread, searches of every kind and similar threads for a title being typed: each page
against the same page of a small house, with the number of its SQL statements and its p95.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path

from sqlalchemy import event

from bench.directory import RUN, environment
from bench.harness import Subject, free_port, measure, report, server, sql_growth
from bench.help_filling import Threads, fill_threads
from incubator.app import create_app
from incubator.kernel.db import db
from incubator.kernel.settings import Settings

SIZES = (1_000, int(os.environ.get("BENCH_THREADS", "100000")))
# What each key of the report is the greatest growth of; {thread} is a page of the house.
# Full pages at both sizes, or nearly so.
PAGES: dict[str, dict[str, str]] = {
    "list": {
        "open": "/entraide?view=open",
        "all": "/entraide?view=all",
        "of_a_skill": "/entraide?view=all&skill=s7",
        "newest": "/entraide?view=all&sort=newest",
        "oldest_open": "/entraide?view=open&sort=oldest",
        "useful": "/entraide?view=all&sort=useful",
    },
    "thread": {"thread": "{thread}"},
    "search": {
        "topic": "/entraide?q=facture",
        "stem": "/entraide?q=factures",
        "common_words": "/entraide?q=facture+cebababa",
        "beginning": "/entraide?q=liv",
        "typed_filters": "/entraide?q=site:lille+skill:s7+est:ouverte+atelier",
        "latest_activity": "/entraide?q=vitrine&sort=activity",
        "typing_error": "/entraide?q=livraisno",
        "common_and_seldom": "/entraide?q=celababa+facture",
    },
    "similar": {
        "similar_topic": "/entraide/semblables?title=Quelle+facture+pour+livraison",
        "similar_common": "/entraide/semblables?title=Une+assurance+pour+atelier+et+vitrine",
        "similar_words": "/entraide/semblables?title=Facture+pour+celababa+cebababa+dibababa",
    },
}


def main() -> None:
    """Fill two houses, start their servers, measure, report."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        subjects: dict[str, Subject] = {}
        counts = {}
        for size in SIZES:
            house = fill_threads(Path(folder) / str(size), threads=size)
            counts[size] = _statements(house)
            port = free_port()
            stack.enter_context(server(RUN, port, environment(house.filled, port)))
            for name, path in _paths(house).items():
                key = f"{name}_{size}"
                subjects[key] = Subject(key, port, path, {"Cookie": house.filled.cookie})
        measure(list(subjects.values()), rounds=9, requests=8)
        _tell(subjects, counts)
        ratios = _ratios(subjects) | {"sql_growth": sql_growth(*(counts[size] for size in SIZES))}
        report("help", list(subjects.values()), ratios)


def _paths(house: Threads) -> dict[str, str]:
    return {
        name: path.format(thread=house.thread_path)
        for pages in PAGES.values()
        for name, path in pages.items()
    }


def _statements(house: Threads) -> dict[str, int]:
    """How many SQL statements each page takes."""
    app = create_app(Settings.load(house.filled.instance, {}))
    seen: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda _c, _cur, sql, *_: seen.append(sql))
    browser = app.test_client()
    name, _, value = house.filled.cookie.partition("=")
    browser.set_cookie(name, value)
    found = {}
    for page, path in _paths(house).items():
        browser.get(path)
        seen.clear()
        assert browser.get(path).status_code == HTTPStatus.OK
        found[page] = len(seen)
    return found


def _growth(subjects: dict[str, Subject], name: str) -> float:
    small, large = SIZES
    return subjects[f"{name}_{large}"].cost / subjects[f"{name}_{small}"].cost


def _p95(subject: Subject) -> float:
    return statistics.quantiles(subject.times, n=20)[-1] * 1000


def _tell(subjects: dict[str, Subject], counts: dict[int, dict[str, int]]) -> None:
    small, large = SIZES
    print(f"{'page':<20}{'growth':>8}{'p95 ms':>9}{'SQL small':>11}{'SQL large':>11}")
    for name in counts[small]:
        p95 = _p95(subjects[f"{name}_{large}"])
        row = f"{name:<20}{_growth(subjects, name):>8.2f}{p95:>9.1f}"
        print(f"{row}{counts[small][name]:>11}{counts[large][name]:>11}")
    worst = max(_p95(subjects[f"{name}_{large}"]) for name in PAGES["similar"])
    print(f"suggestion p95: {worst:.1f} ms")


def _ratios(subjects: dict[str, Subject]) -> dict[str, float]:
    return {
        f"{key}_growth": max(_growth(subjects, name) for name in pages)
        for key, pages in PAGES.items()
    }


if __name__ == "__main__":
    main()
