"""What speaks for people at a site: numbers of badges, codes of screens and walls; pure.

Short secrets are kept keyed by the server's own secret, so that the table alone gives none away.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import string
from base64 import b32encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

DIGITS = 9
# Without what is taken for something else when read aloud or typed: 0 O, 1 I L.
CODE_SIGNS = "".join(sorted(set(string.ascii_uppercase + string.digits) - set("01OIL")))
CODE_LENGTH = 8
STEP = 30  # seconds that a rotating code is shown
SHOWN_STEPS = 4  # how long after it may still be opened: a phone is slow, and people sign in
ACT_STEPS = 20  # how long after it may still be acted on, once opened
MAC_BYTES = 10
MARK_LENGTH = 16
LONGEST = 40
ID_BITS = 63
_BASE = string.digits + string.ascii_lowercase


@dataclass(frozen=True, slots=True)
class Token:
    """What the address of a code says: which code, and its proof."""

    code_id: int
    proof: str


def keyed(secret: str, purpose: str, text: str) -> str:
    """What is stored of a short secret: 64 hexadecimal signs."""
    return hmac.new(secret.encode(), f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


def mark(secret: str) -> str:
    """What tells this secret from another, and nothing of it."""
    return keyed(secret, "mark", "")[:MARK_LENGTH]


def new_number() -> str:
    """A number for a badge: eight random digits and one that shows a slip of the finger."""
    digits = "".join(secrets.choice(string.digits) for _ in range(DIGITS - 1))
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """The last digit of a number, by Luhn's rule."""
    total = 0
    for place, sign in enumerate(reversed(digits)):
        value = int(sign) * (2 if place % 2 == 0 else 1)
        total += sum(divmod(value, 10))
    return str(-total % 10)


def clean_number(text: str) -> str | None:
    """The digits of a badge as somebody typed them; None when it cannot be one."""
    digits = "".join(text.split())
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    return digits if check_digit(digits[:-1]) == digits[-1] else None


def shown_number(digits: str) -> str:
    """A number in groups of three."""
    return " ".join(digits[start : start + 3] for start in range(0, len(digits), 3))


def new_code() -> str:
    """A code by which a screen is enrolled, once."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


def clean_code(text: str) -> str:
    """A code as somebody typed it."""
    return "".join(text.upper().replace("-", " ").split())


def step_of(now: datetime) -> int:
    """The number of the half minute of an instant."""
    return int(now.timestamp()) // STEP


def proof(secret: str, *, salt: str, step: int | None = None) -> str:
    """What stands in the address of a code: for good, or for one step of a rotating one."""
    text = salt if step is None else f"{salt}:{step}"
    mac = hmac.new(secret.encode(), f"site-code:{text}".encode(), hashlib.sha256).digest()
    return b32encode(mac[:MAC_BYTES]).decode().lower()


def is_fresh(secret: str, told: str, *, salt: str, now: datetime, steps: int) -> bool:
    """Whether a rotating proof is of this half minute or of one of the ``steps`` before."""
    here = step_of(now)
    return any(
        hmac.compare_digest(proof(secret, salt=salt, step=here - back).encode(), told.encode())
        for back in range(steps + 1)
    )


def write(token: Token) -> str:
    """A token as it stands in an address."""
    number, digits = token.code_id, ""
    while number:
        number, rest = divmod(number, len(_BASE))
        digits = _BASE[rest] + digits
    return f"{digits}.{token.proof}"


def read(text: str) -> Token | None:
    """The token of an address, if it can be one."""
    number, _, told = text.lower().partition(".")
    if not (number and told and len(text) <= LONGEST and number.isalnum() and text.isascii()):
        return None
    value = int(number, len(_BASE))
    return Token(value, told) if value.bit_length() <= ID_BITS else None
