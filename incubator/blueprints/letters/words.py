"""Words about letters: their kinds, by feature, and refusals."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "letters.kind": _l("There is no such kind of letters."),
    "letters.needed": _l("These letters cannot be switched off."),
    "letters.quiet_time": _l("Write a time of the day, for example 20:00."),
    "letters.quiet_same": _l("Choose another time than the one before."),
    "letters.pace": _l("Write a time of the day, for example 8:00, and choose a day."),
    "letters.pause": _l("Choose a time within the next year."),
    "letters.stop": _l("This link is not whole. Copy it from your letter once more."),
}
CHANNELS = {
    "app": _l("In the product"),
    "mail": _l("E-mail"),
    "daily": _l("Daily digest"),
    "weekly": _l("Weekly digest"),
    "push": _l("Push"),
}
FEATURES = {
    "account": _l("Account and network"),
    "hours": _l("Hours"),
    "help": _l("Mutual help"),
    "chat": _l("Discussions"),
    "people": _l("People and firms"),
    "exchanges": _l("Exchanges"),
    "network": _l("The week"),
}
WEEKDAYS = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)
PAUSES = {
    "tomorrow": _l("Until tomorrow morning"),
    "monday": _l("Until Monday"),
    "week": _l("For a week"),
}
# Each kind: its name, and what it tells.
KINDS = {
    "account": (_l("Security"), _l("Password, address, invitations.")),
    "membership": (_l("My membership"), _l("Leave, transfer, departure: what was decided.")),
    "mailing": (_l("Messages of the managers"), _l("What they write to several members.")),
    "notice": (_l("Announcements"), _l("What managers announce to your site.")),
    "desk_applications": (_l("Applications"), _l("Who wants to join your site.")),
    "desk_life": (_l("Leaves and transfers"), _l("What members of your site ask for.")),
    "desk_erasures": (_l("Requests to be forgotten"), _l("The law wants an answer in time.")),
    "slot_reminder": (_l("Reminders of my slots"), _l("Some days before.")),
    "slot_changes": (
        _l("Changes of my slots"),
        _l("Called off, moved, a stand-in found: told at once, even at night."),
    ),
    "slot_places": (_l("Places I wait for"), _l("One is free, or a stand-in is wanted.")),
    "slot_asked": (_l("Calls for people"), _l("A manager asks whether you could come.")),
    "hours_presumed": (_l("When did I leave?"), _l("After a day without a check-out.")),
    "hours_confirm": (_l("Hours to confirm"), _l("Somebody helped you, or says that you helped.")),
    "hours_decided": (_l("Decisions on my hours"), _l("Refused hours, reliefs, the pool.")),
    "hours_corrected": (_l("Corrections"), _l("An earlier month changed your balance.")),
    "hours_gift": (_l("Hours given to me"), _l("Somebody gives you some of theirs.")),
    "hours_half": (_l("Half of the month"), _l("What is left, and slots that would fit.")),
    "hours_closed": (_l("Figures of the month"), _l("Once a month is closed.")),
    "hours_standing": (
        _l("Debts and pauses"),
        _l("Without these letters, your hours page alone tells you what may follow."),
    ),
    "desk_hours": (_l("Hours to decide on"), _l("Reliefs, the pool, refusals looked at again.")),
    "desk_slots": (_l("Slots of my site"), _l("Too few people, sheets left open.")),
    "desk_morning": (_l("The morning letter"), _l("Stays without an end, silent screens.")),
    "help_mentions": (
        _l("When a text names me"),
        _l(
            "The letter holds the whole text. Without it you still find the thread under your news."
        ),
    ),
    "help_comments": (
        _l("When somebody comments on my questions and answers"),
        _l("Not in threads that you no longer follow."),
    ),
    "help_threads": (
        _l("Threads I follow"),
        _l("New answers, what solved them. One letter a thread."),
    ),
    "help_thanks": (_l("Thanks and solutions"), _l("Your answer helped somebody.")),
    "help_questions": (_l("New questions"), _l("In the skills and sites you follow.")),
    "help_asked": (_l("Questions brought to me"), _l("They still stand on your first page.")),
    "help_quotes": (_l("May I be quoted?"), _l("Your words of a private room, in a question.")),
    "help_care": (_l("A text of mine was moderated"), _l("Hidden, or a manager writes to you.")),
    "help_reported": (_l("What came of my reports"), _l("Once managers have looked.")),
    "desk_reports": (_l("Reports that wait"), _l("Gathered, in the threads you look after.")),
    "chat_direct": (_l("Messages to me"), _l("In conversations, while you are away.")),
    "chat_mentions": (_l("When a message names me"), _l("In rooms, while you are away.")),
    "chat_reports": (
        _l("Reports in rooms I look after"),
        _l("Gathered, for who looks after a room or a site."),
    ),
    "arrivals": (_l("Who I wait for is there"), _l("Told at once.")),
    "circle_invited": (_l("Invitations into circles"), _l("Who invites you, into which circle.")),
    "firm_requests": (_l("Requests of firms"), _l("Who joins or invites, and what was answered.")),
    "skill_decided": (_l("Skills I proposed"), _l("What became of them.")),
    "deal_news": (_l("My firm’s deals"), _l("Proposed, signed, delivered, due, contested.")),
    "netting_news": (
        _l("My firm in rounds of netting"),
        _l("To read and answer, computed anew, carried out, given up."),
    ),
    "desk_netting": (_l("Rounds of netting to run"), _l("When every firm has agreed.")),
    "desk_deals": (_l("Deals to mediate in"), _l("Contested between firms of your site.")),
    "credit_news": (
        _l("Mutual credit of my firm"),
        _l("A line that changes or runs out, what was taken back, a departure."),
    ),
    "credit_moves": (
        _l("What my firm gave or received on mutual credit"),
        _l("Each time an accepted delivery is written down."),
    ),
    "desk_credit": (
        _l("Mutual credit at my sites"),
        _l("What waits for a second manager, and who is below zero for long."),
    ),
    "ring_ideas": (
        _l("Ideas of rings for my firm"),
        _l("At most one letter a day, and one when a ring that interested you came to nothing."),
    ),
    "listing_ends": (
        _l("The end of my listings"),
        _l("A week and a day before, and at it, with one click to renew."),
    ),
    "listing_care": (_l("A listing of mine was withdrawn"), _l("By a manager, with the reason.")),
    "listing_searches": (_l("Searches I keep"), _l("Once a day, when something new fits.")),
    "listing_hint": (
        _l("A question without an answer"),
        _l("After two days: it may become a need of your firm."),
    ),
    "weekly": (
        _l("The letter of the week"),
        _l("What happened at your site, once a week at most: a two-minute read."),
    ),
    "desk_newsletter": (
        _l("The week is drafted"),
        _l("On Thursdays, before the letter of your site leaves."),
    ),
}
