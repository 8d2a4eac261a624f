"""Starts commands quickly: a process that has imported the product forks for each of them.

Reads a line of JSON a command (arguments, environment, folder, and files for its three
streams) and answers with a line that holds its exit code.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
from pathlib import Path

from sqlalchemy.orm import configure_mappers

from incubator.app import create_app
from incubator.cli.main import main
from incubator.kernel.settings import Settings


def prepare() -> None:
    """Read once what every command would read for itself: catalogues, mappers."""
    with tempfile.TemporaryDirectory() as place:
        create_app(Settings(instance_dir=Path(place), secret_key="s" * 40))
    configure_mappers()
    gc.collect()
    gc.freeze()


def become(order: dict) -> None:
    """Turn this process into the command; ends with SystemExit."""
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["folder"])
    for number, (name, mode) in enumerate(zip(order["streams"], ("r", "w", "w"), strict=True)):
        with Path(name).open(mode, encoding="utf-8") as stream:
            os.dup2(stream.fileno(), number)
    sys.argv = ["incubator", *order["arguments"]]
    main()


def serve() -> None:
    """Run commands until the input ends."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            become(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 - the answer


prepare()
serve()
