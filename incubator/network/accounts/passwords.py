"""Passwords: argon2id hashes, and what makes a password acceptable."""

from __future__ import annotations

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from incubator.kernel.aside import aside

LEAST_LENGTH = 10
MOST_LENGTH = 200


@cache
def hasher() -> PasswordHasher:
    """The house's argon2id parameters (RFC 9106, second recommended option)."""
    return PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)


@cache
def _nobody() -> str:
    return hasher().hash("nobody")


def hash_password(password: str) -> str:
    """The argon2id hash of a password."""
    return aside(lambda: hasher().hash(_as_typed(password)))


def check_password(password: str, stored: str | None) -> bool:
    """Whether the password fits; takes as long when there is no account or no password."""
    # Asked for each time: the first call makes it, whoever the caller is.
    nobody = _nobody()
    try:
        aside(lambda: hasher().verify(stored or nobody, _as_typed(password)))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with parameters that the house has left."""
    return hasher().check_needs_rehash(stored)


def _as_typed(password: str) -> str:
    # The same letters, whether a keyboard sends an accent apart or not.
    return unicodedata.normalize("NFC", password)
