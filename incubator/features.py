"""The table of contents: one line a feature."""

from collections.abc import Callable

from incubator.blueprints import (
    admin,
    art,
    auth,
    chat,
    commitments,
    documents,
    firms,
    home,
    members,
    notices,
    presence,
    roster,
    sites,
    skills,
)
from incubator.blueprints import help as mutual_help
from incubator.blueprints.chat import sockets as chat_sockets
from incubator.reactions import audit, mail
from incubator.reactions.bridges import merged_skills, proof_of_help, rooms_of_the_network
from incubator.reactions.live import reactions as live
from incubator.reactions.mail import arrivals, mailings

FEATURES = (
    home.FEATURE,
    art.FEATURE,
    members.FEATURE,
    firms.FEATURE,
    skills.FEATURE,
    sites.FEATURE,
    presence.FEATURE,
    notices.FEATURE,
    documents.FEATURE,
    roster.FEATURE,
    commitments.FEATURE,
    mutual_help.FEATURE,
    auth.FEATURE,
    admin.FEATURE,
    chat.FEATURE,
)

REACTIONS: tuple[Callable[[], None], ...] = (
    audit.subscribe,
    mail.subscribe,
    arrivals.subscribe,
    mailings.subscribe,
    rooms_of_the_network.subscribe,
    proof_of_help.subscribe,
    merged_skills.subscribe,
    live.subscribe,
)

# What sockets may ask.
SOCKETS = (chat_sockets.EVENTS,)
