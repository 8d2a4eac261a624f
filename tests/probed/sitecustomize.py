"""Run by Python at the start of each program of a watched run, which so gets probes too."""

import marshal
import mmap
import os
import sys
from pathlib import Path

from probing import Finder

# What tests/probes.py left there: the array, and the code of every file.
if folder := os.environ.get("PROBES_OF_TESTS"):
    with Path(folder, "array").open("r+b") as file:
        array = mmap.mmap(file.fileno(), 0)
    package, codes = marshal.loads(Path(folder, "codes").read_bytes())  # noqa: S302 - our own
    sys.meta_path.insert(0, Finder(package, array, codes.get))
