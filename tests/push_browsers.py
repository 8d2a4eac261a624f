"""A browser that takes pushes: it has keys, and reads what was sealed for it by the RFCs alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select

from incubator.kernel.db import db, transaction
from incubator.network.accounts.models import Session
from incubator.reactions.push import browsers
from incubator.reactions.push.browsers import Here, Offer
from incubator.reactions.push.keys import key_of
from incubator.reactions.push.models import PushBrowser

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make

CURVE = ec.SECP256R1()
FIREFOX = "Mozilla/5.0 (Android 16; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0"


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_b64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _hkdf(salt: bytes, key: bytes, info: bytes, length: int) -> bytes:
    """One block of RFC 5869, which is all that pushes need."""
    root = hmac.new(salt, key, hashlib.sha256).digest()
    return hmac.new(root, info + b"\1", hashlib.sha256).digest()[:length]


@dataclass
class Taker:
    """A browser at an address of a push service."""

    endpoint: str
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(CURVE)
    )
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def point(self) -> bytes:
        key = self.private.public_key()
        return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def offer(self) -> dict[str, str]:
        return {"endpoint": self.endpoint, "p256dh": b64(self.point), "auth": b64(self.secret)}

    def opened(self, body: bytes) -> bytes:
        """The text of a push, as RFC 8188 and RFC 8291 have it read."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        theirs, record = body[21 : 21 + length], body[21 + length :]
        assert len(record) <= size
        shared = self.private.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs)
        )
        root = _hkdf(self.secret, shared, b"WebPush: info\0" + self.point + theirs, 32)
        key = _hkdf(salt, root, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(salt, root, b"Content-Encoding: nonce\0", 12)
        text, _last, _filling = AESGCM(key).decrypt(nonce, record, None).rpartition(b"\2")
        return text

    def read(self, body: bytes) -> dict[str, Any]:
        """What the worker is given."""
        found: dict[str, Any] = json.loads(self.opened(body))
        return found


def claims(header: str) -> dict[str, Any]:
    """What an «Authorization» says, once its signature was found to be of the key beside it."""
    token, _, key = header.removeprefix("vapid t=").partition(", k=")
    signed, _, signature = token.rpartition(".")
    r, s = (int.from_bytes(from_b64(signature)[at : at + 32], "big") for at in (0, 32))
    public = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, from_b64(key))
    public.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(SHA256()))
    found: dict[str, Any] = json.loads(from_b64(signed.partition(".")[2]))
    return found | {"k": key}


def told_at(make: Make, who: Account, taker: Taker) -> PushBrowser:
    """Let somebody be told there, signed in for this."""
    make.session_of(who)
    mine = select(Session.id).where(Session.account_id == who.id).order_by(Session.id.desc())
    ours = key_of(make.settings)
    assert ours
    here = Here(
        session_id=db.session.scalars(mine).first() or 0, device=FIREFOX, made_for=ours.name
    )
    with transaction():
        browsers.keep(make.actor(who), Offer(**taker.offer), here, now=make.now)
    at = PushBrowser.endpoint == taker.endpoint
    return db.session.scalars(select(PushBrowser).where(at)).one()


def rows() -> list[PushBrowser]:
    return list(db.session.scalars(select(PushBrowser).order_by(PushBrowser.id)))
