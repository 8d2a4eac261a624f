"""Questions made of messages and threads talked through, for tests."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from incubator.domain.help.talks import commands as talks
from incubator.domain.help.talks.commands import Heard
from incubator.kernel.db import transaction
from incubator.reactions.bridges import chat_threads
from tests import factories_chat as c
from tests import factories_help as h

if TYPE_CHECKING:
    from incubator.domain.help.models import Question
    from incubator.domain.help.talks.models import Talk
    from incubator.network.accounts.models import Account
    from tests.factories import Make


def made_of(make: Make, who: Account, room: Any, *said: Any, **more: Any) -> Question:
    """A question made of messages of a room."""
    term = more.get("skill") or h.skill(make)
    asked = chat_threads.Asked(
        title="Comment dédouaner vers le Canada ?",
        body="Voir ci-dessous",
        skill_ids=(term.id,),
        audience=more.get("audience", "network"),
        once=uuid.uuid4().hex,
        note="Une [question]({path})",
    )
    with transaction():
        places = [each.seq for each in said]
        return chat_threads.ask(make.actor(who), room.id, seqs=places, asked=asked, now=make.now)


def talked(make: Make, who: Account, other: Account, asked: Question) -> Talk:
    """A thread talked through by two, whose earlier words it quotes."""
    room = c.direct(make, who, other)
    said = c.say(make, other, room.id, "Un mot <b>de côté</b>")
    heard = Heard(seq=said.seq, no=said.no, author_id=other.id, said_at=said.at, html=said.html)
    with transaction():
        actor = make.actor(who)
        talks.quote(actor, asked, [heard], room_id=room.id, private=True, now=make.now)
        member = {"member_id": other.id, "room_id": room.id}
        return talks.talk(actor, asked.id, **member, now=make.now)[0]
