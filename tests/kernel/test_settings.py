"""Settings: environment over file, checked at start, with a clear sentence."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from incubator.kernel.settings import BadSettings, Settings

if TYPE_CHECKING:
    from pathlib import Path


def load(folder: Path, text: str = "", **environment: str) -> Settings:
    (folder / "config.toml").write_text(text, "utf-8")
    return Settings.load(folder, environment)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    made = load(tmp_path, "listen_port = 9000\nnetwork_name = 'A'", INCUBATOR_LISTEN_PORT="9001")
    assert (made.listen_port, made.network_name) == (9001, "A")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("", "http://127.0.0.1:8000"),
        ("listen_port = 9000", "http://127.0.0.1:9000"),
        ("listen_host = '0.0.0.0'\nlisten_port = 9000", "http://127.0.0.1:9000"),
        ("listen_host = '::1'", "http://[::1]:8000"),
        ("listen_port = 9000\nbase_url = 'https://a.example'", "https://a.example"),
    ],
)
def test_people_reach_the_server_where_it_listens_unless_told_otherwise(
    tmp_path: Path, text: str, address: str
) -> None:
    assert load(tmp_path, text).base_url == address


def test_the_secret_is_made_once_and_only_the_owner_reads_it(tmp_path: Path) -> None:
    first, second = load(tmp_path), load(tmp_path)
    assert first.secret_key == second.secret_key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_the_embedded_database_lies_in_the_instance(tmp_path: Path) -> None:
    assert load(tmp_path).database == f"sqlite:///{tmp_path}/incubator.db"


def test_a_plain_postgresql_address_gets_the_driver(tmp_path: Path) -> None:
    made = load(tmp_path, INCUBATOR_DATABASE_URL="postgres://u@h/d")
    assert made.database == "postgresql+psycopg://u@h/d"


def test_settings_are_frozen(tmp_path: Path) -> None:
    with pytest.raises(AttributeError):
        load(tmp_path).listen_port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("listen_port = 'many'", "listen_port"),
        ("listen_port = 70000", "listen_port"),
        ("run_jobs = 'perhaps'", "run_jobs"),
        ("colour = 'green'", "colour"),
        ("base_url = 'intranet'", "base_url"),
        ("base_url = 'https://a.example/sub'", "base_url"),
        ("database_url = 'mysql://x'", "database_url"),
        ("redis_url = 'http://x'", "redis_url"),
        ("mail_url = 'host'", "mail_url"),
        ("mail_url = 'smtp://h:25'", "mail_from"),
        ("mail_from = 'Passerelles <a@b.example>'\nmail_url = 'smtp://h'", "mail_from"),
        ("mail_from = 'a@'\nmail_url = 'smtp://h'", "mail_from"),
        ("mail_from = 'a@'", "mail_from"),
        ("mail_from = 'a@b.example '", "mail_from"),
        ("mail_from = 'é@b.example'", "mail_from"),
        ("default_language = 'de'", "default_language"),
        ("default_time_zone = 'Mars/Base'", "default_time_zone"),
        ("secret_key = 'short'", "secret_key"),
        ("network_name = ' '", "network_name"),
        ("log_level = 'LOUD'", "log_level"),
        ("trusted_proxies = -1", "trusted_proxies"),
        ("session_days = 0", "session_days"),
        ("max_upload_mb = 0", "max_upload_mb"),
        ("listen_port = = 3", "config.toml"),
        ("base_url = 'http://['", "base_url"),
        ("base_url = 'https://a.example:port'", "base_url"),
        ("base_url = 'https://user:secret@a.example'", "base_url"),
        ("base_url = 'https://a.example?x=1'", "base_url"),
        ("database_url = 'postgresql://user:secret@host:port/name'", "database_url"),
        ("database_url = 'postgresql://'", "database_url"),
        ("database_url = 'sqlite:///'", "database_url"),
        ("redis_url = 'redis://['", "redis_url"),
        ("redis_url = 'redis://host:port'", "redis_url"),
        ("mail_from = 'a@b.example'\nmail_url = 'smtp://h:port'", "mail_url"),
        ("default_time_zone = 'Europe'", "default_time_zone"),
        ('network_name = "two\\nlines"', "network_name"),
        ("listen_host = ''", "listen_host"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(BadSettings, match=named):
        load(tmp_path, text)
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:///network.db",
        "sqlite:///./network.db",
        "sqlite:///:memory:",
        "sqlite:///file:/folder/network.db?uri=true",
    ],
)
def test_an_embedded_database_is_named_by_its_whole_path(tmp_path: Path, address: str) -> None:
    """Commands start in folders of their own: each would have its database, a backup another."""
    with pytest.raises(BadSettings, match=r"whole path, like sqlite:////folder/file\.db"):
        load(tmp_path, f"database_url = '{address}'")
    assert load(tmp_path, "database_url = 'sqlite:////folder/file.db'").database_url


@pytest.mark.parametrize("value", ["--5", "\u00b2", "", "1e3", "9" * 5000])
def test_a_number_of_the_environment_is_a_number(tmp_path: Path, value: str) -> None:
    with pytest.raises(BadSettings, match="INCUBATOR_LISTEN_PORT"):
        Settings.load(tmp_path, {"INCUBATOR_LISTEN_PORT": value})


@pytest.mark.parametrize("content", [b"", b"short", b"\xff\xfe" * 40])
def test_a_damaged_secret_is_named_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret_key").write_bytes(content)
    with pytest.raises(BadSettings, match="secret_key holds no key of 32 characters"):
        load(tmp_path)
    assert (tmp_path / "secret_key").read_bytes() == content


def test_a_file_of_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes("network_name = 'Pépinière'".encode("cp1252"))
    with pytest.raises(BadSettings, match=r"config\.toml"):
        Settings.load(tmp_path, {})


def test_an_instance_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSettings, match="cannot be used"):
        Settings.load(tmp_path / "file" / "instance", {})
