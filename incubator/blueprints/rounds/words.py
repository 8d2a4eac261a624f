"""Words of netting: states, amounts, reasons, and why not."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.edge.locale import LOCALES, language

if TYPE_CHECKING:
    from incubator.domain.exchanges.rounds.models import RoundNotice

STATES: Final = {
    "collecting": _l("collects debts"),
    "computed": _l("computed, not shown yet"),
    "previewed": _l("waits for answers"),
    "consented": _l("agreed by all"),
    "executed": _l("carried out"),
    "published": _l("published"),
    "cancelled": _l("given up"),
}
STATE_TAGS: Final = {
    "previewed": "honey",
    "consented": "sky",
    "executed": "brand",
    "published": "brand",
}
MODES: Final = {
    "pure": _l("As much less to pay as to receive, for each firm"),
    "credit": _l("A difference may stay on the accounts of mutual credit"),
}
REASONS: Final = {
    "first": _l("Computed"),
    "again": _l("Computed again"),
    "refused": _l("Computed again: a firm refused"),
    "silent": _l("Computed again: a firm did not answer in time"),
    "moved": _l("Computed again: a debt was paid or contested meanwhile"),
}
SOLVERS: Final = {
    "circles": _l("short circles first, then longer ones"),
    "optimum": _l("the most that can be cleared (OR-Tools)"),
}
LENGTHS: Final = {
    "2": _l("between two firms"),
    "3": _l("in circles of three"),
    "4": _l("in circles of four"),
    "0": _l("in longer circles, or by credit"),
}
REFUSALS: Final = {
    "rounds.cutoff": _l("Choose today or a day that is over."),
    "rounds.days": _l("Give firms %(fewest)s to %(most)s days to answer."),
    "rounds.keeper": _l("Only who keeps the firm says whether it takes part."),
    "rounds.late": _l("The time to answer is over."),
    "rounds.mode": _l("Choose how differences are dealt with; credit has to be switched on."),
    "rounds.moved": _l("Debts are moving right now: try again in a moment."),
    "rounds.nothing": _l("This round clears nothing: there is nothing to show."),
    "rounds.off": _l("Netting is switched off on this network."),
    "rounds.out": _l("Your firm is no longer in this round."),
    "rounds.round": _l("There is no such round."),
    "rounds.run": _l("Only administrators run rounds."),
    "rounds.running": _l("Another round is under way: end it first."),
    "rounds.stale": _l("The figures have changed since you opened this page: read them first."),
    "rounds.state": _l("The round has moved on: this is no longer possible."),
    "rounds.unread": _l("Tick the box: it says that you read the text."),
    "rounds.unread_figures": _l("Tick the box: it says that you read the figures."),
    "rounds.words": _l("Say why, in 1 to %(most)s characters."),
}


def euros(cents: int) -> str:
    """«1 200,50 €», «€1,200.50»: always with cents, as on an invoice."""
    code = language()
    told = format_decimal(Decimal(cents) / 100, "#,##0.00", locale=LOCALES[code])
    return f"{told}\u00a0€" if code == "fr" else f"€{told}"


def share(part: int, whole: int) -> str:
    """«68,0 %», «68.0 %» of a whole; nothing of nothing."""
    code = language()
    told = format_decimal(Decimal(100 * part) / (whole or 1), "0.0", locale=LOCALES[code])
    return f"{told}\u00a0%" if code == "fr" else f"{told}%"


def sentence(notice: RoundNotice) -> str:
    """What a round means for a firm, in a sentence."""
    pays, gets = euros(notice.payables_cleared), euros(notice.receivables_cleared)
    told = _("You owe %(pays)s less and are owed %(gets)s less.", pays=pays, gets=gets)
    if notice.ledger_delta > 0:
        more = _(
            "The difference, %(sum)s, is written on your account as given.",
            sum=euros(notice.ledger_delta),
        )
        return f"{told} {more}"
    if notice.ledger_delta < 0:
        more = _(
            "The difference, %(sum)s, is written on your account as received.",
            sum=euros(-notice.ledger_delta),
        )
        return f"{told} {more}"
    return told


def answer(notice: RoundNotice) -> str:
    """What a firm said to a round."""
    if notice.refused_at is not None:
        return _("refused")
    if notice.silent_at is not None:
        return _("no answer in time")
    if notice.accepted_at is not None:
        return _("has agreed")
    return _("no answer yet") if notice.concerned else _("not concerned")
