"""Whom somebody means by a name that they typed."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import select

from incubator.kernel.db import db
from incubator.kernel.errors import Refusal
from incubator.kernel.text import fold
from incubator.network.members.models import Member

_BETWEEN: Final = re.compile(r"[,;\n]")
MOST: Final = 40


def meant(typed: str) -> list[int]:
    """The members of names or addresses of profiles, with commas or lines between them.

    Raise Refusal ``chat.who_nobody`` or ``chat.who_several`` with the name that was not clear.
    """
    names = [name.strip() for name in _BETWEEN.split(typed)]
    return list(dict.fromkeys(_one(name) for name in names[:MOST] if name))


def _one(who: str) -> int:
    slug = who.rstrip("/").rpartition("/")[2].removeprefix("@")
    by_name = Member.sort_name == " ".join(fold(who).split())
    query = select(Member.id).where((Member.slug == slug) | by_name, Member.active).limit(2)
    found = db.session.scalars(query).all()
    if len(found) != 1:
        code = "chat.who_several" if found else "chat.who_nobody"
        raise Refusal(code, field="who", who=who[:60])
    return found[0]
