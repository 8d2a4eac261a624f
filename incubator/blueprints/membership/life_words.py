"""How leaves, transfers, exits and erasures are said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

REFUSALS = {
    "accounts.merge": _l("Only somebody who runs both people’s sites says that they are one."),
    "accounts.merge_self": _l("Choose another person: this is the same one."),
    "accounts.merge_done": _l("One of the two was merged into somebody before."),
    "accounts.merge_administrators": _l(
        "Both run the network: take that role from one of them first."
    ),
    "membership.member": _l("There is no such member."),
    "membership.process": _l("There is no such request."),
    "membership.erasure": _l("There is no such request."),
    "membership.not_yours": _l("This is for the member or for those who run their site."),
    "membership.not_yours_to_ask": _l("You cannot ask this for them."),
    "membership.not_yours_to_decide": _l(
        "Another person decides on this: nobody answers their own request."
    ),
    "membership.not_yours_to_erase": _l("Another person handles this request."),
    "membership.too_late": _l("Somebody decided on this meanwhile, or its day has come."),
    "membership.day_past": _l("Choose a later day: this one is over."),
    "membership.day_far": _l("Choose a day within the next two years."),
    "membership.order": _l("The day of return must come after the first day away."),
    "membership.leave_over": _l("This time away is over: choose a later day of return."),
    "membership.leave_long": _l("Two years at most: beyond that, it is a departure."),
    "membership.one_at_a_time": _l("There is one already that is not over: call it off first."),
    "membership.after_exit": _l("The departure is planned before this day."),
    "membership.site": _l("Choose a site of the list."),
    "membership.site_same": _l("Choose another site: they live at this one."),
    "membership.choice": _l("Choose one of the two."),
    "membership.reason_long": _l("Write at most %(most)s characters."),
    "membership.reason_needed": _l("Say why in a few words: the person will read it."),
    "membership.name_differs": _l("Type the name exactly: %(name)s."),
    "membership.copies": _l("You took %(most)s copies today. Come back tomorrow for another."),
}

# words, icon
KINDS = {
    "leave": (_l("Time away"), "hourglass"),
    "transfer": (_l("Move to another site"), "building-2"),
    "exit": (_l("Departure"), "door-open"),
}
# words, kind of tag, icon
STATES = {
    "asked": (_l("waits for an answer"), "honey", "hourglass"),
    "planned": (_l("planned"), "brand", "calendar-check"),
    "active": (_l("under way"), "brand", "clock"),
    "done": (_l("finished"), "line", "check"),
    "cancelled": (_l("called off"), "line", "x"),
}
REFUSED = (_l("refused"), "poppy", "x")
ACCESS = {
    "alumni": _l("Keep a window on the network"),
    "closed": _l("Close the account"),
}
HOURS = {
    "pool": _l("Give what is left to the shared pool"),
    "lapse": _l("Let it lapse"),
}
MESSAGES = {
    "keep": _l("Keep my name on what I wrote"),
    "anonymise": _l("Take my name off what I wrote"),
}

# What a merge moves, table by table, in words; tables without a line are counted together.
TABLES = {
    "accounts_grant": _l("Roles"),
    "accounts_session": _l("Devices"),
    "accounts_invitation": _l("Invitations"),
    "members_member_skill": _l("Skills"),
    "members_firm_role": _l("Roles in firms"),
    "chat_message": _l("Messages"),
    "chat_seat": _l("Seats in rooms"),
    "help_question": _l("Questions"),
    "help_answer": _l("Answers"),
    "help_acceptance": _l("Solutions chosen"),
    "commitments_contribution": _l("Hours declared, received or decided on"),
    "commitments_pledge": _l("Promises"),
    "commitments_ledger": _l("Lines of the ledger"),
    "membership_process": _l("Absences, moves, departures"),
}
OTHERS = _l("Everything else")


def counted(kept: Mapping[str, int], gone: Mapping[str, int]) -> list[tuple[object, int, int]]:
    """What two members have, in words: what stays, what comes."""
    lines: list[tuple[object, int, int]] = [
        (words, kept.get(name, 0), gone.get(name, 0)) for name, words in TABLES.items()
    ]
    stays, comes = (
        sum(number for name, number in each.items() if name not in TABLES) for each in (kept, gone)
    )
    return [line for line in [*lines, (OTHERS, stays, comes)] if line[1] or line[2]]


def state_words(state: str, answer: str) -> tuple[object, str, str]:
    """Words, kind of tag and icon of a state; called off with an answer is refused."""
    return REFUSED if state == "cancelled" and answer else STATES[state]
