"""A text that only one browser can read: aes128gcm (RFC 8188) as RFC 8291 wants it for pushes."""

from __future__ import annotations

import os
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from incubator.reactions.push.keys import CURVE, point_of

RECORD: Final = 4096
SALT: Final = 16
SECRET: Final = 16
POINT: Final = 65
# Services take 4096 bytes: 86 are the head, 16 prove the text, one says that it ends.
MOST: Final = 3993
# Lengths tell less of what is said when they are multiples of this.
STEP: Final = 128


def public_point(point: bytes) -> ec.EllipticCurvePublicKey:
    """A browser's public key; raise ValueError for what is no point of the curve."""
    if len(point) != POINT:
        msg = "not an uncompressed point"
        raise ValueError(msg)
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)


def sealed(
    text: bytes,
    *,
    point: bytes,
    secret: bytes,
    private: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes = b"",
    step: int = STEP,
) -> bytes:
    """The body of a push for the browser with this public key and secret.

    Raise ValueError for a text beyond one record. ``private`` and ``salt`` are new each time,
    except where the RFC's own example is done again.
    """
    ours = private or ec.generate_private_key(CURVE)
    salt = salt or os.urandom(SALT)
    mine = point_of(ours.public_key())
    shared = ours.exchange(ec.ECDH(), public_point(point))
    root = _hkdf(secret, b"WebPush: info\0" + point + mine, 32).derive(shared)
    key = _hkdf(salt, b"Content-Encoding: aes128gcm\0", 16).derive(root)
    nonce = _hkdf(salt, b"Content-Encoding: nonce\0", 12).derive(root)
    if len(text) > MOST:
        msg = "too long for one push"
        raise ValueError(msg)
    filled = text + b"\2"
    filled = filled.ljust(min(MOST + 1, -(-len(filled) // step) * step), b"\0")
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(mine)]) + mine
    return head + AESGCM(key).encrypt(nonce, filled, None)


def _hkdf(salt: bytes, info: bytes, length: int) -> HKDF:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info)
