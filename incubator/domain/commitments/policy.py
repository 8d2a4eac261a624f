"""Who may do what with hours: nobody decides on their own facts, managers only on their sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incubator.domain.commitments.ledger_models import Gift
    from incubator.domain.commitments.models import Contribution
    from incubator.domain.commitments.promise_models import Relief
    from incubator.network.members.actor import Actor
    from incubator.network.members.models import Member


def may_declare(actor: Actor) -> bool:
    """Members give hours; guests only visit."""
    return not actor.is_guest


def may_decide(actor: Actor, contribution: Contribution) -> bool:
    """The person helped, or a manager of the giver's site; never the giver.

    What was refused and appealed is for a manager who did not refuse it. What the person helped
    has offered has their word already: ``may_take_offer``.
    """
    if actor.id == contribution.giver_id or actor.is_guest or contribution.is_offer:
        return False
    if contribution.state == "appealed":
        before = (contribution.decided_by_id, contribution.unnamed_id)
        return actor.id not in before and actor.manages(contribution.home_site_id)
    return actor.id == contribution.helped_id or actor.manages(contribution.home_site_id)


def may_take_offer(actor: Actor, contribution: Contribution) -> bool:
    """The giver agrees to what the person helped offered; the other's word is what counts."""
    waits = contribution.offered and contribution.state in {"declared", "needs_manager"}
    return waits and actor.id == contribution.giver_id and not actor.is_guest


def may_withdraw(actor: Actor, contribution: Contribution) -> bool:
    """The giver takes back what is theirs: lowering one's own minutes is always allowed.

    Whoever offered it may do so until its giver has answered.
    """
    if contribution.is_offer and actor.id == contribution.helped_id:
        return True
    return actor.id == contribution.giver_id and contribution.state in {
        "declared",
        "needs_manager",
        "confirmed",
        "appealed",
    }


def may_appeal(actor: Actor, contribution: Contribution) -> bool:
    """The giver asks once for another look at what was refused."""
    return (
        actor.id == contribution.giver_id
        and contribution.state == "refused"
        and contribution.appealed_at is None
    )


def may_see_flags(actor: Actor, contribution: Contribution) -> bool:
    """What is marked for a manager's eyes is for theirs alone, and not on their own hours."""
    concerned = (contribution.giver_id, contribution.helped_id)
    return actor.id not in concerned and actor.manages(contribution.home_site_id)


def may_see(actor: Actor, contribution: Contribution) -> bool:
    """The two people concerned and the managers of the giver's site."""
    return actor.id in (contribution.giver_id, contribution.helped_id) or actor.manages(
        contribution.home_site_id
    )


def may_run_site(actor: Actor, site_id: int | None) -> bool:
    """Whether the list of a site is theirs to read."""
    return actor.manages(site_id)


def may_pledge(actor: Actor, member: Member) -> bool:
    """A manager of the member's site records the promise; their own is another's to record."""
    return actor.id != member.id and actor.manages(member.home_site_id)


def may_decide_on_member(actor: Actor, member: Member) -> bool:
    """A manager of the member's home site decides on reliefs, plans and pauses; never their own."""
    return actor.id != member.id and actor.manages(member.home_site_id)


def may_decide_relief(actor: Actor, relief: Relief) -> bool:
    """A manager of the site that was the member's home when they asked; never their own."""
    return actor.id != relief.member_id and actor.manages(relief.site_id)


def may_see_relief(actor: Actor, relief: Relief) -> bool:
    """The member themselves and the managers who decide."""
    return actor.id == relief.member_id or actor.manages(relief.site_id)


def may_cancel_relief(actor: Actor, relief: Relief) -> bool:
    """The member gives it up, or a manager takes back what was approved."""
    return may_see_relief(actor, relief)


def may_decide_draw(actor: Actor, gift: Gift) -> bool:
    """A manager of the site that was the member's home when they asked; never their own."""
    return actor.id != gift.receiver_id and actor.manages(gift.site_id)
