"""Secret tokens: shown once to their owner, stored only as hashes."""

import hashlib
import secrets


def new_token() -> str:
    """A fresh secret of 256 bits, fit for an address."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """What is stored of a token: as it is random, a plain SHA-256 suffices."""
    return hashlib.sha256(token.encode()).hexdigest()
