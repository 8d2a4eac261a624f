"""The key by which push services know this installation (VAPID, RFC 8292)."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from incubator.kernel.settings import BadSettings

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from incubator.kernel.settings import Settings

CURVE: Final = ec.SECP256R1()
SIZE: Final = 32
# RFC 8292 allows a day; half of it forgives a clock that is wrong.
LIFE: Final = timedelta(hours=12)


def text_of(data: bytes) -> str:
    """Bytes in base64 of addresses, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def bytes_of(text: str) -> bytes:
    """The contrary; raise ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass(frozen=True)
class PushKey:
    """The private key; ``public`` is what browsers are given."""

    private: ec.EllipticCurvePrivateKey

    @property
    def public(self) -> str:
        """The public key, in base64 of addresses."""
        return text_of(point_of(self.private.public_key()))

    @property
    def name(self) -> str:
        """Sixteen signs that tell it from any other key."""
        return hashlib.sha256(self.public.encode()).hexdigest()[:16]

    def header(self, endpoint: str, settings: Settings, *, now: datetime) -> str:
        """What «Authorization» says to the service of an endpoint."""
        place = urlsplit(endpoint)
        told = {
            "aud": f"{place.scheme}://{place.netloc}",
            "exp": int((now + LIFE).timestamp()),
            "sub": subject_of(settings),
        }
        head = {"typ": "JWT", "alg": "ES256"}
        parts = (json.dumps(each, separators=(",", ":")).encode() for each in (head, told))
        signed = ".".join(map(text_of, parts))
        r, s = decode_dss_signature(self.private.sign(signed.encode(), ec.ECDSA(SHA256())))
        signature = text_of(r.to_bytes(SIZE, "big") + s.to_bytes(SIZE, "big"))
        return f"vapid t={signed}.{signature}, k={self.public}"


def subject_of(settings: Settings) -> str:
    """Whom a push service may write to when something goes wrong."""
    return f"mailto:{settings.mail_from}" if settings.mail_from else settings.base_url


def path_of(settings: Settings) -> Path:
    """Where the key lies unless the settings hold it."""
    return settings.instance_dir / "vapid_key"


def make(settings: Settings) -> None:
    """Make the key once, with mode 0600; one that is there stays: browsers know it."""
    if settings.vapid_key:
        return
    try:
        handle = os.open(path_of(settings), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text_of(number.to_bytes(SIZE, "big")))


def key_of(settings: Settings) -> PushKey | None:
    """The key of this installation; None without one. Raise BadSettings for one that is none."""
    text = settings.vapid_key
    if not text:
        try:
            text = path_of(settings).read_text("ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError):
            text = ""
    try:
        return PushKey(ec.derive_private_key(_number(text), CURVE))
    except ValueError as error:
        msg = (
            f"{path_of(settings)} holds no key for pushes: put the saved one back, or delete it"
            " and run «incubator init» (members turn pushes on again)."
        )
        raise BadSettings(msg) from error


def _number(text: str) -> int:
    found = bytes_of(text)
    if len(found) != SIZE:
        raise ValueError(text)
    return int.from_bytes(found, "big")
