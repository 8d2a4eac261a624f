"""The ``incubator`` command: everything an administrator does outside the browser."""

from __future__ import annotations

import functools
import signal
import sqlite3
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from incubator import serve
from incubator.app import create_app, instance_dir, log_to_stderr, ring_elsewhere
from incubator.cli import archive, doctor, hours, ledger, netting, people
from incubator.demo import loader
from incubator.domain.membership import life_tick
from incubator.kernel import engines, schema
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.errors import Refusal
from incubator.kernel.job_runner import JobRunner
from incubator.kernel.memory import collector_off
from incubator.kernel.settings import BadSettings, Settings
from incubator.reactions.mail import bounces
from incubator.reactions.push import keys

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

EXPECTED = (BadSettings, archive.CannotArchive, people.CannotImport, serve.PortInUse)


def sentence(error: Exception) -> str:
    """One clear sentence for an error that a person can act on."""
    match error:
        case Refusal():
            words = people.WORDS.get(error.code, f"Refused: {error.code}.")
        case DBAPIError():
            words = f"The database cannot do this: {first_line(error.orig)}"
        case sqlite3.Error() | SQLAlchemyError():
            words = f"The database cannot be used: {first_line(error)}"
        case OSError():
            words = f"{error.filename or 'The file system'}: {error.strerror or error}."
        case _:
            words = str(error)
    return words


# SQLite's words that name no cause, and what to look at.
HINTS = {
    "disk I/O": "Is the disk full or read-only?",
    "unable to open database file": "Is its folder there, and may this account write in it?",
}


def first_line(error: object) -> str:
    """What an error says, without the lines that only its author understands."""
    said = (str(error).strip().splitlines() or ["no reason given"])[0].rstrip(".")
    return " ".join([f"{said}.", *(hint for words, hint in HINTS.items() if words in said)])


def spoken(command: Callable[..., None]) -> Callable[..., None]:
    """End in one sentence instead of a traceback when the cause is outside the program."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except (*EXPECTED, Refusal, SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise click.ClickException(sentence(error)) from error

    return run


def load() -> tuple[Settings, Flask]:
    """The settings and the application of this installation."""
    settings = Settings.load(instance_dir())
    log_to_stderr("WARNING")
    return settings, create_app(settings)


def need_schema() -> None:
    """Raise BadSettings unless the database is at this version."""
    here = schema.current(db.engine)
    _refuse_newer(here)
    if here != schema.head():
        msg = "The database is not at this version: run «incubator init» first."
        raise BadSettings(msg)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run and look after an incubator intranet."""


@main.command()
@spoken
def init() -> None:
    """Make the instance folder and its keys, and bring the database to this version."""
    settings, app = load()
    with app.app_context():
        before = schema.current(db.engine)
        _refuse_newer(before)
        schema.upgrade(db.engine)
        engines.settle(db.engine)
    keys.make(settings)
    click.echo(
        f"{settings.instance_dir}: the database is at {schema.head()}"
        + ("." if before == schema.head() else f" (it was at {before or 'nothing'}).")
    )


def _refuse_newer(revision: str) -> None:
    if revision and revision not in schema.revisions():
        msg = f"The database was made by a newer version ({revision}); upgrade the product."
        raise BadSettings(msg)


@main.command()
@spoken
def run() -> None:
    """Serve the product with the production server."""
    settings, app = load()
    with app.app_context():
        need_schema()
        # Told now, not by the first person who signs in: reading would work.
        if closed := engines.unwritable(db.engine):
            msg = f"{closed} cannot be written: give it to the account that runs this."
            raise BadSettings(msg)
        accounts = loader.demo_accounts()
    serve.check_port(settings)
    click.echo(f"The intranet answers at {settings.base_url}")
    if accounts:
        click.echo(f"Demo accounts (password «{loader.PASSWORD}»):")
        for email, words in accounts.items():
            click.echo(f"  {email:<42} {words}")
    serve.serve(settings)


@main.command()
@spoken
def jobs() -> None:
    """Run the waiting jobs and nothing else, until SIGTERM or Ctrl-C, which end after a job."""
    settings, app = load()
    with app.app_context():
        need_schema()
    log_to_stderr(settings.log_level)
    runner = JobRunner(app.app_context)
    # Waited for, not handled: a handler could stop the runner while that holds its own lock.
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    # Open pages hang on servers: by Redis they hear at once what a job changed.
    ring_elsewhere(app)
    work = threading.Thread(target=runner.run, name="jobs")
    work.start()
    click.echo("The jobs of this network are run here.")
    signal.sigwait(ends)
    runner.stop()
    work.join()


@main.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when the database holds members.")
@spoken
def demo(*, if_empty: bool) -> None:
    """Load the demo network «Passerelles» into an empty database."""
    _, app = load()
    with app.app_context():
        need_schema()
        if not people.is_empty():
            if not if_empty:
                msg = "The database holds members already; the demo goes into an empty one."
                raise people.CannotImport(msg)
            return
        click.echo("Loading the demo network…")
        click.echo(loader.load(utcnow(), told=lambda made: click.echo(f"  {made}")))
        engines.settle(db.engine)


