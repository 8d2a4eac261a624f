"""Commands that load much let the database take it in, each after its commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from incubator.cli import main as console
from incubator.kernel.db import in_transaction
from incubator.network.members.models import Member

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.cli.conftest import Installation

TABLE = "name,email,city\nÉlise Nguyen,elise@example.org,Lyon\n"


def test_a_bulk_load_is_settled_once_it_is_committed(
    installed: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    members: list[int] = []

    def settle(engine: Engine) -> None:
        assert not in_transaction()
        with engine.connect() as connection:
            members.append(connection.scalar(select(func.count()).select_from(Member)) or 0)

    def few(_now: object, *, told: object) -> str:
        del told
        return "few"

    def do(*arguments: str | Path) -> None:
        ended = CliRunner().invoke(console.main, list(map(str, arguments)))
        assert ended.exit_code == 0, ended.output

    monkeypatch.setattr(console.engines, "settle", settle)
    monkeypatch.setattr(console.people, "is_empty", lambda: True)
    monkeypatch.setattr(console.loader, "load", few)
    monkeypatch.setenv("INCUBATOR_INSTANCE_DIR", str(installed.folder))
    table = tmp_path / "members.csv"
    table.write_text(TABLE, encoding="utf-8")
    do("init")
    do("demo")
    assert members == [1, 1]
    do("import-members", table, "--yes")
    assert members == [1, 1, 2]
    do("backup", tmp_path / "saved.zip")
    do("restore", tmp_path / "saved.zip", "--force")
    assert members == [1, 1, 2, 2]
