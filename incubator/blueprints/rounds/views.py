"""Netting as members meet it: what it is, their firms, rounds, one round for a firm, its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import make_response, request
from flask_babel import gettext as _

from incubator.blueprints.rounds import words
from incubator.blueprints.rounds.forms import AgreeForm
from incubator.blueprints.rounds.routes import FIRM, ROOT, ROOT_EN, ROUND, number_typed, pages
from incubator.domain.exchanges.rounds import answering, parts, queries, rules
from incubator.domain.exchanges.rounds import switch as switches
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import NotFound, Refusal
from incubator.kernel.keyset import Cursor

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.exchanges.rounds.models import RoundNotice
    from incubator.domain.exchanges.rounds.queries import Seen


@pages.get(ROOT, en=ROOT_EN, may=members)
def index() -> ResponseReturnValue:
    """What netting is, which of my firms take part, and rounds, the latest first."""
    reader = actor()
    cursor = Cursor(
        after=request.args.get("after"),
        before=request.args.get("before"),
        size=queries.PAGE_SIZE,
    )
    page = queries.page_for(reader, cursor)
    ids = [each.id for each in page.rows]
    firms = queries.firms_kept_by(reader.id)
    return render(
        "rounds/index.html",
        on=switches.is_on(),
        page=page,
        mine=queries.mine_of(reader, ids),
        figures=queries.figures_of(page.rows),
        firms=firms,
        parts=parts.among([firm.id for firm, _keeps in firms]),
        words=words,
    )


@pages.post(f"{ROOT}/participer", en=f"{ROOT_EN}/take-part", may=members)
def take_part() -> ResponseReturnValue:
    """Let a firm that one keeps take part in rounds to come."""
    firm_id = number_typed("firm", "firms.firm")
    act(lambda: parts.take_part(actor(), firm_id=firm_id, now=now()))
    toast(_("Your firm takes part. It is asked again before anything is cleared."))
    return redirect_to("rounds.index")


@pages.post(f"{ROOT}/ne-plus-participer", en=f"{ROOT_EN}/take-no-part", may=members)
def take_no_part() -> ResponseReturnValue:
    """Let a firm take part no more."""
    firm_id = number_typed("firm", "firms.firm")
    act(lambda: parts.take_no_part(actor(), firm_id=firm_id, now=now()))
    toast(_("Your firm takes part no more."))
    return redirect_to("rounds.index")


@pages.get(f"{ROOT}/{ROUND}", en=f"{ROOT_EN}/{ROUND}", may=members)
def show(round_id: int) -> ResponseReturnValue:
    """A round: what it means for my firms; all of it for administrators; its figures once out."""
    return render("rounds/show.html", **values_of(queries.visible_to(actor(), round_id)))


def values_of(seen: Seen) -> dict[str, Any]:
    """What the page of a round shows its reader."""
    found = seen.round
    return {
        "seen": seen,
        "round": found,
        "figures": seen.figures,
        "history": queries.history_of(found.id) if seen.whole else [],
        "notices": queries.notices_of(found.id) if seen.whole else [],
        "counts": queries.counts_of(found.id) if seen.whole else None,
        "rules": rules,
        "on": switches.is_on(),
        "words": words,
    }


@pages.form(f"{ROOT}/{ROUND}/entreprise/{FIRM}", en=f"{ROOT_EN}/{ROUND}/firm/{FIRM}", may=members)
def firm(round_id: int, firm_id: int) -> ResponseReturnValue:
    """What a round clears of the invoices of a firm; agree to it here."""
    reader = actor()
    found, notice = _mine(round_id, firm_id)
    form = AgreeForm()
    told = rules.Shown(notice.payables_cleared, notice.receivables_cleared, notice.ledger_delta)
    if not form.is_submitted():
        form.show(told)

    def agree() -> bool:
        if not form.agreed.data:
            raise Refusal("rounds.unread_figures", field="agreed")
        answering.accept(reader, round_id, firm_id=firm_id, seen=form.figures(), now=now())
        return True

    if attempt(form, agree) is None:
        found, notice = _mine(round_id, firm_id)
        form.show(
            rules.Shown(notice.payables_cleared, notice.receivables_cleared, notice.ledger_delta)
        )
        return form.page(
            "rounds/firm.html",
            seen=found,
            round=found.round,
            notice=notice,
            waits=notice in found.waits,
            lines=queries.lines_of(found.round, firm_id),
            rules=rules,
            words=words,
        )
    toast(_("Agreed. The round is carried out once every firm has agreed."))
    return redirect_to("rounds.show", round_id=round_id)


@pages.post(
    f"{ROOT}/{ROUND}/entreprise/{FIRM}/refuser",
    en=f"{ROOT_EN}/{ROUND}/firm/{FIRM}/refuse",
    may=members,
)
def refuse(round_id: int, firm_id: int) -> ResponseReturnValue:
    """Leave the round, also after having agreed."""
    act(lambda: answering.refuse(actor(), round_id, firm_id=firm_id, now=now()))
    toast(_("Refused: your firm is out of this round. The others’ is computed anew."))
    return redirect_to("rounds.show", round_id=round_id)


@pages.get(f"{ROOT}/{ROUND}/fichier", en=f"{ROOT_EN}/{ROUND}/file", may=members)
def file(round_id: int) -> ResponseReturnValue:
    """The file of a round, to be checked by whoever likes."""
    answer = make_response(queries.file_for(actor(), round_id))
    answer.mimetype = "application/json"
    answer.headers["Content-Disposition"] = f'attachment; filename="netting-{round_id}.json"'
    return answer


def _mine(round_id: int, firm_id: int) -> tuple[Seen, RoundNotice]:
    """A round and what one's firm reads of it; NotFound ``rounds.round`` of another's."""
    seen = queries.visible_to(actor(), round_id)
    for notice in seen.mine:
        if notice.firm_id == firm_id:
            return seen, notice
    raise NotFound("rounds.round")
