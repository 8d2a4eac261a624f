"""The table of contents: one line a feature."""

from collections.abc import Callable

from incubator.blueprints import admin, art, auth, chat, commitments, firms, home, members, sites
from incubator.blueprints import help as mutual_help
from incubator.blueprints.chat import sockets as chat_sockets
from incubator.reactions import audit, mail
from incubator.reactions.bridges import rooms_of_the_network
from incubator.reactions.live import reactions as live

FEATURES = (
    home.FEATURE,
    art.FEATURE,
    members.FEATURE,
    firms.FEATURE,
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
    rooms_of_the_network.subscribe,
    live.subscribe,
)

# What sockets may ask.
SOCKETS = (chat_sockets.EVENTS,)
