"""The table of contents: one line a feature."""

from collections.abc import Callable

from incubator.blueprints import (
    admin,
    art,
    auth,
    chat,
    commitments,
    home,
    members,
    membership,
    sites,
)
from incubator.blueprints import help as mutual_help
from incubator.blueprints.chat import sockets as chat_sockets
from incubator.reactions import audit, mail
from incubator.reactions.bridges import departures, merged_members, rooms_of_the_network
from incubator.reactions.live import reactions as live
from incubator.reactions.mail import life_letters

FEATURES = (
    home.FEATURE,
    art.FEATURE,
    members.FEATURE,
    membership.FEATURE,
    sites.FEATURE,
    commitments.FEATURE,
    mutual_help.FEATURE,
    auth.FEATURE,
    admin.FEATURE,
    chat.FEATURE,
)

REACTIONS: tuple[Callable[[], None], ...] = (
    audit.subscribe,
    mail.subscribe,
    life_letters.subscribe,
    rooms_of_the_network.subscribe,
    departures.subscribe,
    merged_members.subscribe,
    live.subscribe,
)

# What sockets may ask.
SOCKETS = (chat_sockets.EVENTS,)
