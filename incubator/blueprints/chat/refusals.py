"""Why something could not be done to a message, in words."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "chat.acts_too_fast": _l("That was fast! Please wait %(retry_after)s s."),
    "chat.bad_sign": _l("This sign is not one of ours."),
    "chat.edited_meanwhile": _l("You changed this message elsewhere meanwhile: compare the two."),
    "chat.mentions_too_many": _l("Name at most %(most)s people in one message."),
    "chat.message": _l("There is no such message in this room."),
    "chat.message_gone": _l("This message is gone."),
    "chat.not_everybody": _l(
        "Only those who look after this room call everybody: name the people you need."
    ),
    "chat.not_yours": _l("Only who wrote a message may do this."),
    "chat.pins_too_many": _l("A room keeps at most %(most)s messages at hand: take one off."),
    "chat.reason_missing": _l("Say why in a few words: the room will read it."),
    "chat.signs_too_many": _l("A message carries at most %(most)s kinds of signs."),
    "chat.too_old": _l("A message can be changed for a day; after that, write another."),
}
