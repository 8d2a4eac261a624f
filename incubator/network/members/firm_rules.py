"""Rules on firms: what they may say, when roles hold, what becomes of requests. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.kernel.errors import Refusal
from incubator.kernel.text import words
from incubator.network.members.sectors import SECTORS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

OLDEST_YEAR = 1850
MOST_PEOPLE = 10_000
MOST_SKILLS = 12
MONTHS = 12

KINDS = ("join", "invite", "claim")
OPEN, ACCEPTED, DECLINED, WITHDRAWN = STATES = ("open", "accepted", "declined", "withdrawn")
ACTS = {"accept": ACCEPTED, "decline": DECLINED, "withdraw": WITHDRAWN}

# Legal forms and small words say nothing of which firm it is.
_FORMS = """
sa sas sasu sarl eurl eirl ei scop scic snc sci sprl srl asbl gie suarl inc ltd ltee llc gmbh ag
et and cie co company ste societe entreprise atelier studio le la les l de du des d the of by a
au aux en
"""
_IDLE = frozenset(_FORMS.split())


def check_sector(code: str) -> str:
    """A sector of the list, or none."""
    if code and code not in SECTORS:
        raise Refusal("firms.sector", field="sector")
    return code


def check_size(size: int) -> int:
    """How many people work there."""
    if not 1 <= size <= MOST_PEOPLE:
        raise Refusal("firms.size", field="size", most=MOST_PEOPLE)
    return size


def check_since(year: int | None, month: int | None, today: date) -> None:
    """Refuse a beginning that cannot be or lies ahead; a month needs its year."""
    if year is None:
        if month is not None:
            raise Refusal("firms.month_alone", field="since_year")
        return
    if not OLDEST_YEAR <= year <= today.year:
        raise Refusal("firms.year", field="since_year", least=OLDEST_YEAR, most=today.year)
    if month is not None and (
        not 1 <= month <= MONTHS or (year, month) > (today.year, today.month)
    ):
        raise Refusal("firms.month", field="since_month")


def check_skills(offers: Collection[int], needs: Collection[int]) -> None:
    """Refuse more than twelve skills offered or looked for."""
    for field, chosen in (("offers", offers), ("needs", needs)):
        if len(chosen) > MOST_SKILLS:
            raise Refusal("firms.too_many_skills", field=field, most=MOST_SKILLS)


def check_span(since: date, until: date | None, today: date) -> None:
    """Refuse days of a role (the end excluded) that lie ahead or run backwards."""
    if since > today or since.year < OLDEST_YEAR:
        raise Refusal("firms.since", field="since_on")
    if until is not None and until > today:
        raise Refusal("firms.until", field="until_on")
    if until is not None and until <= since:
        raise Refusal("firms.order", field="until_on")


def check_apart(
    since: date, until: date | None, others: Iterable[tuple[date, date | None]]
) -> None:
    """Refuse days that overlap another role of the same person in the same firm."""
    for begins, ends in others:
        if (until is None or begins < until) and (ends is None or since < ends):
            raise Refusal("firms.overlap", field="since_on")


def decided(state: str, act: str) -> str:
    """What a request becomes by «accept», «decline» or «withdraw».

    Doing the same again changes nothing; raise Refusal ``firms.request_over`` where it was
    decided otherwise.
    """
    wanted = ACTS[act]
    if state not in {OPEN, wanted}:
        raise Refusal("firms.request_over")
    return wanted


def telling(name: str) -> frozenset[str]:
    """The words of a name by which a firm is known, folded; all of them when none tells."""
    found = frozenset(words(name))
    return found - _IDLE or found


def alike(one: str, other: str) -> bool:
    """Whether two names may be of one firm: the telling words of one are among the other's.

    Plurals and a letter more or less at the end do not tell two words apart.
    """
    first, second = (sorted(telling(name), key=len) for name in (one, other))
    fewer, more = sorted((first, second), key=len)
    return bool(fewer) and all(any(_close(word, each) for each in more) for word in fewer)


def _close(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return longer == shorter or (
        len(shorter) > len("abc") and longer.startswith(shorter) and len(longer) - len(shorter) == 1
    )
