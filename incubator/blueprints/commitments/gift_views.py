"""Giving hours to the pool or to somebody, asking the pool, and what it has done so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from incubator.blueprints.commitments import asking_words, people
from incubator.blueprints.commitments.asking_forms import POOL, DrawForm, GiftForm, VerdictForm
from incubator.blueprints.commitments.looking import noted
from incubator.blueprints.commitments.routes import pages
from incubator.domain.commitments import asked, gifts, ledger, policy
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import Refusal
from incubator.kernel.hours import format_minutes

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.ledger_models import Gift


def gift_words() -> dict[str, Any]:
    """Words that the pages of gifts use."""
    return {"gift_states": asking_words.GIFT_STATES, "gift_sides": asking_words.GIFT_SIDES}


@pages.get("/heures/dons", en="/hours/gifts", may=members)
def gifts_index() -> ResponseReturnValue:
    """What I gave and received, the pool and its story, and what waits for a manager."""
    reader = actor()
    balance, story = asked.pool_story()
    draws = asked.draws_waiting(reader) if reader.is_manager else []
    noted(reader, [member.id for _gift, member in draws], page="draw", site_id=None)
    return render(
        "commitments/gifts.html",
        mine=asked.gifts_of(reader.id),
        allowance=asked.allowance(reader.id, now()),
        own=ledger.balance(reader.id),
        pool=balance,
        story=story,
        moves=asking_words.POOL_MOVES,
        waiting=draws,
        **gift_words(),
    )


@pages.form("/heures/dons/donner", en="/hours/gifts/give", may=members)
def gift_give() -> ResponseReturnValue:
    """Give hours that I have to spare."""
    reader = actor()
    this_day = today(reader.time_zone)
    form = GiftForm(to=POOL)
    form.offer()
    made = attempt(form, lambda: _give(form))
    if made is None:
        return form.page(
            "commitments/gift_give.html",
            names=people.suggested(reader, this_day),
            allowance=asked.allowance(reader.id, now()),
            own=ledger.balance(reader.id),
        )
    toast(_("%(hours)s given. Thank you!", hours=format_minutes(made.minutes)))
    return redirect_to("commitments.gifts_index")


def _give(form: GiftForm) -> Gift:
    reader = actor()
    receiver = None
    if form.to.data != POOL:
        receiver = people.meant(form, reader, today(reader.time_zone))
        if receiver is None:
            raise Refusal("commitments.receiver_unknown", field="with_name")
    return gifts.give(reader, form.present(receiver), once=form.once.data or "", now=now())


@pages.form("/heures/dons/demander", en="/hours/gifts/ask", may=members)
def gift_ask() -> ResponseReturnValue:
    """Ask the pool; a manager of my site decides."""
    reader = actor()
    form = DrawForm()
    made = attempt(
        form,
        lambda: gifts.ask_pool(
            reader,
            minutes=form.minutes,
            note=form.note.data or "",
            once=form.once.data or "",
            now=now(),
        ),
    )
    if made is None:
        return form.page(
            "commitments/gift_ask.html",
            allowance=asked.allowance(reader.id, now()),
            pool=gifts.pool_balance(),
        )
    toast(_("Asked. A manager of your site will answer."))
    return redirect_to("commitments.gifts_index")


@pages.form("/heures/dons/<int:gift_id>", en="/hours/gifts/<int:gift_id>", may=members)
def gift(gift_id: int) -> ResponseReturnValue:
    """What somebody asked of the pool; a manager decides here."""
    reader = actor()
    found, member = asked.draw_visible_to(reader, gift_id)
    noted(reader, [member.id], page="draw", site_id=found.site_id)
    form = VerdictForm()
    done = attempt(form, lambda: _decide(form, gift_id))
    if done is not None:
        toast(_("Granted.") if done.state == "granted" else _("Refused, with your reason."))
        return redirect_to("commitments.site_desk")
    if form.is_submitted():
        found, member = asked.draw_visible_to(reader, gift_id)
    return form.page(
        "commitments/gift.html",
        gift=found,
        member=member,
        may_decide=found.state == "asked" and policy.may_decide_draw(reader, found),
        may_withdraw=found.state == "asked" and member.id == reader.id,
        decided_by=asked.names_of([found.decided_by_id]).get(found.decided_by_id or 0, ""),
        pool=gifts.pool_balance(),
        **gift_words(),
    )


def _decide(form: VerdictForm, gift_id: int) -> Gift:
    answer = form.answer.data or ""
    if form.verdict.data == "yes":
        return gifts.grant(actor(), gift_id, answer=answer, now=now())
    return gifts.refuse(actor(), gift_id, answer=answer, now=now())


@pages.post(
    "/heures/dons/<int:gift_id>/retirer", en="/hours/gifts/<int:gift_id>/withdraw", may=members
)
def gift_withdraw(gift_id: int) -> ResponseReturnValue:
    """I no longer ask the pool."""
    reader = actor()
    act(lambda: gifts.withdraw(reader, gift_id, now=now()))
    toast(_("Taken back."))
    return redirect_to("commitments.gifts_index")
