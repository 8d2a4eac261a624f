"""How a letter leaves: by SMTP, or into instance/outbox/ when no server is named."""

from __future__ import annotations

import os
import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage
    from pathlib import Path

    from incubator.kernel.settings import Settings

SECONDS = 20
TAKEN = (250, 251)
GO_ON = 354
OWN_MACHINE = ("localhost", "127.0.0.1", "::1")
# Answers to an address by which there is no such mailbox, and will not be tomorrow.
NO_MAILBOX = (550, 551, 553)
# What a server adds when it is the sender or a rule that it does not like.
NOT_THE_ADDRESS = b"5.7."


class AddressRefused(Exception):
    """The server says for good that it has no such mailbox."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(f"{code} {said}")
        self.code = code
        self.said = said


class Transport(Protocol):
    """Anything that takes a letter away."""

    def send(self, message: EmailMessage, handing: Callable[[], None]) -> None:
        """Take it, or raise AddressRefused, OSError or smtplib.SMTPException.

        ``handing`` is called just before the end of the letter is said: from there on, only an
        answer tells whether it left. An SMTPDataError is such an answer: it did not.
        """


@dataclass(frozen=True)
class Outbox:
    """A folder of .eml files, readable by their owner only: they hold secret links."""

    folder: Path

    def send(self, message: EmailMessage, handing: Callable[[], None]) -> None:
        """Write the letter whole or not at all; a second try writes over the first."""
        del handing
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = message["Message-ID"].strip("<>").partition("@")[0]
        draft = self.folder / f".{name}.part"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(bytes(message))
        draft.replace(self.folder / f"{name}.eml")


@dataclass(frozen=True)
class Smtp:
    """A mail server: smtp://user:password@host:587 or smtps://host:465.

    TLS is used when offered; a password is never said without it, but to this very machine.
    """

    address: str

    def send(self, message: EmailMessage, handing: Callable[[], None]) -> None:
        """Hand the letter over; once the server has taken it, nothing can fail any more."""
        server = self._connect()
        try:
            _envelope(server, message)
            _body(server, message, handing)
        finally:
            # A farewell that fails must not send the letter a second time.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def greet(self) -> None:
        """Go as far as before a letter: greeting, TLS, password; raise as ``send``."""
        server = self._connect()
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()

    def _connect(self) -> smtplib.SMTP:
        to = urlsplit(self.address)
        host, context = to.hostname or "", ssl.create_default_context()
        safe = to.scheme == "smtps"
        if to.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, to.port or 465, timeout=SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(host, to.port or 25, timeout=SECONDS)
        try:
            server.ehlo_or_helo_if_needed()
            if to.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=context)
                safe = True
            if to.username:
                _check_safe(to.hostname or "", safe=safe)
                server.login(unquote(to.username), unquote(to.password or ""))
        except BaseException:
            server.close()
            raise
        return server


def _check_safe(host: str, *, safe: bool) -> None:
    """Raise SMTPNotSupportedError rather than say a password where others could listen."""
    if not safe and host not in OWN_MACHINE:
        raise smtplib.SMTPNotSupportedError("the server offers no TLS: no password is said")


def _envelope(server: smtplib.SMTP, message: EmailMessage) -> None:
    """From whom and to whom; addresses beyond ASCII need a server that knows them."""
    sender, to = (message[name].addresses[0].addr_spec for name in ("From", "To"))
    wide = not (sender + to).isascii()
    if wide and not server.has_extn("smtputf8"):
        raise smtplib.SMTPNotSupportedError("the server takes ASCII addresses only")
    code, said = server.mail(sender, ["SMTPUTF8", "BODY=8BITMIME"] if wide else [])
    if code not in TAKEN:
        raise smtplib.SMTPSenderRefused(code, said, sender)
    code, said = server.rcpt(to)
    if code in NO_MAILBOX and not said.startswith(NOT_THE_ADDRESS):
        raise AddressRefused(code, said.decode("utf-8", "replace"))
    if code not in TAKEN:
        raise smtplib.SMTPRecipientsRefused({to: (code, said)})


def _body(server: smtplib.SMTP, message: EmailMessage, handing: Callable[[], None]) -> None:
    """All but the last line, then ``handing``, then the line that makes it a letter."""
    code, said = server.docmd("DATA")
    if code != GO_ON:
        raise smtplib.SMTPDataError(code, said)
    text = re.sub(rb"(?m)^\.", b"..", bytes(message))
    server.send(text if text.endswith(b"\r\n") else text + b"\r\n")
    handing()
    server.send(b".\r\n")
    code, said = server.getreply()
    if code not in TAKEN:
        raise smtplib.SMTPDataError(code, said)


def transport_for(settings: Settings) -> Transport:
    """SMTP when a server is named; else letters wait in instance/outbox/ and none is lost."""
    if settings.mail_url:
        return Smtp(settings.mail_url)
    return Outbox(settings.instance_dir / "outbox")
