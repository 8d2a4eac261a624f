"""`make torture`: five minutes of it, or as long as told; the last line is JSON."""

from __future__ import annotations

import argparse
import json
import sys

from tests.torture.run import Size, torture

WORSE_THAN_NOTHING = ("lost", "doubled", "out_of_order")


def main() -> int:
    """Print the figures; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--rooms", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    found = torture(Size(**vars(parser.parse_args())))
    lines = [f"{name:40} {value:8}" for name, value in found.items()]
    sys.stdout.write("\n".join([*lines, json.dumps(found), ""]))
    return any(found[name] for name in WORSE_THAN_NOTHING)


if __name__ == "__main__":
    sys.exit(main())
