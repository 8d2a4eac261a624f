"""A real server with the demo network, and Chromium before it: one of each for the whole run."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from incubator.demo import loader
from tests import services

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage

ROOT = Path(__file__).parent.parent.parent
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
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
DESKTOP, PHONE = (1440, 900), (390, 844)
LYON = "camille.dervaux@passerelles.example"
MONTREAL = "guillaume.roy@passerelles.example"
MANAGER = "sophie.lambert@passerelles.example"
ADMINISTRATOR = "gaelle.riou@passerelles.example"


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
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended with {process.returncode}"
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        # Between two looks the server gets the core.
        threading.Event().wait(0.1)
    pytest.fail(f"no server on port {port}")


@dataclass
class House:
    """The served product, and people who come in by its door."""

    address: str
    browser: Browser
    opened: list[BrowserContext] = field(default_factory=list)
    cookies: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def visit(
        self, *, size: tuple[int, int] = DESKTOP, theme: str = "light", javascript: bool = True
    ) -> Page:
        """A browser of its own, signed in as nobody; it collects what its console complains of."""
        context = self.browser.new_context(
            base_url=self.address,
            viewport={"width": size[0], "height": size[1]},
            color_scheme=cast("Any", theme),
            java_script_enabled=javascript,
            locale="fr-FR",
            reduced_motion="reduce",
        )
        self.opened.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        return page

    def enter(self, email: str, **kind: Any) -> Page:
        """The same, signed in: by the form the first time, by the kept cookie afterwards."""
        page = self.visit(**kind)
        if email in self.cookies:
            page.context.add_cookies(cast("Any", self.cookies[email]))
            return page
        page.goto("/connexion")
        page.get_by_label("Adresse e-mail").fill(email)
        page.locator("input[type=password]").fill(loader.PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        page.wait_for_url("/")
        self.cookies[email] = cast("Any", page.context.cookies())
        return page


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the demo network."""
    instance = tmp_path_factory.mktemp("browser") / "instance"
    for command in ("init", "demo"):
        assert incubator(instance, command).wait(timeout=120) == 0, command
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    process = incubator(instance, "run", listen_port=str(port), base_url=address)
    try:
        await_port(port, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for the run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=services.chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def house(served: str, chromium: Browser) -> Iterator[House]:
    """The product and its door; every browser opened is closed after the test."""
    made = House(served, chromium, cookies=KEPT)
    yield made
    for context in made.opened:
        context.close()


KEPT: dict[str, list[dict[str, Any]]] = {}


@pytest.fixture
def complaints() -> Callable[[Page], list[str]]:
    """What a page's console says of errors and of the content security policy."""

    def listen(page: Page) -> list[str]:
        heard: list[str] = []

        def note(message: ConsoleMessage) -> None:
            if message.type in {"error", "warning"}:
                heard.append(f"{page.url}: {message.text}")

        page.on("console", note)
        page.on("pageerror", lambda error: heard.append(f"{page.url}: {error}"))
        return heard

    return listen


def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA and good practice on the page as it stands."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{page.url} {rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def too_wide(page: Page) -> int:
    """By how many pixels the page scrolls sideways."""
    return int(
        page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
    )
