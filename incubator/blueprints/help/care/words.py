"""Words of care: decisions, what the trail of a post tells."""

from typing import Final

from flask_babel import lazy_gettext as _l

DECISIONS: Final = {
    "dismiss": _l("Nothing to do: close the reports"),
    "hide": _l("Hide this text: its author reads why"),
    "lock": _l("Lock the thread: managers alone write in it"),
    "warn": _l("Write a kind word to the author"),
}
# What happened, as the trail of a post tells it.
STEPS: Final = {
    "report": _l("Reported"),
    "dismiss": _l("Reports closed"),
    "hide": _l("Text hidden"),
    "lock": _l("Thread locked"),
    "warn": _l("Word to the author"),
    "pin": _l("Thread pinned"),
    "move": _l("Thread moved"),
    "offer": _l("Move proposed"),
    "undone": _l("Undone"),
    "agreed": _l("Move agreed to"),
    "refused": _l("Move declined"),
}
KINDS: Final = {
    "question": _l("A question"),
    "answer": _l("An answer"),
    "comment": _l("A comment"),
}
REFUSALS: Final = {
    "help.care_own": _l("Somebody else decides about what you wrote yourself."),
    "help.care_gone": _l("This text is no longer there: its author took it away."),
    "help.care_circle": _l("What a circle reads stays in it."),
    "help.care_site": _l("Choose a site that you run."),
    "help.care_same": _l("The thread is there already."),
    "help.care_offered": _l("A move was proposed already: the person who asked has to answer."),
    "help.care_moved_on": _l("The thread was moved again since: look where it is now."),
    "help.care_not_asker": _l("Only the person who asked may answer this."),
    "help.care_list": _l("Choose a list that you run."),
    "help.care_until": _l("Choose a day from today on, within %(most)s days."),
    "help.care_pin_readers": _l("Not everybody who reads this list may read the thread."),
    "help.care_pins_enough": _l(
        "%(most)s threads are pinned in this list already: take one down first."
    ),
    "help.slow_down_question": _l(
        "You have asked %(most)s questions in one day: let the others catch up. You can send this "
        "one in %(wait)s; your text is kept."
    ),
    "help.slow_down_answer": _l(
        "You have given %(most)s answers in one day: what a help! You can send this one in "
        "%(wait)s; your text is kept."
    ),
    "help.slow_down_comment": _l(
        "You have written %(most)s comments in one day: let the others catch up. You can send this "
        "one in %(wait)s; your text is kept."
    ),
    "help.slow_down_report": _l(
        "You have sent %(most)s reports in one day. You can send this one in %(wait)s; if it is "
        "urgent, call a manager of your site."
    ),
}
