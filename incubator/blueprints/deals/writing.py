"""Wording terms: a new deal, an answer with other terms, a signature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.deals import words
from incubator.blueprints.deals.forms import SLOTS, DealForm, SignForm, slot_of
from incubator.blueprints.deals.routes import DEAL, pages
from incubator.blueprints.deals.views import values_of
from incubator.domain.exchanges.deals import commands, origins, policy, queries, rules, terms
from incubator.domain.exchanges.deals.origins import Origin
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import attempt
from incubator.edge.numbers import natural
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import NotAllowed, Refusal
from incubator.reactions.bridges import credit_outlook

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.exchanges.deals.models import Deal
    from incubator.domain.exchanges.deals.origins import Seed
    from incubator.domain.exchanges.deals.queries import Seen
    from incubator.domain.exchanges.deals.terms import Change
    from incubator.network.members.actor import Actor

# No id is longer.
# More firms than one finds in a list.
MANY: Final = 60


@pages.form("/accords/nouveau", en="/deals/new", may=members)
def new() -> ResponseReturnValue:
    """Propose a deal to another firm."""
    reader = actor()
    own = queries.firms_of(reader.id)
    if not own:
        return render("deals/no_firm.html")
    form = DealForm()
    seed = _seed(reader, form)
    if not form.is_submitted():
        form.firm.data, form.partner.data = str(own[0].id), request.args.get("partner", "")
        if seed:
            form.begin(seed)
        both = (natural(form.firm.data) or 0, natural(form.partner.data) or 0)
        form.begin_abroad(queries.abroad(both))
    partners = queries.partners_for(own, wanted=natural(form.partner.data))
    form.offer(own, partners)
    named = {slot_of(seed): seed.origin} if seed else {}

    def propose() -> Deal:
        if not form.partner.data:
            raise Refusal("deals.partner", field="partner")
        firm_id, partner_id = int(form.firm.data), int(form.partner.data)
        made = commands.New(
            firm_id=firm_id,
            once=form.once.data or "",
            until=form.last_instant(reader.time_zone),
        )
        wish = form.wish(firm_id, partner_id, named)
        _check_credit(wish)
        return commands.propose(reader, made, wish=wish, now=now())

    deal = attempt(form, propose)
    if deal is None:
        return _page(form, deal=None, partner=None, changes=[], more=len(partners) > MANY)
    toast(_("Proposed. The other firm is told; sign it too when the terms suit you."))
    return redirect_to("deals.show", deal_id=deal.id)


@pages.form(f"/accords/{DEAL}/modifier", en=f"/deals/{DEAL}/edit", may=members)
def edit(deal_id: int) -> ResponseReturnValue:
    """Answer with other terms, or word one's own anew."""
    reader = actor()
    seen = queries.visible_to(reader, deal_id)
    deal, firm_id = seen.deal, policy.side(seen.own)
    check_talking(deal)
    if deal.kind == "ring":
        return redirect_to("deals.ring", deal_id=deal_id)
    partner = next(p.firm for p in deal.parties if p.firm_id != firm_id)
    own = [p.firm for p in deal.parties if p.firm_id == firm_id]
    form = DealForm()
    form.offer(own, [partner])
    wish = queries.terms_of(deal)
    if not form.is_submitted():
        form.show(deal, wish, firm_id=firm_id, zone=reader.time_zone)
    form.firm.data, form.partner.data = str(firm_id), str(partner.id)
    named = _origins(wish, firm_id)
    seen_hash = form.seen.data or ""

    def counter() -> Deal:
        wish = form.wish(firm_id, partner.id, named)
        _check_credit(wish)
        return commands.counter(
            reader,
            deal_id,
            wish=wish,
            seen_hash=seen_hash,
            until=form.last_instant(reader.time_zone),
            now=now(),
        )

    if attempt(form, counter) is None:
        changes = freshened(form, queries.visible_to(reader, deal_id), seen_hash)
        return _page(form, deal=deal, partner=partner, changes=changes)
    toast(_("Sent. Signatures given to the terms before hold no more."))
    return redirect_to("deals.show", deal_id=deal_id)


def _check_credit(wish: terms.Terms) -> None:
    """Refuse to propose on mutual credit what could never be signed."""
    if wish.kind == "credit":
        credit_outlook.require(wish.firm_ids)


def _seed(reader: Actor, form: DealForm) -> Seed | None:
    """The listing from which a deal begins, as the address names it, or the form again."""
    known = form.listing.data if form.is_submitted() else request.args.get("listing")
    listing_id = natural(known)
    return None if listing_id is None else origins.seed_of(reader, listing_id)


def _origins(wish: terms.Terms, firm_id: int) -> dict[str, Origin]:
    """Which listing and skill the slot of each leg came from."""
    free, found = list(SLOTS), {}
    for leg in wish.legs:
        way = "give" if leg.giver_id == firm_id else "take"
        slot = next(each for each in free if each.startswith(way))
        free.remove(slot)
        found[slot] = Origin(listing_id=leg.listing_id, skill_id=leg.skill_id)
    return found


@pages.form(f"/accords/{DEAL}/signer", en=f"/deals/{DEAL}/sign", may=members)
def sign(deal_id: int) -> ResponseReturnValue:
    """Read the exact terms and what VAT they mean, and sign them."""
    reader = actor()
    seen = queries.visible_to(reader, deal_id)
    policy.side(seen.own)
    form = SignForm()
    if not form.is_submitted():
        check_talking(seen.deal)
        form.seen.data = seen.deal.terms_hash
    seen_hash = form.seen.data or ""

    def signed() -> Deal:
        if not form.agreed.data:
            raise Refusal("deals.unread", field="agreed")
        return commands.sign(reader, deal_id, seen_hash=seen_hash, now=now())

    deal = attempt(form, signed)
    if deal is None:
        seen = queries.visible_to(reader, deal_id)
        changes = freshened(form, seen, seen_hash)
        return form.page("deals/sign.html", changes=changes, **values_of(seen))
    toast(_("Signed by all: it holds.") if deal.state == "signed" else _("Signed."))
    return redirect_to("deals.show", deal_id=deal_id)


def check_talking(deal: Deal) -> None:
    """Raise NotAllowed ``deals.state`` once the terms hold, or are over."""
    if deal.state not in rules.TALKING:
        raise NotAllowed("deals.state")


def freshened(form: Any, seen: Seen, seen_hash: str) -> list[Change]:
    """What changed since the page was read; the form is about the new terms from now on."""
    deal = seen.deal
    if not form.is_submitted() or seen_hash == deal.terms_hash:
        return []
    form.seen.data = deal.terms_hash
    before = queries.worded(deal.id, seen_hash)
    return terms.changes(before, terms.plain(queries.terms_of(deal))) if before else []


def _page(
    form: DealForm,
    *,
    deal: Deal | None,
    partner: Any,
    changes: list[Change],
    more: bool = False,
) -> ResponseReturnValue:
    return form.page(
        "deals/form.html",
        deal=deal,
        partner=partner,
        changes=changes,
        more=more,
        slots=SLOTS,
        most=rules,
        words=words,
        on_credit=credit_outlook.is_on(),
    )
