"""``make bench-pages``: what our pages cost for a signed-in member, against a bare Flask table.

Two installations, with 1,000 and with 50,000 members (and a question per five members), filled
by bulk inserts: what is measured is reading.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.filling import Filled, fill
from bench.harness import Subject, free_port, measure, report, server

SIZES = (1_000, 50_000)
PAGES = ("directory", "threads", "thread", "home")
RUN = "from incubator.cli.main import main; main(['run'])"
FLOOR = "from bench.floor import main; main()"


def main() -> None:
    """Fill, start three servers, measure, report."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        floor_port = free_port()
        stack.enter_context(server(FLOOR, floor_port, {"BENCH_PORT": str(floor_port)}))
        floor = Subject("floor", floor_port, "/")
        subjects = {"floor": floor}
        for size in SIZES:
            filled = fill(Path(folder) / str(size), members=size)
            port = free_port()
            stack.enter_context(server(RUN, port, _environment(filled, port)))
            subjects |= _subjects(filled, port, size)
        measure(list(subjects.values()))
        report("pages", list(subjects.values()), _ratios(subjects))


def _environment(filled: Filled, port: int) -> dict[str, str]:
    return {
        "INCUBATOR_INSTANCE_DIR": str(filled.instance),
        "INCUBATOR_LISTEN_PORT": str(port),
        "INCUBATOR_BASE_URL": f"http://127.0.0.1:{port}",
        "INCUBATOR_RUN_JOBS": "false",
    }


def _subjects(filled: Filled, port: int, size: int) -> dict[str, Subject]:
    paths = {
        "directory": "/annuaire",
        "threads": "/entraide",
        "thread": filled.thread_path,
        "home": "/",
    }
    return {
        f"{name}_{size}": Subject(f"{name}_{size}", port, path, {"Cookie": filled.cookie})
        for name, path in paths.items()
    }


def _ratios(subjects: dict[str, Subject]) -> dict[str, float]:
    small, large = SIZES
    floor = subjects["floor"].cost
    ratios = {f"{name}_vs_floor": floor / subjects[f"{name}_{small}"].cost for name in PAGES}
    growth = [subjects[f"{n}_{large}"].cost / subjects[f"{n}_{small}"].cost for n in PAGES]
    return ratios | {"growth_50000_vs_1000": max(growth)}


if __name__ == "__main__":
    main()
