"""A real server with the demo network, and Chromium before it: one of each for the whole run."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import services
from tests.browser.house import House

ROOT = Path(__file__).parent.parent.parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
COMMAND = "from incubator.cli.main import main; main()"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def incubator(instance: Path, *arguments: str, **settings: str) -> subprocess.Popen[bytes]:
    """The console command on an instance folder, as a person runs it."""
    environment = {f"INCUBATOR_{name.upper()}": value for name, value in settings.items()}
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment, "INCUBATOR_INSTANCE_DIR": str(instance)},
        stdout=subprocess.DEVNULL,
    )


def await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended with {process.returncode}"
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    pytest.fail(f"no server on port {port}")


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the server; letters lie in its outbox."""
    return tmp_path_factory.mktemp("browser") / "instance"


@pytest.fixture(scope="session")
def served(instance: Path) -> Iterator[str]:
    """The address of a server with the demo network."""
    for command in ("init", "demo"):
        assert incubator(instance, command).wait(timeout=400) == 0, command
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    process = incubator(
        *(instance, "run"), listen_port=str(port), base_url=address, hooks_on_loopback="true"
    )
    try:
        await_port(port, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=60)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for the run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=services.chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def kept() -> dict[str, list[dict[str, Any]]]:
    """The cookies of those who signed in once: the door is slow on purpose."""
    return {}


@pytest.fixture
def house(served: str, chromium: Browser, kept: dict[str, Any]) -> Iterator[House]:
    """The product and its door; every browser opened is closed after the test."""
    made = House(served, chromium, kept)
    yield made
    made.leave()
