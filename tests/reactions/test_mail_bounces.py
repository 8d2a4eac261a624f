"""A bounce that comes after a letter was taken: whom it silences, and what it cannot do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from incubator.kernel.db import db, transaction
from incubator.network.letters import refusals
from incubator.reactions.mail import bounces
from incubator.reactions.mail.bounces import Bounce, read
from incubator.reactions.mail.models import MailCopy
from tests.conftest import NOW
from tests.reactions.test_mail_once import run, written

if TYPE_CHECKING:
    from flask import Flask

    from incubator.network.accounts.models import Account
    from tests.factories import Make
    from tests.reactions.mail_sink import Sink

LETTER = "0123456789abcdef" * 2
NO_USER = "smtp; 550 5.1.1 <elise@example.org>: Recipient\n address rejected: no such user"


def report(
    letter_id: str = LETTER,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    answer: str = NO_USER,
    returned: str = "message/rfc822",
) -> bytes:
    """What Postfix writes, as RFC 3464 asks."""
    said = f"Diagnostic-Code: {answer}\n" if answer else ""
    return f"""From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: x@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_cut"

--=_cut
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--=_cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Thu, 12 Nov 2026 09:41:00 +0000

Final-Recipient: rfc822; elise@example.org
Original-Recipient: rfc822;elise@example.org
Action: {action}
Status: {status}
{said}
--=_cut
Content-Type: {returned}

From: Passerelles <x@example.org>
To: elise@example.org
Message-ID: <{letter_id}@example.org>
Subject: Une nouvelle

Bonjour.

--=_cut--
""".encode()


@pytest.fixture
def elise(make: Make) -> Account:
    return make.member(make.site(), name="Élise", email="elise@example.org")


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_bounce_says_which_letter_and_why(returned: str) -> None:
    said = "5.1.1 <elise@example.org>: Recipient address rejected: no such user"
    assert read(report(returned=returned)) == Bounce(LETTER, 550, said)


def test_a_status_alone_is_enough_when_it_is_about_the_mailbox() -> None:
    assert read(report(answer="", status="5.1.10")) == Bounce(LETTER, 550, "5.1.10")
    assert read(report(answer="", status="5.2.2")) is None


@pytest.mark.parametrize(
    "more",
    [
        {"action": "delayed", "status": "4.4.1"},
        {"action": "relayed"},
        {"answer": "smtp; 452 4.2.2 Mailbox full", "status": "4.2.2"},
        {"answer": "smtp; 552 5.2.2 Mailbox full", "status": "5.2.2"},
        {"answer": "smtp; 550 5.7.1 Rejected by policy", "status": "5.7.1"},
        {"answer": "smtp; 550 Rejected", "status": "5.7.26"},
        {"letter_id": "somebody-else"},
    ],
)
def test_what_is_not_about_the_mailbox_silences_nobody(more: dict[str, str]) -> None:
    assert read(report(**more)) is None


@given(st.binary(max_size=400), st.integers(0, 1500), st.integers(0, 1500))
def test_no_message_however_damaged_is_an_error(noise: bytes, start: int, end: int) -> None:
    whole = report()
    read(whole[:start] + noise + whole[end:])
    read(noise)


def test_a_letter_that_comes_back_is_the_last_to_its_address(
    posting: Flask, elise: Account, sink: Sink
) -> None:
    written(elise)
    run(posting)
    (letter_id,) = re.findall(rb"Message-ID: <(\w+)@", sink.taken[0])
    for _ in range(2):
        with transaction():
            assert bounces.take(report(letter_id.decode()), now=NOW)
    found = refusals.refused("elise@example.org")
    assert found
    assert (found.code, "no such user" in found.said) == (550, True)
    assert db.session.scalars(select(MailCopy.state)).all() == ["refused"]
    written(elise)
    run(posting, 60)
    assert len(sink.taken) == 1


def test_a_bounce_of_a_letter_that_nobody_sent_silences_nobody(elise: Account) -> None:
    with transaction():
        assert not bounces.take(report(), now=NOW)
    assert refusals.refused(elise.email) is None
