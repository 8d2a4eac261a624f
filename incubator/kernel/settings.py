"""Settings: one frozen record, environment over instance/config.toml, checked at start."""

from __future__ import annotations

import os
import re
import secrets
import tomllib
import unicodedata
from dataclasses import dataclass, fields, replace
from email.errors import MessageError
from email.headerregistry import Address
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX = "INCUBATOR_"
# INSTANCE_DIR says where the file of settings lies: it is read before. The rest is for tests.
NO_SETTINGS = frozenset(
    {
        "INCUBATOR_INSTANCE_DIR",
        "INCUBATOR_NOT_RUN",
        "INCUBATOR_TEST_DATABASE",
        "INCUBATOR_TEST_NURSERY",
        "INCUBATOR_TEST_POOL",
        "INCUBATOR_TEST_POSTGRES",
        "INCUBATOR_TEST_REDIS",
    }
)
LANGUAGES = ("fr", "en")


class BadSettings(Exception):
    """A setting is wrong; the message is one sentence that names it and says what to write."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything an installation may decide. docs/CONFIGURATION.md explains each field."""

    instance_dir: Path
    secret_key: str
    database_url: str = ""
    redis_url: str = ""
    base_url: str = "http://127.0.0.1:8000"
    listen_host: str = "127.0.0.1"
    listen_port: int = 8000
    trusted_proxies: int = 0
    network_name: str = "Passerelles"
    default_language: str = "fr"
    default_time_zone: str = "Europe/Paris"
    mail_url: str = ""
    mail_from: str = ""
    run_jobs: bool = True
    fast_sockets: bool = True
    hooks_on_loopback: bool = False
    vapid_key: str = ""
    session_days: int = 30
    max_upload_mb: int = 10
    log_level: str = "INFO"

    def __post_init__(self) -> None:
        """Refuse what cannot work, before anything starts."""
        for check in _CHECKS:
            check(self)

    @property
    def uploads_dir(self) -> Path:
        """Where uploaded files are stored."""
        return self.instance_dir / "uploads"

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database; the embedded one unless another is named."""
        if not self.database_url:
            file = str(self.instance_dir / "incubator.db")
            # An address: its «?», «#» and «%» are written in another way than a path's.
            return URL.create("sqlite", database=file).render_as_string()
        scheme, _, rest = self.database_url.partition("://")
        plain = scheme in {"postgresql", "postgres"}
        return f"postgresql+psycopg://{rest}" if plain else self.database_url

    @property
    def secure(self) -> bool:
        """Whether people reach the product by HTTPS."""
        return self.base_url.startswith("https://")

    @property
    def own_address(self) -> str:
        """Where the server itself answers, seen from this machine."""
        host = _LOOPBACK.get(self.listen_host, self.listen_host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.listen_port}"

    @classmethod
    def load(cls, instance_dir: Path, environment: Mapping[str, str] | None = None) -> Self:
        """Read the environment over config.toml in ``instance_dir``; raise BadSettings."""
        env = os.environ if environment is None else environment
        values = _from_file(instance_dir / "config.toml") | _from_environment(env)
        values["instance_dir"] = instance_dir
        given = bool(values.get("secret_key"))
        # Judged before anything is written: wrong settings leave no secret behind.
        made = cls(**values if given else values | {"secret_key": "-" * _LEAST_SECRET})
        made = made if given else replace(made, secret_key=secret_key_of(instance_dir))
        return made if "base_url" in values else replace(made, base_url=made.own_address)


def secret_key_of(instance_dir: Path) -> str:
    """The installation's secret, made once with mode 0600; raise BadSettings when it cannot be."""
    path = instance_dir / "secret_key"
    try:
        instance_dir.mkdir(parents=True, exist_ok=True)
        _make_secret(path)
    except OSError as error:
        msg = f"The folder {instance_dir} cannot be used: {error.strerror}."
        raise BadSettings(msg) from error
    return _read_secret(path)


def _read_secret(path: Path) -> str:
    try:
        found = path.read_text("ascii").strip()
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}."
        raise BadSettings(msg) from error
    except UnicodeDecodeError:
        found = ""
    _need(
        len(found) >= _LEAST_SECRET,
        f"{path} holds no key of {_LEAST_SECRET} characters: put the saved one back, or delete"
        " it to get a new one (everybody signs in again).",
    )
    return found


def _make_secret(path: Path) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    except OSError:
        path.unlink()  # half a key, of a full disk, would be taken for the key
        raise


_KINDS: dict[str, type] = {"str": str, "int": int, "bool": bool}
# Who listens everywhere is reached here.
_LOOPBACK = {str(IPv4Address(0)): "127.0.0.1", str(IPv6Address(0)): "::1"}
_WHOLE = re.compile(r"-?[0-9]{1,9}")
_PORTS = range(1, 65536)
_PROXIES = range(6)
_DAYS = range(1, 366)
_MEGABYTES = range(1, 101)
_LEAST_SECRET = 32
# 32 bytes in base64 of addresses.
_PUSH_KEY = re.compile(r"[A-Za-z0-9_-]{43}")


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}."
        raise BadSettings(msg) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        msg = f"{path} cannot be read: line {line} is not UTF-8; save it in that encoding."
        raise BadSettings(msg) from error
    except tomllib.TOMLDecodeError as error:
        msg = f"{path} cannot be read: {error}."
        raise BadSettings(msg) from error
    return {key: _typed(key, value, f"{path}: {key}") for key, value in values.items()}


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    return {
        key.removeprefix(PREFIX).lower(): _typed(key.removeprefix(PREFIX).lower(), value, key)
        for key, value in environment.items()
        if key.startswith(PREFIX) and key not in NO_SETTINGS
    }


