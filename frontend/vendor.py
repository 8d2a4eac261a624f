"""Copy what browsers need from npm packages into ``incubator/static/vendor``.

Run by ``make vendor`` when a version in package.json changes; the result is
committed, so that a fresh clone needs neither node nor a network to serve pages.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from fonts import FACES, cut

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
TARGET = HERE.parent / "incubator" / "static" / "vendor"
SUMS = "SHA256SUMS"
LICENCES = {
    "lucide-static/LICENSE": "LICENSE-lucide.txt",
    "@fontsource-variable/hanken-grotesk/LICENSE": "LICENSE-hanken-grotesk.txt",
    "@fontsource-variable/bricolage-grotesque/LICENSE": "LICENSE-bricolage-grotesque.txt",
}


def install() -> None:
    """Install exactly what the lock file names; no package script may run."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit(
            "npm is needed to refresh the vendored files (they are committed: serving needs none)"
        )
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=HERE, check=True)


def write_icons() -> None:
    """The drawings of the icons named in icons.txt, as one JSON object: name to inner svg."""
    names = (HERE / "icons.txt").read_text(encoding="utf-8").split()
    drawings = {name: inner_svg(name) for name in sorted(set(names))}
    text = json.dumps(drawings, indent=0, ensure_ascii=False)
    (TARGET / "lucide.json").write_text(text + "\n", encoding="utf-8")


def inner_svg(name: str) -> str:
    """What stands between ``<svg>`` and ``</svg>``, on one line."""
    source = (MODULES / f"lucide-static/icons/{name}.svg").read_text(encoding="utf-8")
    found = re.search(r"<svg[^>]*>(.*)</svg>", source, re.DOTALL)
    if found is None:
        sys.exit(f"icon {name} has no drawing")
    inner = re.sub(r"\s+", " ", found.group(1)).strip()
    return inner.replace(" />", "/>").replace("> <", "><")


def write_sums() -> None:
    """One line a file, in the form ``sha256sum --check`` reads."""
    files = sorted(path for path in TARGET.iterdir() if path.name != SUMS)
    lines = [f"{sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (TARGET / SUMS).write_text("".join(lines), encoding="utf-8")


def main() -> None:
    """Refresh the whole folder from the lock file."""
    install()
    TARGET.mkdir(parents=True, exist_ok=True)
    write_icons()
    for face in FACES:
        cut(face, MODULES / "@fontsource-variable", TARGET)
    for source, name in LICENCES.items():
        shutil.copyfile(MODULES / source, TARGET / name)
    write_sums()


if __name__ == "__main__":
    main()
