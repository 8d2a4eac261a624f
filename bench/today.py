"""``make bench-today``: the first page, and searching everything, in a house of a million events.

Today for a member of 50,000 with a million events behind them, against the same page with 1,000
members and as many events each; the search over everything in the larger house, whose p95 stands
beside that of a bare Flask table. BENCH_MEMBERS makes both smaller or larger.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path

from sqlalchemy import event

from bench.directory import FLOOR, RUN, environment
from bench.harness import Subject, free_port, measure, report, server
from bench.today_filling import House, fill_house
from incubator.app import create_app
from incubator.kernel.db import db
from incubator.kernel.settings import Settings

SIZES = (1_000, int(os.environ.get("BENCH_MEMBERS", "50000")))
MESSAGES_PER_MEMBER = 19
SEARCHES = {
    "topic": "/recherche?q=facture",
    "stem": "/recherche?q=factures",
    "two_words": "/recherche?q=facture+bababace",
    "seldom": "/recherche?q=zozozoce",
    "beginning": "/recherche?q=liv",
    "palette": "/recherche/vite?q=atelier",
    "palette_beginning": "/recherche/vite?q=vit",
}


def main() -> None:
    """Fill two houses, start three servers, measure, report."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        port = free_port()
        stack.enter_context(server(FLOOR, port, {"BENCH_PORT": str(port)}))
        subjects = {"floor": Subject("floor", port, "/")}
        statements = {}
        for size in SIZES:
            begun = time.monotonic()
            messages = size * MESSAGES_PER_MEMBER
            house = fill_house(Path(folder) / str(size), members=size, messages=messages)
            told = f"{size} members, {house.events} events, {house.documents} documents"
            print(f"{told}: filled in {time.monotonic() - begun:.0f} s", flush=True)
            statements[size] = _statements(house)
            port = free_port()
            stack.enter_context(server(RUN, port, environment(house.filled, port)))
            paths = {"today": "/"} | (SEARCHES if size == SIZES[-1] else {})
            for name, path in paths.items():
                key = f"{name}_{size}"
                subjects[key] = Subject(key, port, path, {"Cookie": house.filled.cookie})
        measure(list(subjects.values()), rounds=11, requests=10)
        print(f"statements of Today: {statements}; load {os.getloadavg()[0]:.1f}")
        report("today", list(subjects.values()), _ratios(subjects))


def _statements(house: House) -> int:
    """How many SQL statements the first page takes."""
    app = create_app(Settings.load(house.filled.instance, {}))
    seen: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda _c, _cur, sql, *_: seen.append(sql))
    browser = app.test_client()
    name, _, value = house.filled.cookie.partition("=")
    browser.set_cookie(name, value)
    browser.get("/")
    seen.clear()
    assert browser.get("/").status_code == HTTPStatus.OK
    return len(seen)


def _p95(subject: Subject) -> float:
    return statistics.quantiles(subject.times, n=20)[-1]


def _ratios(subjects: dict[str, Subject]) -> dict[str, float]:
    small, large = SIZES
    p95 = {name: _p95(subjects[f"{name}_{large}"]) for name in SEARCHES}
    for name, seconds in p95.items():
        print(f"p95 of {name:<20}{seconds * 1000:>9.1f} ms")
    return {
        "today_growth": subjects[f"today_{large}"].cost / subjects[f"today_{small}"].cost,
        "search_vs_floor": _p95(subjects["floor"]) / max(p95.values()),
    }


if __name__ == "__main__":
    main()
