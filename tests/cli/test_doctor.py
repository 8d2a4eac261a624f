"""doctor tells what is well and what is not."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import UTC, datetime, timedelta

from incubator.domain.commitments import kiosk_rules
from tests.disks import small_disk

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
    well = ("database", "migrations", "disk", "jobs", "secret", "badges", "clock")
    assert {found[name] for name in well} == {"ok"}
    # Pushes want an address that begins with https.
    assert {found[name] for name in ("mail", "push", "redis")} == {"-"}


def test_the_doctor_knows_the_key_for_pushes(installed):
    secure = {"INCUBATOR_BASE_URL": "https://intranet.example"}
    assert verdicts(installed("doctor", **secure).out)["push"] == "ok"
    key = installed.folder / "vapid_key"
    for mode, text in ((0o644, key.read_text()), (0o600, "broken"), (0o600, "")):
        key.write_text(text)
        key.chmod(mode)
        assert verdicts(installed("doctor", **secure).out)["push"] == "FAULT", text
    key.unlink()
    told = installed("doctor", **secure)
    assert (verdicts(told.out)["push"], "incubator init" in told.out) == ("FAULT", True)
    before = installed("init")
    assert (before.code, verdicts(installed("doctor", **secure).out)["push"]) == (0, "ok")


def test_the_doctor_finds_a_dead_mail_server_a_dead_redis_and_an_open_secret(installed):
    (installed.folder / "secret_key").chmod(0o644)
    done = installed("doctor", **NOWHERE)
    found = verdicts(done.out)
    assert done.code == 1
    assert {name for name, sign in found.items() if sign == "FAULT"} == {"mail", "redis", "secret"}
    assert "600 is needed" in done.out


def test_the_doctor_refuses_a_sender_under_which_no_letter_could_leave(installed):
    wrong = {**NOWHERE, "INCUBATOR_MAIL_FROM": "Passerelles <house@example.org>"}
    assert "mail_from must be an e-mail address" in installed("doctor", **wrong).sentence


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


JOB = """
INSERT INTO kernel_job (kind, payload, state, due_at, attempts, error, created_at)
VALUES ('none', '{}', 'waiting', ?, 0, '', '2026-01-01 00:00:00')
"""


def test_the_doctor_tells_that_nobody_runs_the_jobs(installed):
    now = datetime.now(UTC)
    for minutes, sign in ((1, "ok"), (11, "FAULT")):
        due = f"{now - timedelta(minutes=minutes):%Y-%m-%d %H:%M:%S.%f}"
        with sqlite3.connect(installed.database) as connection:
            connection.execute("DELETE FROM kernel_job")
            connection.execute(JOB, (due,))
        done = installed("doctor", INCUBATOR_RUN_JOBS="false")
        assert (verdicts(done.out)["jobs"], done.code) == (sign, int(sign == "FAULT"))
    assert "1 wait since over 10 minutes: nobody runs them, start «incubator jobs»" in done.out


def test_the_doctor_knows_a_clock_that_went_back(installed):
    later = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d %H:%M:%S.%f}"
    with sqlite3.connect(installed.database) as connection:
        assert connection.execute("SELECT count(*) FROM audit_entry").fetchone()[0] > 0
        connection.execute("DROP TRIGGER IF EXISTS audit_entry_no_update")
        connection.execute("UPDATE audit_entry SET at = ?", (later,))
    done = installed("doctor")
    assert verdicts(done.out)["clock"] == "FAULT"
    assert f"but the log holds an act of {later[:19]}" in done.out


def test_the_doctor_looks_at_the_disk_of_the_database_too(installed, tmp_path):
    with small_disk(tmp_path / "disk", "64m") as disk:
        shutil.copy(installed.database, disk / "network.db")
        done = installed("doctor", INCUBATOR_DATABASE_URL=f"sqlite:///{disk / 'network.db'}")
        assert verdicts(done.out)["disk"] == "FAULT"
        assert f"MB free in {disk}" in done.out


BADGE = """
INSERT INTO commitments_badge (member_id, kind, token_hash, hint, key_mark, issued_by_id, issued_at)
VALUES (1, 'number', 'x', '123', ?, 1, '2026-11-12 09:00:00')
"""


def test_the_doctor_tells_of_badges_that_another_secret_made(installed):
    secret = (installed.folder / "secret_key").read_text().strip()
    with sqlite3.connect(installed.database) as connection:
        connection.execute(BADGE, (kiosk_rules.mark(secret),))
    assert verdicts(installed("doctor").out)["badges"] == "ok"
    done = installed("doctor", INCUBATOR_SECRET_KEY="another-secret-of-some-length-enough")
    assert (done.code, verdicts(done.out)["badges"]) == (1, "FAULT")
    assert "1 made with another secret key: put it back, or issue them anew" in done.out
