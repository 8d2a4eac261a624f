"""Rules of accounts: what an address, a name and a password must be, how often one may try."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from incubator.kernel.errors import Refusal
from incubator.kernel.settings import LANGUAGES
from incubator.kernel.text import fold, one_line
from incubator.kernel.zones import zone_named
from incubator.network.accounts.passwords import LEAST_LENGTH, MOST_LENGTH
from incubator.network.accounts.weak_passwords import is_weak

INVITATION_LASTS = timedelta(days=14)
RESET_LASTS = timedelta(hours=1)
EMAIL_LINK_LASTS = timedelta(hours=24)
MOST_EMAIL = 254
MOST_NAME = 120

_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_EDGES = "0123456789 !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_LEAST_NAME_PART = 4


@dataclass(frozen=True)
class Limit:
    """At most ``acts`` tries in ``seconds``, counted apart for each address or account."""

    name: str
    acts: int
    seconds: int


QUARTER = 900
HOUR = 3600
# A whole site may sit behind one address: the count per account is the tight one.
SIGN_IN_FROM = Limit("sign-in-from", 60, QUARTER)
SIGN_IN_AS = Limit("sign-in-as", 10, QUARTER)
RESET_FROM = Limit("reset-from", 20, HOUR)
RESET_FOR = Limit("reset-for", 4, HOUR)
LINK_FROM = Limit("link-from", 30, QUARTER)
PASSWORD_OF = Limit("password-of", 10, QUARTER)
# The public form: an office may share an address, a flood comes from a whole net.
APPLY_FOR = Limit("apply-for", 4, HOUR)
APPLY_FROM = Limit("apply-from", 15, HOUR)
APPLICANT_WRITES = Limit("applicant-writes", 12, HOUR)
APPLY_AROUND = Limit("apply-around", 60, HOUR)


def clean_email(text: str) -> str:
    """An address in lower case; raise Refusal ``accounts.email_bad``.

    Plain ASCII, so that it fits a mail header: no line break, no blank, no comma.
    """
    address = text.strip().lower()
    if len(address) > MOST_EMAIL or not _EMAIL.fullmatch(address):
        raise Refusal("accounts.email_bad", field="email")
    return address


def clean_name(text: str) -> str:
    """A name on one line; raise Refusal ``accounts.name_bad``."""
    name = one_line(text)
    if not name or len(name) > MOST_NAME or not name.isprintable():
        raise Refusal("accounts.name_bad", field="name", most=MOST_NAME)
    return name


def clean_language(code: str) -> str:
    """A language of the product; raise Refusal ``accounts.language_bad``."""
    if code not in LANGUAGES:
        raise Refusal("accounts.language_bad", field="language")
    return code


def clean_time_zone(text: str) -> str:
    """An IANA zone, upper or lower case alike; raise Refusal ``accounts.zone_bad``."""
    found = zone_named(text)
    if found is None:
        raise Refusal("accounts.zone_bad", field="time_zone")
    return found


def check_new_password(password: str, *, email: str, name: str, field: str = "password") -> None:
    """Raise Refusal when a password is too short, too long, common, or the person's own name."""
    if len(password) < LEAST_LENGTH:
        raise Refusal("accounts.password_short", field=field, least=LEAST_LENGTH)
    if len(password) > MOST_LENGTH:
        raise Refusal("accounts.password_long", field=field, most=MOST_LENGTH)
    if _tells_who(password, email=email, name=name):
        raise Refusal("accounts.password_own", field=field)
    if is_weak(password):
        raise Refusal("accounts.password_common", field=field)


def _tells_who(password: str, *, email: str, name: str) -> bool:
    folded = fold(password).replace("'", "")
    core = folded.strip(_EDGES)
    parts = [part for part in re.split(r"[^a-z0-9]+", fold(name)) if part]
    own = {
        "".join(parts),
        "".join(reversed(parts)),
        *(part for part in parts if len(part) >= _LEAST_NAME_PART),
        email.partition("@")[0],
        email.partition("@")[2],
    }
    bare = re.sub(r"[^a-z0-9]", "", core)
    return email in (folded, core) or bool({core, bare} & own - {""})
