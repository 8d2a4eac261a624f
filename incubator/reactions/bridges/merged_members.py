"""Two members are one person: each feature's rows follow, by its own command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.domain.chat import handing as rooms
from incubator.domain.circles import leaving as circles
from incubator.domain.commitments import merging as hours
from incubator.domain.exchanges.listings import personal as listings
from incubator.domain.help import handing as threads
from incubator.domain.help.routing import keeping as requests
from incubator.domain.membership import life_merging, welcome
from incubator.domain.newsletter import personal as newsletter
from incubator.network.members.merging import moves, repoint, repoints, stays, unite, unites
from incubator.reactions.bridges.proof_of_help import recount

if TYPE_CHECKING:
    from incubator.network.members.merging import Merge

CHAT = (
    "chat_message.author_id",
    "chat_event.actor_id",
    "chat_event.member_id",
    "chat_link.made_by_id",
    "chat_room.created_by_id",
    "chat_seat.member_id",
    "chat_reaction.member_id",
    "chat_mention.member_id",
    "chat_mention.by_id",
    "chat_pin.by_id",
    "chat_pair.low_id",
    "chat_pair.high_id",
    "chat_file.owner_id",
    "chat_draft.member_id",
    "chat_case.author_id",
    "chat_report.reporter_id",
    "chat_measure.by_id",
    "chat_measure.undone_by_id",
    "chat_bot.made_by_id",
    "chat_bot.revoked_by_id",
)
HELP = (
    "help_question.author_id",
    "help_answer.author_id",
    "help_comment.author_id",
    "help_vote.member_id",
    "help_thanks.member_id",
    "help_sheet.made_by_id",
    "help_sheet_revision.by_id",
    "help_draft.author_id",
    "help_attachment.owner_id",
    "help_duplicate.by_id",
    "help_lock.by_id",
    "help_conversion.by_id",
    "help_acceptance.by_id",
    "help_closure.by_id",
    "help_removal.by_id",
    "help_revision.by_id",
    "help_origin.by_id",
    "help_quote.author_id",
    "help_talk.by_id",
    "help_talk.with_id",
    "help_case.author_id",
    "help_report.reporter_id",
    "help_measure.by_id",
    "help_measure.undone_by_id",
)
CIRCLES = ("circles_circle.created_by_id", "circles_place.member_id", "circles_place.by_id")
FOLLOWED = (
    "help_follow.member_id",
    "help_skill_follow.member_id",
    "help_site_follow.member_id",
    "help_saved.member_id",
    "help_bump.member_id",
    "help_concern.member_id",
)
DEALS = (
    "exchanges_deal.created_by_id",
    "exchanges_deal_party.person_id",
    "exchanges_deal_signature.person_id",
    "exchanges_deal_event.by_id",
    "exchanges_dispute.opened_by_id",
    "exchanges_dispute.mediator_id",
)
INVOICES = (
    "exchanges_identity.by_id",
    "exchanges_invoice.made_by_id",
    "exchanges_setoff.made_by_id",
    "exchanges_setoff_consent.person_id",
)
ROUNDS = (
    "exchanges_netting_switch.by_id",
    "exchanges_netting_part.by_id",
    "exchanges_netting_part.ended_by_id",
    "exchanges_round.opened_by_id",
    "exchanges_round.executed_by_id",
    "exchanges_round.published_by_id",
    "exchanges_round_revision.by_id",
    "exchanges_round_notice.who_id",
)
LISTINGS = (
    "exchanges_listing.author_id",
    "exchanges_listing_photo.owner_id",
    "exchanges_listing_step.by_id",
)
LETTERS = (
    "letters_choice.member_id",
    "letters_quiet.member_id",
    "letters_pace.member_id",
    "letters_pause.member_id",
)
ASKED = ("help_request.member_id", "help_asking.member_id")
HOURS = (
    "commitments_contribution.giver_id",
    "commitments_contribution.receiver_id",
    "commitments_contribution.unnamed_id",
    "commitments_contribution.decided_by_id",
    "commitments_contribution.declared_by_id",
    "commitments_ledger.member_id",
    "commitments_standing.member_id",
    "commitments_pledge.member_id",
    "commitments_session.member_id",
    "commitments_signup.member_id",
    "commitments_slot_watch.member_id",
    "commitments_relief.member_id",
    "commitments_status.member_id",
    "commitments_correction.member_id",
    "commitments_look.member_id",
    "commitments_look.viewer_id",
    "commitments_badge.member_id",
    "commitments_feed.member_id",
    "commitments_choice.member_id",
    "commitments_gift.giver_id",
    "commitments_gift.receiver_id",
)
HOURS_ACTS = (
    "commitments_period.closed_by_id",
    "commitments_pledge.signed_by_id",
    "commitments_group.by_id",
    "commitments_relief.asked_by_id",
    "commitments_relief.decided_by_id",
    "commitments_status.decided_by_id",
    "commitments_gift.asked_by_id",
    "commitments_gift.decided_by_id",
    "commitments_session.confirmed_by_id",
    "commitments_session_rev.actor_id",
    "commitments_session_rev.on_behalf_of_id",
    "commitments_correction.asked_by_id",
    "commitments_correction.witness_id",
    "commitments_correction.decided_by_id",
    "commitments_slot_series.made_by_id",
    "commitments_slot.locked_by_id",
    "commitments_signup.booked_by_id",
    "commitments_signup.changed_by_id",
    "commitments_device.made_by_id",
    "commitments_device.revoked_by_id",
    "commitments_badge.issued_by_id",
    "commitments_badge.revoked_by_id",
    "commitments_site_code.made_by_id",
    "commitments_site_code.revoked_by_id",
)
HOURS_KEPT = {
    "commitments_ledger.actor_id": "lines are never changed: who wrote one stays as written",
    "commitments_punch.member_id": "punches are never changed: the merge tells whose they were",
    "commitments_punch.actor_id": "punches are never changed: who sent one stays as written",
    "commitments_obligation.member_id": "what was reckoned for them then is never changed",
    "commitments_pledge_rev.member_id": "what was promised then, and by whom, is never changed",
}


CREDIT_KEPT = {
    "exchanges_switch.by_id": "acts of the switch are never changed: who turned it stays",
    "exchanges_txn.by_id": "transactions are never changed: the chain says who wrote them",
    "exchanges_txn.second_by_id": "transactions are never changed: the chain says who agreed",
    "exchanges_txn.over_limit_by_id": "transactions are never changed: the chain says who let it",
    "exchanges_limit_change.by_id": "changes of limits are never changed: who decided stays",
    "exchanges_adjustment.asked_by_id": "two managers agreed: two they stay, as written",
    "exchanges_adjustment.decided_by_id": "two managers agreed: two they stay, as written",
    "exchanges_departure.asked_by_id": "two managers agreed: two they stay, as written",
    "exchanges_departure.decided_by_id": "two managers agreed: two they stay, as written",
}
MEMBERSHIP = (
    "membership_welcome.member_id",
    "membership_process.member_id",
    "membership_process.asked_by_id",
    "membership_process.decided_by_id",
    "membership_erasure.member_id",
    "membership_erasure.handled_by_id",
)


APPLICATIONS = (
    "membership_application.member_id",
    "membership_message.author_id",
    "membership_step.by_id",
    "membership_charter_version.published_by_id",
)
WELCOMES = (
    "membership_welcome_item.person_id",
    "membership_welcome_task.person_id",
    "membership_welcome_task.done_by_id",
)


def chat(merge: Merge) -> None:
    """Messages, rooms opened, seats and what was read."""
    rooms.hand_over(from_id=merge.gone_id, to_id=merge.kept_id, by_id=merge.by.id, now=merge.now)
    rooms.merge_seats(from_id=merge.gone_id, to_id=merge.kept_id)


def in_circles(merge: Merge) -> None:
    """Places in circles, and circles that they made."""
    circles.merge(from_id=merge.gone_id, to_id=merge.kept_id)


def mutual_help(merge: Merge) -> None:
    """Questions, answers, and what was said of them."""
    threads.hand_over(from_id=merge.gone_id, to_id=merge.kept_id, by_id=merge.by.id)


def asked(merge: Merge) -> None:
    """What was asked of them, but to help themselves."""
    for column in ASKED:
        unite(column, merge)
    repoint("help_request.by_id", merge)
    requests.tidy_merged(merge.kept_id)


def commitments(merge: Merge) -> None:
    """Hours given and received, promises, and the ledger by new lines."""
    hours.merge(kept_id=merge.kept_id, gone_id=merge.gone_id, by_id=merge.by.id, now=merge.now)


def membership(merge: Merge) -> None:
    """Leaves, transfers, exits and welcomes: nobody waits any more for the double."""
    welcome.stop(merge.gone_id, now=merge.now)
    repoint("membership_welcome.member_id", merge)
    life_merging.merge(kept_id=merge.kept_id, gone_id=merge.gone_id, now=merge.now)


def weekly(merge: Merge) -> None:
    """Letters of a week that they decided on, or that say they came."""
    newsletter.hand_over(from_id=merge.gone_id, to_id=merge.kept_id)


def searches(merge: Merge) -> None:
    """Searches of listings that both keep."""
    listings.merge_searches(from_id=merge.gone_id, to_id=merge.kept_id)


def proof(merge: Merge) -> None:
    """What the records say of their help, now that both have the same ones."""
    for member_id in (merge.kept_id, merge.gone_id):
        recount(member_id)


def subscribe() -> None:
    """Name the movers; safe to repeat."""
    moves("chat", CHAT)(chat)
    moves("help", HELP)(mutual_help)
    unites("threads followed", *FOLLOWED)
    moves("circles", CIRCLES)(in_circles)
    moves("help asked", (*ASKED, "help_request.by_id"))(asked)
    unites("notifications", "notifications_notification.member_id")
    unites("letters chosen", *LETTERS)
    repoints("letters sent, browsers told", "mail_copy.member_id", "push_browser.member_id")
    repoints("feeds of threads", "help_feed.member_id")
    moves("hours", HOURS)(commitments)
    moves("membership", MEMBERSHIP)(membership)
    moves("proof", ("members_proof.member_id",))(proof)
    repoints("applications", *APPLICATIONS)
    repoints("welcomes", *WELCOMES)
    unites("signatures", "membership_signature.member_id")
    repoints("documents", "documents_document.created_by_id", "documents_version.uploaded_by_id")
    moves("letters of a week", ("newsletter_edition.decided_by_id",))(weekly)
    _exchanges()
    repoints("announcements", "notices_notice.author_id")
    unites("read and suggested", "notices_read.member_id", "suggestions_suggested.member_id")
    repoints("messages to many", "mailings_mailing.author_id")
    unites("recipients", "mailings_recipient.member_id")
    repoints("timelines", "audit_own.member_id")
    _hours_written()


def _hours_written() -> None:
    repoints("acts on hours", *HOURS_ACTS)
    for column, reason in (HOURS_KEPT | CREDIT_KEPT).items():
        stays(column, reason)


def _exchanges() -> None:
    repoints("listings", *LISTINGS)
    repoints("deals", *DEALS)
    repoints("answers to rings", "exchanges_ring_member.said_by_id")
    repoints("invoices", *INVOICES)
    repoints("rounds of netting", *ROUNDS)
    moves("searches of listings", ("exchanges_saved_search.member_id",))(searches)