def _typed(name: str, value: object, where: str) -> object:
    kind = {field.name: _KINDS.get(str(field.type)) for field in fields(Settings)}.get(name)
    if kind is None:
        msg = f"{where} is not a setting; see docs/CONFIGURATION.md."
        raise BadSettings(msg)
    if isinstance(value, str) and kind is bool and value.lower() in {"true", "false", "1", "0"}:
        return value.lower() in {"true", "1"}
    if isinstance(value, str) and kind is int and _WHOLE.fullmatch(value):
        return int(value)
    if type(value) is not kind:
        word = {bool: "true or false", int: "a whole number", str: "a text"}[kind]
        msg = f"{where} must be {word}, not {value!r}."
        raise BadSettings(msg)
    _need(
        not any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in str(value)),
        f"{where} must be one line of UTF-8 text, not {value!r}.",
    )
    return value


def _need(condition: object, sentence: str) -> None:
    if not condition:
        raise BadSettings(sentence)


def _parts(address: str) -> SplitResult:
    """An address in its parts; none of them when it cannot be taken apart."""
    try:
        found = urlsplit(address)
        return found if (found.port or 1) in _PORTS else urlsplit("")
    except ValueError:
        return urlsplit("")


def _is_database(address: str) -> bool:
    try:
        found = make_url(address)
    except (ArgumentError, ValueError):
        return False
    return found.drivername in {"sqlite", "postgresql+psycopg"} and bool(found.database)


def _is_mailbox(address: str) -> bool:
    """Whether letters can be signed with it: judged by what will compose them."""
    try:
        # Beyond ASCII it depends on the mail server, and on the name beside it.
        return Address(addr_spec=address).addr_spec == address and address.isascii()
    # One for each kind of fault.
    except (ValueError, IndexError, AttributeError, MessageError):
        return False


def _check_addresses(settings: Settings) -> None:
    base = _parts(settings.base_url)
    _need(
        base.scheme in {"http", "https"}
        and base.hostname
        and "@" not in base.netloc
        and not (base.path.strip("/") or base.query or base.fragment),
        f"base_url must look like https://intranet.example, not {settings.base_url!r}.",
    )
    _need(
        _is_database(settings.database),
        "database_url must look like postgresql://user:password@host/name or"
        " sqlite:////folder/file.db.",
    )
    _need(
        not settings.database_url.startswith("sqlite")
        # A path from the folder of the moment would be another for each command.
        or Path(make_url(settings.database_url).database or "").is_absolute(),
        "database_url must name a file by its whole path, like sqlite:////folder/file.db"
        f" (four slashes), not {settings.database_url!r}.",
    )
    _need(
        not settings.redis_url or _parts(settings.redis_url).scheme in {"redis", "rediss", "unix"},
        "redis_url must look like redis://host:6379/0 (or rediss://, unix://).",
    )
    mail = _parts(settings.mail_url)
    _need(
        not settings.mail_url or (mail.scheme in {"smtp", "smtps"} and mail.hostname),
        "mail_url must look like smtp://user:password@host:587.",
    )
    _need(
        _is_mailbox(settings.mail_from) if settings.mail_from else not settings.mail_url,
        "mail_from must be an e-mail address in ASCII and nothing else, like"
        " pepiniere@intranet.example (network_name is the name beside it),"
        f" not {settings.mail_from!r}.",
    )
    _need(settings.listen_host.strip(), "listen_host must not be empty.")


def _check_numbers(settings: Settings) -> None:
    _need(settings.listen_port in _PORTS, "listen_port must lie between 1 and 65535.")
    _need(settings.trusted_proxies in _PROXIES, "trusted_proxies must lie between 0 and 5.")
    _need(settings.session_days in _DAYS, "session_days must lie between 1 and 365.")
    _need(settings.max_upload_mb in _MEGABYTES, "max_upload_mb must lie between 1 and 100.")


def _check_words(settings: Settings) -> None:
    _need(
        not settings.vapid_key or _PUSH_KEY.fullmatch(settings.vapid_key),
        "vapid_key must be 43 letters, digits, «-» and «_», as «incubator init» writes them.",
    )
    _need(
        len(settings.secret_key) >= _LEAST_SECRET,
        "secret_key must have at least 32 characters; leave it out.",
    )
    _need(settings.network_name.strip(), "network_name must not be empty.")
    _need(
        settings.default_language in LANGUAGES,
        f"default_language must be one of {', '.join(LANGUAGES)}.",
    )
    levels = ("DEBUG", "INFO", "WARNING", "ERROR")
    _need(settings.log_level in levels, f"log_level must be one of {', '.join(levels)}.")
    try:
        ZoneInfo(settings.default_time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: a folder of zones
        msg = f"default_time_zone is not an IANA time zone: {settings.default_time_zone!r}."
        raise BadSettings(msg) from error


_CHECKS = (_check_addresses, _check_numbers, _check_words)
