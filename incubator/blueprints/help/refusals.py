"""The words of what the help threads refuse."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "help.title_too_short": _l("Give your question a title of at least %(least)s characters."),
    "help.title_too_long": _l("Keep the title under %(most)s characters; the details go below."),
    "help.body_empty": _l("Write a few words first."),
    "help.body_too_long": _l("Keep the text under %(most)s characters."),
    "help.skills_none": _l("Choose at least one skill: it brings the people who know."),
    "help.skills_too_many": _l("Choose at most %(most)s skills."),
    "help.skills_unknown": _l("Choose skills from the list."),
    "help.audience": _l("Choose who may read your question."),
    "help.how_empty": _l("Say in a few words how it was solved: it will help the next person."),
    "help.how_too_long": _l("Keep it under %(most)s characters."),
    "help.already_solved": _l("An answer is already accepted for this question."),
    "help.edited_meanwhile": _l(
        "Somebody changed this text while you were writing. Their version is shown below; "
        "yours is kept here."
    ),
    "help.needed_on": _l("Choose a day from today on, within a year."),
    "help.thank_own": _l("You cannot thank yourself."),
    "help.thanks_too_long": _l("Keep it under %(most)s characters."),
    "help.count_not_yours": _l("The helper and whoever asked say how long it took, nobody else."),
    "help.count_not_yet": _l(
        "Help counts once the answer was accepted, or whoever asked has thanked for it."
    ),
    "help.sheet_not_yours": _l(
        "Whoever asked, whoever answered and the managers of the site write the sheet."
    ),
    "help.sheet_unsolved": _l("Say first what solved the question: a sheet is made of that."),
    "help.sheet_exists": _l("Somebody has made a sheet of this thread meanwhile: open it first."),
    "help.duration": _l("Write a duration such as 1 h 30, 45 min or 2 h."),
    "help.minutes": _l("Choose between 5 minutes and %(most)s hours."),
    "help.anonymous": _l("Your site does not let members ask without their name."),
    "help.mentions_too_many": _l(
        "You mention a lot of people: name at most %(most)s, the others will read it anyway."
    ),
    "help.locked": _l(
        "This thread was locked: only managers write in it. Your text is kept in your drafts."
    ),
    "help.accepted_too_many": _l("At most %(most)s answers can be accepted."),
    "help.convert_accepted": _l("This answer is accepted: it cannot become a comment."),
    "help.repeats_itself": _l("Choose another thread: this one is the same."),
    "help.repeats_hidden": _l(
        "Not everybody who reads this thread may read the other one: choose one that all may read."
    ),
    "help.repeats_unknown": _l("There is no such thread. Paste its address, or write its number."),
    "help.run_not_manager": _l("Only a manager of the site may do this."),
    "help.vote_own": _l("One does not vote for oneself: the others will."),
    "help.drafts_too_many": _l("You have %(most)s drafts already: send or delete one first."),
    "help.files_too_many": _l("Choose at most %(most)s files."),
    "help.feeds_enough": _l("You have %(most)s feeds already: take one back first."),
    "help.quotes_none": _l("Choose at least one message."),
    "help.talk_with": _l("Talk it through with somebody who asked or answered under their name."),
    "help.cap": _l("Choose a number from 0 to %(most)s."),
    "help.pause_past": _l("Choose a day from today on, or none."),
    "help.pause_far": _l("Choose a day within two years, or none."),
    "help.asked_no_more": _l("This question no longer waits for you. Thank you all the same."),
    "help.pass_unavailable": _l("This person cannot be asked here now: choose somebody else."),
    "help.pass_unknown": _l("Choose somebody, or write a name as it stands in the directory."),
    "help.pass_several": _l("Several people have this name: choose which one."),
    "help.guest": _l("Guests may read the help threads. To take part, ask to become a member."),
    "help.edit_not_yours": _l("Only its author or a manager of the site may change this text."),
    "help.accept_not_asker": _l(
        "Only the person who asked, or a manager of their site, may say what solved it."
    ),
    "help.remove_answered": _l(
        "Once a question has answers, only a manager of the site may remove it."
    ),
    "help.remove_accepted": _l("Only its author or a manager of the site may remove this answer."),
}
