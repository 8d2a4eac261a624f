"""What docs/HOSTING.md tells people to write for nginx is read by a real one."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.programs import program
from tests.torture import servers

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.stack


def read(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    path = folder / "nginx.conf"
    path.write_text(text, "utf-8")
    command = [program("nginx"), "-t", "-c", str(path), "-e", str(folder / "nginx.log")]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_the_documented_configuration_is_read(tmp_path: Path) -> None:
    servers.certificate(tmp_path)
    text = servers.configured(tmp_path, 8443, 8080, [8001, 8002])
    done = read(tmp_path, text)
    assert done.returncode == 0, done.stderr
    assert read(tmp_path, text.replace("proxy_pass", "proxy_past")).returncode != 0
