"""How a letter leaves: by SMTP, or into instance/outbox/ when no server is named."""

from __future__ import annotations

import os
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path

    from incubator.kernel.settings import Settings

SECONDS = 20


class Transport(Protocol):
    """Anything that takes a letter away."""

    def send(self, message: EmailMessage) -> None:
        """Take it, or raise OSError or smtplib.SMTPException."""


@dataclass(frozen=True)
class Outbox:
    """A folder of .eml files, readable by their owner only: they hold secret links."""

    folder: Path

    def send(self, message: EmailMessage) -> None:
        """Write the letter whole or not at all; a second try writes over the first."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = message["Message-ID"].strip("<>").partition("@")[0]
        draft = self.folder / f".{name}.part"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(bytes(message))
        draft.replace(self.folder / f"{name}.eml")


@dataclass(frozen=True)
class Smtp:
    """A mail server: smtp://user:password@host:587 or smtps://host:465; TLS when offered."""

    address: str

    def send(self, message: EmailMessage) -> None:
        """Hand the letter over; once the server has taken it, nothing can fail any more."""
        server = self._connect()
        try:
            server.send_message(message)
        finally:
            # A farewell that fails must not send the letter a second time.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def _connect(self) -> smtplib.SMTP:
        to = urlsplit(self.address)
        host, context = to.hostname or "", ssl.create_default_context()
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
            if to.username:
                server.login(unquote(to.username), unquote(to.password or ""))
        except BaseException:
            server.close()
            raise
        return server


def transport_for(settings: Settings) -> Transport:
    """SMTP when a server is named; else letters wait in instance/outbox/ and none is lost."""
    if settings.mail_url:
        return Smtp(settings.mail_url)
    return Outbox(settings.instance_dir / "outbox")
