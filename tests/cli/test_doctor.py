"""doctor tells what is well and what is not."""

from __future__ import annotations

NOWHERE = {
    "INCUBATOR_MAIL_URL": "smtp://127.0.0.1:1",
    "INCUBATOR_MAIL_FROM": "house@example.org",
    "INCUBATOR_REDIS_URL": "redis://127.0.0.1:1",
}


def verdicts(text: str) -> dict[str, str]:
    """The sign of each check, by its name."""
    lines = [line.split(maxsplit=2) for line in text.splitlines()]
    return {line[1]: line[0] for line in lines}


def test_the_doctor_finds_a_new_installation_well(installed):
    done = installed("doctor")
    assert done.code == 0, done.out
    found = verdicts(done.out)
    assert {found[name] for name in ("database", "migrations", "disk", "secret", "clock")} == {"ok"}
    assert {found[name] for name in ("mail", "redis")} == {"-"}


def test_the_doctor_finds_a_dead_mail_server_a_dead_redis_and_an_open_secret(installed):
    (installed.folder / "secret_key").chmod(0o644)
    done = installed("doctor", **NOWHERE)
    found = verdicts(done.out)
    assert done.code == 1
    assert {name for name, sign in found.items() if sign == "FAULT"} == {"mail", "redis", "secret"}
    assert "600 is needed" in done.out


def test_the_doctor_finds_a_database_without_tables(bare):
    done = bare("doctor")
    assert done.code == 1
    assert verdicts(done.out)["migrations"] == "FAULT"
    assert "run «incubator init»" in done.out


def test_the_doctor_finds_a_corrupt_database_and_looks_on(installed):
    installed.database.write_bytes(b"not a database" * 1000)
    done = installed("doctor")
    assert done.code == 1
    found = verdicts(done.out)
    assert (found["database"], found["migrations"]) == ("FAULT", "FAULT")
    assert found["disk"] == "ok"
