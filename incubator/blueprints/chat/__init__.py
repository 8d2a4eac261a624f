"""Discussions: rooms of the network, of the sites and on topics."""

from flask_babel import lazy_gettext as _l

from incubator.blueprints.chat import direct as direct
from incubator.blueprints.chat.views import pages, panel
from incubator.domain.chat.personal import personal_data
from incubator.domain.chat.queries import UNREAD
from incubator.edge.access import signed_in
from incubator.edge.entries import NavEntry, Panel
from incubator.edge.feature import Feature

REFUSALS = {
    "chat.bad_cid": _l("This page is too old: load it again, then send your message."),
    "chat.bad_name": _l("Give the room a name of %(least)s to %(most)s characters."),
    "chat.blank": _l("Write something first."),
    "chat.cid_reused": _l("This message was already sent with other words: load the page again."),
    "chat.gone": _l("This person is no longer in the network and would not read it."),
    "chat.guests_listen": _l("Guests read the room of the site they visit and do not write."),
    "chat.home_room": _l("This room comes with your site: it cannot be left."),
    "chat.nobody": _l("There is no such person."),
    "chat.not_seated": _l("Join the room first: only those who sit in it can write."),
    "chat.not_to_them": _l("One writes only to members of the network."),
    "chat.room": _l("There is no such room."),
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
    navigation=(
        NavEntry(
            key="chat",
            label=_l("Discussions"),
            endpoint="chat.index",
            icon="messages-square",
            section="main",
            order=20,
            tab=3,
            may=signed_in,
            count=UNREAD,
            loud=True,
        ),
    ),
    refusals=REFUSALS,
    personal_data=personal_data,
    panels=(Panel(key="chat", slot="side", order=40, template="chat/_home.html", load=panel),),
)
