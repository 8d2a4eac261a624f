"""Words of deals: states, what happened, amounts, and why not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.domain.exchanges.deals import rules
from incubator.edge.formats import euros, plain_day
from incubator.edge.locale import LOCALES, language

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask_babel.speaklater import LazyString

    from incubator.domain.exchanges.deals.models import Deal, DealLeg, DealStep
    from incubator.domain.exchanges.deals.money import Effect
    from incubator.domain.exchanges.deals.terms import Change
    from incubator.network.members.firm_models import Firm
    from incubator.reactions.bridges.credited_deals import Obstacle

STATES: Final = {
    "draft": _l("being written"),
    "proposed": _l("proposed"),
    "countered": _l("other terms proposed"),
    "signed": _l("signed by all"),
    "running": _l("under way"),
    "disputed": _l("contested"),
    "fulfilled": _l("fulfilled"),
    "settled": _l("settled"),
    "closed": _l("closed"),
    "part_settled": _l("settled in part"),
    "cancelled": _l("called off"),
    "declined": _l("turned down"),
    "expired": _l("expired"),
    "withdrawn": _l("retracted"),
}
STATE_TAGS: Final = {
    "proposed": "honey",
    "countered": "honey",
    "signed": "brand",
    "running": "sky",
    "disputed": "poppy",
    "fulfilled": "brand",
}
LEG_STATES: Final = {
    "committed": _l("to deliver"),
    "delivered": _l("delivered"),
    "accepted": _l("as agreed"),
    "contested": _l("contested"),
    "part_accepted": _l("accepted in part"),
    "refused": _l("not accepted"),
    "released": _l("let go of"),
    "posted": _l("on mutual credit"),
    "invoiced": _l("invoiced"),
    "compensated": _l("compensated"),
}
LEG_TAGS: Final = {
    "committed": "honey",
    "delivered": "sky",
    "accepted": "brand",
    "contested": "poppy",
    "part_accepted": "honey",
    "posted": "brand",
}
DISPUTE_STATES: Final = {
    "opened": _l("waits for an answer"),
    "answered": _l("answered"),
    "mediated": _l("a mediator proposes"),
    "resolved": _l("resolved"),
    "withdrawn": _l("no longer contested"),
}
VIEWS: Final = {"open": _l("Under way"), "ended": _l("Ended"), "all": _l("All of them")}
MODES: Final = {
    "barter": _l("exchanged"),
    "cash": _l("paid in euros"),
    "gift": _l("given for nothing"),
}
RATES: Final = {
    "2000": _l("VAT 20%"),
    "1000": _l("VAT 10%"),
    "550": _l("VAT 5.5%"),
    "210": _l("VAT 2.1%"),
    "0": _l("VAT 0%"),
    "": _l("No VAT: article 293 B"),
}


class Verb(NamedTuple):
    """A line of the timeline: its words and its icon."""

    words: LazyString
    icon: str


VERBS: Final = {
    "proposed": Verb(_l("Proposed"), "handshake"),
    "countered": Verb(_l("Answered with other terms"), "repeat-2"),
    "reworded": Verb(_l("Worded anew"), "pencil"),
    "signed": Verb(_l("Signed"), "check"),
    "bound": Verb(_l("Signed by all: it holds"), "check-check"),
    "declined": Verb(_l("Turned down"), "x"),
    "withdrawn": Verb(_l("Taken back"), "undo-2"),
    "expired": Verb(_l("Expired"), "hourglass"),
    "delivered": Verb(_l("Delivered"), "package"),
    "accepted": Verb(_l("Accepted as agreed"), "circle-check"),
    "auto": Verb(_l("Accepted by itself, since nobody contested it"), "timer"),
    "paid": Verb(_l("The payment came"), "euro"),
    "contested": Verb(_l("Contested"), "triangle-alert"),
    "never_came": Verb(_l("Never came"), "triangle-alert"),
    "gift_gone": Verb(_l("The gift never came: it is let go of"), "ban"),
    "answered": Verb(_l("The giver answered"), "message-circle"),
    "agreed": Verb(_l("Agreed to the amount"), "thumbs-up"),
    "dropped": Verb(_l("No longer contested"), "undo-2"),
    "mediated": Verb(_l("A mediator proposed an amount"), "scale"),
    "resolved": Verb(_l("Resolved"), "gavel"),
    "called": Verb(_l("A mediator was called"), "megaphone"),
    "cancel_asked": Verb(_l("Asked to call it off"), "circle-x"),
    "going_on": Verb(_l("It goes on"), "play"),
    "cancelled": Verb(_l("Called off"), "circle-x"),
    "part_settled": Verb(_l("Settled in part"), "scale"),
    "fulfilled": Verb(_l("Fulfilled"), "party-popper"),
    "carried": Verb(_l("Kept free on mutual credit until it is delivered"), "lock"),
    "posted": Verb(_l("Written down on mutual credit"), "notebook-pen"),
    "waits": Verb(_l("Waits to be written down on mutual credit"), "hourglass"),
    "in_euros": Verb(_l("Mutual credit is off: this is paid in euros, by its invoice"), "euro"),
    "taken_back": Verb(_l("Taken back on mutual credit by a manager"), "undo-2"),
    "invoiced": Verb(_l("Invoiced"), "file-text"),
    "inv_ok": Verb(_l("The invoice is right"), "check"),
    "inv_contest": Verb(_l("The invoice is contested"), "triangle-alert"),
    "inv_credit": Verb(_l("The invoice was taken back"), "undo-2"),
    "inv_reopened": Verb(_l("The invoice is open again"), "undo-2"),
    "inv_paid": Verb(_l("The invoice is paid"), "euro"),
    "setoff_agree": Verb(_l("Agreed to the set-off"), "square-pen"),
    "set_off": Verb(_l("Set off"), "scale"),
    "compensated": Verb(_l("Compensated"), "circle-check"),
    "settled": Verb(_l("Settled: nobody owes anything any more"), "party-popper"),
    "close_asked": Verb(_l("Said that nothing more is to come"), "lock"),
    "closed": Verb(_l("Deal closed"), "lock"),
}
FIELDS: Final = {
    "title": _l("what"),
    "details": _l("details"),
    "mode": _l("against what"),
    "quantity": _l("quantity"),
    "unit": _l("unit"),
    "ht_cents": _l("amount before tax"),
    "vat_bp": _l("VAT"),
    "due_on": _l("day"),
}
# Changes of a deal that are told without a field.
PLAIN: Final = ("kind", "gone", "added")
KINDS: Final = {
    True: _l("The difference is put on mutual credit."),
    False: _l("The difference no longer goes on mutual credit."),
}
REFUSALS: Final = {
    "deals.either": _l("Choose one: a payment in euros covers the difference, or mutual credit."),
    "deals.all_of_it": _l("This is the whole amount: accept the delivery instead."),
    "deals.amount": _l("Write an amount in euros, like 1 200,50."),
    "deals.both": _l("You work in both firms: let a colleague of one of them act."),
    "deals.cents": _l("Amounts are whole cents, up to 100 million euros."),
    "deals.deal": _l("There is no such deal."),
    "deals.details": _l("Keep the details under %(most)s characters."),
    "deals.dispute": _l("There is no such dispute."),
    "deals.expired": _l("The time to sign is over. Propose it again."),
    "deals.gift": _l("A gift has no price: leave the amount empty."),
    "deals.gift_as_it_is": _l("A gift is taken as it is."),
    "deals.hours": _l("This listing goes against hours: declare them, no deal in euros is made."),
    "deals.leg": _l("This part of the deal is no longer there."),
    "deals.legs": _l("Say at least one thing that one firm gives the other, at most %(most)s."),
    "deals.listing": _l("This listing has ended, or is another firm’s: leave it out."),
    "deals.mode": _l("Choose against what it goes."),
    "deals.no_mediator": _l("A mediator runs a site of one of the firms and is of neither."),
    "deals.not_overdue": _l(
        "It may still come: its day has to be over, or %(days)s days since the last signature."
    ),
    "deals.not_yours": _l("Only the people of the firm concerned may do this."),
    "deals.own_terms": _l("Your firm wrote these terms: withdraw them instead."),
    "deals.partner": _l("Choose the other firm."),
    "deals.past": _l("This day is over."),
    "deals.price": _l("Write what it is worth before tax, or choose “given for nothing”."),
    "deals.quantity": _l("Write a whole number, or leave it empty."),
    "deals.no_split": _l(
        "With these rates of VAT no invoice comes to exactly that; %(near)s would do."
    ),
    "deals.rate": _l("Choose a rate of VAT."),
    "deals.regimes": _l("A firm charges VAT or it does not: say the same for all it gives."),
    "deals.ring": _l("In a ring each firm gives once and receives once."),
    "deals.same_firm": _l("A firm makes no deal with itself."),
    "deals.same_terms": _l("You changed nothing: sign these terms, or change something."),
    "deals.soulte": _l("The payment that covers the difference goes from one firm to the other."),
    "deals.stale": _l("The terms have changed since you opened this page. Read what is new below."),
    "deals.stale_amount": _l("Another amount was proposed meanwhile: read it first."),
    "deals.state": _l("The deal has moved on: this is no longer possible."),
    "deals.their_terms": _l("The other firm wrote these terms: decline them instead."),
    "deals.title": _l("Say what is given."),
    "deals.too_early": _l("It is too early: leave the firms %(days)s days from the beginning."),
    "deals.too_much": _l("It cannot be more than the total of the delivery."),
    "deals.two_firms": _l("A swap is between two firms."),
    "deals.unequal": _l("Both sides must be worth the same with tax, or a payment covers it."),
    "deals.unread": _l("Tick the box: it says that you read the terms."),
    "deals.until": _l("Choose a day to come, at most %(most)s days away."),
    "deals.vat_abroad": _l("A firm outside France charges no French VAT: choose VAT 0%."),
    "deals.words": _l("Say it in words, in at most %(most)s characters."),
}


def rate(vat_bp: int | None) -> str:
    """«TVA 20 %», or that there is none under article 293 B."""
    return str(RATES["" if vat_bp is None else str(vat_bp)])


def quantity(leg: DealLeg) -> str:
    """«120 chaises», «3»; empty of none."""
    if leg.quantity is None:
        return leg.unit
    return f"{format_decimal(leg.quantity, locale=LOCALES[language()])}\u00a0{leg.unit}".rstrip(
        "\u00a0"
    )


def effect(told: Effect) -> str:
    """What VAT a deal means for a firm, in a sentence."""
    due, back = euros(told.due), euros(told.recoverable)
    if told.lost:
        return _lost(told)
    if told.franchise:
        return _("Under the franchise (article 293 B) you neither charge VAT nor recover any.")
    if not told.due and not told.recoverable:
        return _("This exchange moves no VAT for you.")
    return _(
        "This exchange costs you %(due)s of VAT to pay over, of which you recover %(back)s.",
        due=due,
        back=back,
    )


def _lost(told: Effect) -> str:
    """Why VAT on what a firm receives stays with it."""
    lost = euros(told.lost)
    if told.abroad:
        return _(
            "You are not registered for VAT in France: the %(lost)s of VAT on what you receive "
            "stay with you, unless you ask for a refund.",
            lost=lost,
        )
    return _(
        "Under the franchise (article 293 B) you charge no VAT, and the %(lost)s of VAT on "
        "what you receive stay with you.",
        lost=lost,
    )


def cash(told: Effect) -> str:
    """What of it is left to pay in money, in a sentence; empty of nothing."""
    if told.in_cash > 0:
        return _("That leaves %(sum)s to pay to the tax office in money.", sum=euros(told.in_cash))
    if told.in_cash < 0:
        return _("The tax office owes you %(sum)s.", sum=euros(-told.in_cash))
    return ""


def change(told: Change) -> str:
    """What is different in the terms, in a sentence."""
    if told.name in PLAIN:
        return _plain(told)
    if told.name == "soulte":
        before, after = euros(told.before), euros(told.after)
        return _("The payment in euros: %(before)s, now %(after)s.", before=before, after=after)
    return _(
        "Part %(number)s, %(field)s: %(before)s, now %(after)s.",
        number=told.leg,
        field=FIELDS[told.name],
        before=_value(told.name, told.before),
        after=_value(told.name, told.after),
    )


def _plain(told: Change) -> str:
    if told.name == "kind":
        return str(KINDS[told.after == "credit"])
    if told.name == "gone":
        return _("No longer part of it: %(what)s.", what=told.before)
    return _("New: %(what)s.", what=told.after)


def _value(name: str, value: Any) -> str:
    if name == "vat_bp":
        return rate(value)
    if value in (None, ""):
        return _("nothing")
    return _TOLD[name](value) if name in _TOLD else str(value)


_TOLD: Final[dict[str, Callable[[Any], str]]] = {
    "ht_cents": euros,
    "mode": lambda mode: str(MODES[mode]),
    "due_on": lambda day: plain_day(date.fromisoformat(day), year=True),
}


# What a leg of a deal that holds waits for, at the end of the timeline.
NEXT: Final = {
    "committed": Verb(_l("To be delivered: %(what)s"), "package"),
    "delivered": Verb(_l("To be accepted: %(what)s"), "eye"),
    "contested": Verb(_l("To be settled between the firms: %(what)s"), "scale"),
}


def next_step(leg: DealLeg) -> str:
    """What an open leg waits for, in words."""
    return str(NEXT[leg.state].words) % {"what": leg.title}


# By the state of a leg, and whether the reader's firm is the one that acts.
_AWAITED: Final = {
    ("committed", True): _l("It is for you to deliver: %(what)s."),
    ("committed", False): _l("%(firm)s has still to deliver: %(what)s."),
    ("delivered", True): _l("It is for you to say whether this is as agreed: %(what)s."),
    ("delivered", False): _l("%(firm)s has still to say whether this is as agreed: %(what)s."),
}


def awaited(deal: Deal, mine: int, firms: Mapping[int, Firm]) -> list[str]:
    """What a deal that holds waits for, a sentence each: what the firm itself does comes first."""
    open_legs = [leg for leg in deal.legs if leg.state in rules.OPEN_LEGS]
    told = [(_acts(leg) == mine, _awaited(leg, mine, firms)) for leg in open_legs]
    return [sentence for _own, sentence in sorted(told, key=lambda each: not each[0])]


def _acts(leg: DealLeg) -> int:
    return leg.giver_id if leg.state == "committed" else leg.receiver_id


def _awaited(leg: DealLeg, mine: int, firms: Mapping[int, Firm]) -> str:
    if leg.state == "contested":
        return _("%(what)s is contested: read it and answer on its page.", what=leg.title)
    told = _AWAITED[leg.state, _acts(leg) == mine]
    return str(told) % {"firm": firms[_acts(leg)].name, "what": leg.title}


def step_amount(step: DealStep) -> str:
    """The amount that a line of the timeline is about; empty of none."""
    cents = step.data.get("cents")
    return "" if cents is None else euros(cents)


def standing(cents: int) -> str:
    """What a balance of mutual credit says: given, received, or neither."""
    if cents > 0:
        return _("%(sum)s given", sum=euros(cents))
    return _("%(sum)s received", sum=euros(-cents)) if cents else _("nothing owed either way")


def obstacle(told: Obstacle, firms: Mapping[int, Firm]) -> str:
    """What keeps a firm from taking part, without what its account holds."""
    firm = firms[told.firm_id].name
    if told.code == "credit.no_account":
        return _("%(firm)s does not take part in mutual credit yet.", firm=firm)
    return _("The account of %(firm)s does not allow this at present: ask them.", firm=firm)