@main.command(name="create-admin")
@click.option("--email", prompt=True)
@click.option("--name", prompt=True)
@click.password_option(help="Asked for when not given.")
@spoken
def create_admin(email: str, name: str, password: str) -> None:
    """Create a network administrator."""
    settings, app = load()
    with app.app_context():
        need_schema()
        with transaction():
            people.create_admin(settings, email=email, name=name, password=password)
    click.echo(f"{name} may sign in as {email} and runs the network.")


@main.command(name="import-members")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="Import without asking after the preview.")
@spoken
def import_members(file: Path, *, yes: bool) -> None:
    """Create or update members from a CSV FILE: all of it, or nothing."""
    settings, app = load()
    with app.app_context():
        need_schema()
        plan = people.preview(file.read_bytes())
        for line in plan.describe():
            click.echo(line)
        if plan.table.faults:
            msg = f"{len(plan.table.faults)} fault(s): nothing was imported."
            raise people.CannotImport(msg)
        if not yes:
            click.confirm("Import these members?", abort=True)
        with collector_off(), transaction():
            outcome = people.apply(plan, settings)
        engines.settle(db.engine)
    click.echo(outcome)


@main.command(name="mail-bounce")
@spoken
def mail_bounce() -> None:
    """Take a message from standard input, as a mail server hands over what bounced."""
    raw = sys.stdin.buffer.read(bounces.MOST)
    _, app = load()
    with app.app_context():
        need_schema()
        with transaction():
            taken = bounces.take(raw, now=utcnow())
    click.echo("Nothing goes to that address any more." if taken else "No letter of ours failed.")


@main.group()
def membership() -> None:
    """Look after the course of memberships."""


@membership.command()
@spoken
def tick() -> None:
    """Do what the calendar owes: absences, moves and departures whose day has come."""
    _, app = load()
    with app.app_context():
        need_schema()
        done = life_tick.tick(utcnow())
    click.echo(f"{done} step(s) of memberships done.")


@main.group(name="hours")
def hours_group() -> None:
    """Look after the hours: what time owes, proofs, sums."""


@hours_group.command(name="tick")
@spoken
def hours_tick() -> None:
    """Do what time owes: forgotten check-outs, dues, silence, closings, standings."""
    _, app = load()
    with app.app_context():
        need_schema()
        click.echo(hours.tick(utcnow()))


@hours_group.command(name="verify")
@spoken
def hours_verify() -> None:
    """Prove every invariant of the hours again; status 1 when a fault is found."""
    _, app = load()
    with app.app_context():
        need_schema()
        faults = hours.verify(utcnow())
    for fault in faults:
        click.echo(fault)
    if faults:
        raise click.exceptions.Exit(1)
    click.echo("Every proof holds.")


@hours_group.command(name="rebuild")
@spoken
def hours_rebuild() -> None:
    """Throw the standings away and add them up again from the ledger."""
    _, app = load()
    with app.app_context():
        need_schema()
        click.echo(hours.rebuild(utcnow()))


@main.group(name="ledger")
def ledger_group() -> None:
    """Look after the barter ledger: proofs and heads of its chain."""


@ledger_group.command(name="verify")
@spoken
def ledger_verify() -> None:
    """Prove the chain and every invariant again; then the heads. Status 1 when a fault is found."""
    _, app = load()
    with app.app_context():
        need_schema()
        faults, heads = ledger.verify(), ledger.heads(utcnow())
    for line in (*faults, *heads):
        click.echo(line)
    if faults:
        raise click.exceptions.Exit(1)
    click.echo("Every proof holds.")


@main.group(name="netting")
def netting_group() -> None:
    """Check rounds of netting: needs no database."""


@netting_group.command(name="verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--again", is_flag=True, help="Also solve the round again and compare.")
@spoken
def netting_verify(file: Path, again: bool) -> None:  # noqa: FBT001 - as click passes it
    """Check the published FILE of a round. Status 1 when something is wrong."""
    faults = netting.verify(file, again=again)
    for line in faults:
        click.echo(line)
    if faults:
        raise click.exceptions.Exit(1)
    click.echo(netting.SOLVED if again else netting.WELL)


@main.command(name="doctor")
@spoken
def examine() -> None:
    """Check database, migrations, mail, push, Redis, disk, secret key and clock."""
    settings, app = load()
    with app.app_context():
        findings = doctor.examine(settings)
    signs = {True: "ok", False: "FAULT", None: "-"}
    for finding in findings:
        click.echo(f"{signs[finding.ok]:<6} {finding.name:<11} {finding.words}")
    if any(finding.ok is False for finding in findings):
        raise click.exceptions.Exit(1)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@spoken
def backup(file: Path) -> None:
    """Save the database, uploads and keys to FILE, verified, while the product runs."""
    made = archive.backup(Settings.load(instance_dir()), file)
    click.echo(f"{file}: {len(made['files'])} files, schema {made['schema']}, verified.")


@main.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--force", is_flag=True, help="Keep the present database aside and replace it.")
@spoken
def restore(file: Path, *, force: bool) -> None:
    """Put a backup FILE back, whole or not at all."""
    made = archive.restore(Settings.load(instance_dir()), file, force=force)
    # Again: those of the backup are in place now.
    settings = Settings.load(instance_dir())
    app = create_app(settings)
    with app.app_context():
        schema.upgrade(db.engine)
        engines.settle(db.engine)
    place = archive.database_path(settings)
    click.echo(f"Restored the backup of {made['made_at']}: the database is {place}.")
