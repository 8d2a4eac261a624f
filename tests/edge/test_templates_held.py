"""An upgrade under a running server: its pages are those of the version it was started with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from jinja2 import FileSystemLoader, TemplateNotFound

from incubator.app import create_app

if TYPE_CHECKING:
    from incubator.kernel.settings import Settings


def test_a_newer_template_on_the_disk_is_not_drawn_by_older_code(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = create_app(settings).jinja_env
    names = environment.list_templates()

    def newer(*_: object) -> tuple[str, None, None]:
        return "newer", None, None

    monkeypatch.setattr(FileSystemLoader, "get_source", newer)
    loader = environment.loader
    assert loader
    assert "mail/reset.txt" in names
    for name in names:
        assert loader.get_source(environment, name)[0] != "newer", name
    with pytest.raises(TemplateNotFound):
        environment.get_template("of/the/newer/version.html")
