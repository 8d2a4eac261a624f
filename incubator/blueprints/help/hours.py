"""Hours in the page of a thread: what was counted, what waits for a word, what may be counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from incubator.domain.commitments import policy as hour_rules
from incubator.domain.commitments import queries as commitments
from incubator.domain.commitments import thread_help
from incubator.domain.help.learning import counting

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from incubator.domain.commitments.models import Contribution
    from incubator.domain.help.learning.counting import Helped
    from incubator.domain.help.models import Question
    from incubator.domain.help.posts import Said
    from incubator.network.members.actor import Actor


@dataclass(frozen=True)
class ThreadHours:
    """Hours of a thread for one reader.

    ``told`` are lines they may see, of which ``to_confirm`` and ``to_take`` wait for their word;
    ``mine`` is their own help that may be counted, ``theirs`` that of others for whoever asked,
    and ``minutes_proposed`` what the button says; ``may_share``: only by the usual form yet.
    """

    told: Sequence[Contribution] = ()
    to_confirm: Sequence[Contribution] = ()
    to_take: Sequence[Contribution] = ()
    mine: Helped | None = None
    theirs: Sequence[Helped] = ()
    minutes_proposed: int = 0
    may_share: bool = False

    @property
    def minutes(self) -> int:
        """What they come to, without those that were refused."""
        return sum(one.minutes for one in self.told if one.state != "refused")


def hours_of(
    reader: Actor, question: Question, given: Sequence[Said], *, accepted: Collection[int]
) -> ThreadHours:
    """The hours of a thread, and what the reader may do about them.

    ``given`` are the answers of the page. Before one is said to be of use, its author may share
    their hours by the usual form, unless whoever asked bears no name.
    """
    told = commitments.of_thread(reader, question.id)
    counted = {one.giver_id for one in told}
    helped = () if reader.is_guest else counting.among(question, given, accepted)
    left = [one for one in helped if one.helper_id not in counted]
    mine = next((one for one in left if one.helper_id == reader.id), None)
    waiting = [one for one in told if one.state in commitments.TO_DECIDE]
    asked = reader.id == question.author_id
    answered = any(each.author_id == reader.id for each in given)
    return ThreadHours(
        told=told,
        to_confirm=[
            one
            for one in waiting
            if reader.id == one.helped_id and hour_rules.may_decide(reader, one)
        ],
        to_take=[one for one in waiting if hour_rules.may_take_offer(reader, one)],
        mine=mine,
        theirs=left if asked else (),
        minutes_proposed=thread_help.proposed_minutes(question.minutes),
        may_share=answered
        and not (asked or question.anonymous or mine or reader.id in counted or reader.is_guest),
    )
