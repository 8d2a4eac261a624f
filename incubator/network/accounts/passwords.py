"""Passwords: argon2id hashes, and what makes a password acceptable."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

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
    return hasher().hash(password)


def check_password(password: str, stored: str | None) -> bool:
    """Whether the password fits; takes as long when there is no account or no password."""
    try:
        hasher().verify(stored or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
