"""Letters: what they say, in whose language, and that each leaves once."""

from __future__ import annotations

import smtplib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from incubator.app import create_app
from incubator.kernel.db import db, transaction, utcnow
from incubator.kernel.jobs import Job, dead_letters, run_due
from incubator.kernel.settings import BadSettings, Settings
from incubator.network.accounts import credentials
from incubator.reactions.mail import transport
from incubator.reactions.mail.letters import BadHeader, Letter, compose
from incubator.reactions.mail.samples import KINDS, USUAL, sample
from incubator.reactions.mail.transport import Outbox, Smtp, transport_for
from incubator.reactions.mail.writing import post
from tests.factories_accounts import PASSWORD, invitation, letters, link_in

if TYPE_CHECKING:
    from email.message import EmailMessage

    from flask import Flask

    from tests.factories import Make
    from tests.reactions.mail_sink import Sink


def write(kind: str = "reset", to: str = "elise@example.org", language: str = "fr") -> None:
    with transaction():
        values = sample(kind)
        post(kind, to=to, language=language, values=values)


def run(app: Flask, minutes: int = 0) -> None:
    with app.app_context():
        run_due(utcnow() + timedelta(minutes=minutes))
    db.session.expire_all()


def job() -> Job:
    return db.session.scalars(select(Job).where(Job.kind == "mail.deliver")).one()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_letter_is_sound_in_both_languages(
    app: Flask, make: Make, kind: str, language: str
) -> None:
    write(kind, language=language)
    letter = letters(app, make)[0]
    plain, rich = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain
    assert rich
    html5lib.HTMLParser(strict=True).parse(rich.get_content())
    assert f'<html lang="{language}">' in rich.get_content()
    assert "<b>Cie</b>" not in rich.get_content()
    assert letter["Subject"]
    assert "%(" not in letter.as_string()


def test_a_letter_is_written_in_the_language_of_its_reader(app: Flask, make: Make) -> None:
    write(language="fr")
    write(language="en")
    assert {letter["Subject"] for letter in letters(app, make)} == {
        "Un nouveau mot de passe pour Passerelles",
        "A new password for Passerelles",
    }


def test_links_use_the_public_address_and_the_readers_spelling(app: Flask, make: Make) -> None:
    write(language="fr")
    write(language="en")
    texts = "".join(letter.get_body(("plain",)).get_content() for letter in letters(app, make))
    assert "http://127.0.0.1:8000/connexion/nouveau-mot-de-passe/secret-token" in texts
    assert "http://127.0.0.1:8000/sign-in/new-password/secret-token" in texts


def test_an_invitation_names_who_invites_and_opens_its_page(app: Flask, make: Make) -> None:
    boss = make.member(role="administrator", name="Aminata Sow")
    for role, site in [("guest", make.site("Dakar")), ("administrator", None)]:
        invitation(make, boss, site, role=role, email=f"{role}@example.org")
    found = letters(app, make)
    assert [letter["To"] for letter in found] == ["guest@example.org", "administrator@example.org"]
    assert "découvrir le site Dakar" in found[0].get_body(("plain",)).get_content()
    assert app.test_client().get(link_in(found[0])).status_code in {200, 410}


def test_an_invitation_from_hand_to_hand_sends_nothing(app: Flask, make: Make) -> None:
    invitation(make, make.member(role="administrator"), make.site())
    assert letters(app, make) == []


def test_a_changed_password_and_address_are_told_to_their_owner(app: Flask, make: Make) -> None:
    person = make.member(make.site(), email="old@example.org", password=PASSWORD)
    actor, now = make.actor(person), utcnow()
    with transaction():
        credentials.ask_new_email(actor, email="new@example.org", current=PASSWORD, now=now)
    for letter in letters(app, make):
        with transaction():
            credentials.confirm_email(link_in(letter).rpartition("/")[2], now=now)
    left = letters(app, make)
    assert [letter["To"] for letter in left] == ["old@example.org"]


def test_a_letter_reaches_the_server_once(posting: Flask, make: Make, sink: Sink) -> None:
    write()
    run(posting)
    run(posting, 600)
    assert len(sink.taken) == 1
    assert b"To: elise@example.org" in sink.taken[0]
    assert job().payload == {}


def test_a_busy_server_gets_the_letter_later_and_once(
    posting: Flask, make: Make, sink: Sink
) -> None:
    sink.refusals = ["451 try later"] * 2
    write()
    for minutes in (0, 5, 30, 60):
        run(posting, minutes)
    assert len(sink.taken) == 1
    assert (job().state, job().attempts) == ("done", 3)


def test_a_rude_farewell_sends_no_second_letter(posting: Flask, make: Make, sink: Sink) -> None:
    sink.farewell = "421 gone"
    write()
    for minutes in (0, 5, 30):
        run(posting, minutes)
    assert len(sink.taken) == 1


