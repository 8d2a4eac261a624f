"""Why the vocabulary could not be changed, in words."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "members.merge_below": _l("This one belongs to the other: move it out first."),
    "members.merge_itself": _l("Choose another skill than itself."),
    "members.proposal_decided": _l("Somebody has decided on this proposal meanwhile."),
    "members.propose": _l("Guests cannot propose skills."),
    "members.skill_cycle": _l("A skill cannot belong to itself or to what belongs to it."),
    "members.skill_known": _l("It exists already: %(skill)s."),
    "members.too_many_proposals": _l(
        "%(most)s of your proposals wait already: please give us time to read them."
    ),
    "members.too_many_synonyms": _l("Keep at most %(most)s other words."),
}
