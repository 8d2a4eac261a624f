"""Discussions: rooms of the network, of the sites and on topics."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.chat import about as about
from incubator.blueprints.chat import bots as bots
from incubator.blueprints.chat import care as care
from incubator.blueprints.chat import choices as choices
from incubator.blueprints.chat import direct as direct
from incubator.blueprints.chat import drafting as drafting
from incubator.blueprints.chat import export as export
from incubator.blueprints.chat import files as files
from incubator.blueprints.chat import finding as finding
from incubator.blueprints.chat import found as found
from incubator.blueprints.chat import hooks as hooks
from incubator.blueprints.chat import lively as lively
from incubator.blueprints.chat import messages as messages
from incubator.blueprints.chat import people as people
from incubator.blueprints.chat import ways as ways
from incubator.blueprints.chat.first_page import PANELS
from incubator.blueprints.chat.refusals import REFUSALS as MESSAGE_REFUSALS
from incubator.blueprints.chat.titles import TITLES
from incubator.blueprints.chat.views import pages
from incubator.domain.chat.care import queue
from incubator.domain.chat.personal import forget, personal_data
from incubator.domain.chat.queries import UNREAD
from incubator.edge.access import managers, signed_in
from incubator.edge.entries import NavEntry
from incubator.edge.feature import Feature

REFUSALS = {
    **MESSAGE_REFUSALS,
    "chat.archived": _l("This room is archived: it is read and no longer written in."),
    "chat.bad_cid": _l("This page is too old: load it again, then send your message."),
    "chat.bad_days": _l("Choose for how long the link shall work."),
    "chat.bad_hours": _l("Choose for how long."),
    "chat.bad_involvement": _l("Choose what you want to follow."),
    "chat.bad_name": _l("Give the room a name of %(least)s to %(most)s characters."),
    "chat.blank": _l("Write something first."),
    "chat.bot": _l("There is no such bot."),
    "chat.bot_fast": _l("That was fast! Please wait %(retry_after)s s."),
    "chat.bot_key": _l("What a bot calls its message has 1 to 100 characters."),
    "chat.bot_name": _l("Give the bot a name of %(least)s to %(most)s characters, with letters."),
    "chat.bot_name_taken": _l("Somebody here is called so: choose a name that tells them apart."),
    "chat.bot_url": _l(
        "Write an address that begins with https:// and leads to a server in the open net."
    ),
    "chat.cid_reused": _l("This message was already sent with other words: load the page again."),
    "chat.drafts_too_many": _l("You have %(most)s drafts: send or empty one first."),
    "chat.export_often": _l("You took a room along a moment ago: again in %(minutes)s min."),
    "chat.export_seated": _l("Take a seat first: who sits in a room takes it along."),
    "chat.file": _l("There is no such file, or it is not for you."),
    "chat.files_full": _l(
        "Your files in rooms take up %(megabytes)s MB: take some back before you add others."
    ),
    "chat.files_gone": _l("One of these files was sent already, or taken back: choose it again."),
    "chat.files_too_fast": _l(
        "That is a lot of files at once: the next one in %(minutes)s min, your text is kept."
    ),
    "chat.files_too_many": _l("A message carries at most %(most)s files: send two messages."),
    "chat.files_waiting": _l(
        "%(most)s of your files still wait to be sent: send or remove some of them first."
    ),
    "chat.gone": _l("This person is no longer in the network and would not read it."),
    "chat.group_size": _l("Choose %(least)s to %(most)s people; for more, open a private room."),
    "chat.guests_listen": _l("Guests read the room of the site they visit and do not write."),
    "chat.home_room": _l("This room comes with your site: it cannot be left."),
    "chat.home_room_theirs": _l("This person belongs to the site: its room comes with it."),
    "chat.last_moderator": _l("Name somebody else first: a room needs one who looks after it."),
    "chat.leave_yourself": _l("To go out yourself, leave the room."),
    "chat.link": _l("This link leads nowhere any more."),
    "chat.many_bots": _l("There are already %(most)s bots: revoke one first."),
    "chat.many_links": _l("There are already %(most)s links: revoke one first."),
    "chat.muted": _l("You are asked to be silent here until %(until)s."),
    "chat.name_taken": _l("Another room has this name: choose one that tells them apart."),
    "chat.nobody": _l("There is no such person."),
    "chat.not_seated": _l("Join the room first: only those who sit in it can write."),
    "chat.not_silenced": _l("Who looks after the room is not asked to be silent."),
    "chat.not_yours": _l("Only those who look after the room can do this."),
    "chat.not_to_them": _l("One writes only to members of the network."),
    "chat.removed": _l("You were taken out of this room: ask those who look after it."),
    "chat.retract_unsure": _l("Tick the box: it says that you are sure."),
    "chat.room": _l("There is no such room."),
    "chat.who_nobody": _l("Nobody is called “%(who)s”: write the whole name."),
    "chat.who_several": _l("Several people are called “%(who)s”: paste the address of a profile."),
    "chat.too_fast": _l("That was fast! Please wait %(retry_after)s s before the next message."),
    "chat.too_long": _l("A message has at most %(most)s characters: make it shorter or cut it."),
    "live.bad_payload": _l("This was not understood."),
    "live.not_for_you": _l("This is not open to your role."),
    "live.signed_out": _l("You are signed out. Please sign in again."),
    "live.too_fast": _l("That was fast! Please wait %(retry_after)s s."),
    "live.unknown_event": _l("This was not understood."),
}

FEATURE = Feature(
    name="chat",
    pages=pages,
    guide="chat",
    titles=(TITLES,),
    navigation=(
        NavEntry(
            key="chat",
            label=_l("Discussions"),
            endpoint="chat.index",
            icon="messages-square",
            section="main",
            order=20,
            tab=3,
            letter="d",
            may=signed_in,
            count=UNREAD,
            loud=True,
        ),
        NavEntry(
            key="chat-reports",
            label=_l("Reports in rooms"),
            endpoint="chat.reports",
            icon="flag",
            section="steering",
            order=9,
            always=managers,
            count=queue.WAITING,
        ),
    ),
    refusals={**REFUSALS, **care.REFUSALS},
    search=(found.SOURCE,),
    personal_data=personal_data,
    personal_files=files.files_of,
    forget=forget,
    panels=PANELS,
)