def test_a_letter_refused_for_good_ends_among_the_stopped_tasks(
    posting: Flask, make: Make, sink: Sink
) -> None:
    sink.refusals = ["550 no such person"] * 8
    write()
    for day in range(9):
        run(posting, day * 24 * 60)
    assert [row.attempts for row in dead_letters()] == [8]
    assert "550" in dead_letters()[0].error


def test_a_server_that_is_not_there_is_tried_again(app: Flask, make: Make) -> None:
    with pytest.raises(OSError, match="refused"):
        Smtp("smtp://127.0.0.1:1").send(message(), print)


def message() -> EmailMessage:
    settings = create_settings()
    return compose(Letter(id="1", to="a@b.fr", plain="Subject\n\nBody", rich="<p>Body"), settings)


def create_settings(**more: str) -> Settings:
    return Settings(instance_dir=Path("/nowhere"), secret_key="s" * 40, **more)


@pytest.mark.parametrize("to", ["a@b.fr\nBcc: c@d.fr", "a@b.fr\r\n", "", "a@b.fr\x00"])
def test_an_address_that_breaks_a_header_is_refused(to: str) -> None:
    with pytest.raises(BadHeader):
        compose(Letter(id="1", to=to, plain="S\n\nB", rich=""), create_settings())


@given(
    st.one_of(
        st.emails(),
        st.from_regex(r"[\w. <>\"@,;:()\[\]-]{0,12}@?[\w. <>\"@,;:()\[\]-]{0,12}", fullmatch=True),
        st.sampled_from(
            ["a@", "@b", "a@b@c", "Network <a@b.fr>", "é@b.fr", "a@é.fr", "a@[fd00::1]"]
        ),
    )
)
def test_a_sender_that_passes_the_start_signs_every_letter(mail_from: str) -> None:
    try:
        settings = create_settings(mail_from=mail_from, mail_url="smtp://127.0.0.1")
    except BadSettings:
        return
    letter = compose(Letter(id="1", to="a@b.fr", plain="S\n\nB", rich=""), settings)
    assert bytes(letter)
    assert letter["From"].addresses[0].addr_spec == mail_from


@pytest.mark.parametrize("base_url", ["http://[fd00::1]:8000", "http://[::1]", "http://10.0.0.1"])
def test_letters_are_written_where_the_product_has_a_number_for_a_name(base_url: str) -> None:
    settings = create_settings(base_url=base_url)
    letter = compose(Letter(id="1", to="a@b.fr", plain="S\n\nB", rich=""), settings)
    assert letter["From"].addresses[0].addr_spec == "no-reply@localhost"


def test_a_subject_that_breaks_a_header_is_refused() -> None:
    with pytest.raises(BadHeader):
        compose(
            Letter(id="1", to="a@b.fr", plain="S\rBcc: c@d.fr\n\nB", rich=""), create_settings()
        )


def test_a_name_with_a_line_break_stays_in_the_text(app: Flask, make: Make) -> None:
    with transaction():
        post("invitation", to="a@b.fr", language="fr", values=USUAL | {"giver": "A\rBcc: x@y.fr"})
    run(app)
    assert "BadHeader" in job().error


def test_the_same_letter_keeps_its_number_at_each_try() -> None:
    assert message()["Message-ID"] == message()["Message-ID"] == "<1@localhost>"


def test_without_a_server_letters_wait_in_the_outbox(tmp_path: Path) -> None:
    outbox = transport_for(replace(create_settings(), instance_dir=tmp_path))
    for _ in range(2):
        outbox.send(message(), print)
    files = list((tmp_path / "outbox").iterdir())
    assert [path.name for path in files] == ["1.eml"]
    assert files[0].stat().st_mode & 0o077 == 0
    assert isinstance(outbox, Outbox)


def test_secure_servers_are_greeted_in_tls(sink: Sink) -> None:
    address = f"smtps://u:p@127.0.0.1:{sink.port}"
    with pytest.raises(OSError, match=r"SSL|ssl"):
        Smtp(address).send(message(), print)


def test_a_password_is_never_sent_to_a_server_that_asks_none(sink: Sink) -> None:
    address = f"smtp://u:p@127.0.0.1:{sink.port}"
    with pytest.raises(smtplib.SMTPNotSupportedError):
        Smtp(address).send(message(), print)


def test_a_password_is_never_said_where_others_could_listen(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "OWN_MACHINE", ())
    server = Smtp(f"smtp://u:p@127.0.0.1:{sink.port}")
    for act in (server.greet, lambda: server.send(message(), print)):
        with pytest.raises(smtplib.SMTPNotSupportedError, match="no TLS"):
            act()


def test_a_server_is_greeted_without_a_letter(sink: Sink) -> None:
    Smtp(f"smtp://127.0.0.1:{sink.port}").greet()
    assert sink.taken == []


def test_an_application_made_twice_keeps_its_own_post_office(settings: Settings) -> None:
    first, second = (create_app(settings) for _ in range(2))
    assert first.extensions["incubator.mail"].app is first
    assert second.extensions["incubator.mail"].app is second
