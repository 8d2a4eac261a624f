"""Letters about threads: they hold what is new in full, and a link that stops them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from incubator.domain.help.bump_letters import KINDS as FOLLOWED
from incubator.domain.help.concerns import COMMENT, MENTION
from incubator.domain.help.concerns import KINDS as CONCERNED
from incubator.domain.help.events import ThreadNews
from incubator.domain.help.news import news_of
from incubator.kernel.events import joins
from incubator.reactions.mail.readers import accounts_of
from incubator.reactions.mail.writing import write_only
from incubator.reactions.notifications.telling import muted_by

if TYPE_CHECKING:
    from incubator.domain.help.news import News

# What a letter about a thread is, by why it comes.
SORTS: Final = {**FOLLOWED, **CONCERNED}


def subscribe() -> None:
    """Hear what must be told by mail."""
    joins(ThreadNews, told)


def told(event: ThreadNews) -> None:
    """To who follows the thread, hears of new questions like it, or is concerned by a post."""
    news = news_of(event)
    if news is None or muted_by([event.member_id], "thread", event.question_id):
        return
    why = _why(event, news)
    values = asdict(news) | {"id": str(event.question_id), "why": why}
    if why == event.why:
        values["stop"] = [event.member_id, why, event.why_id]
    write_only(SORTS[why], "thread", accounts_of([event.member_id]), values=values)


def _why(event: ThreadNews, news: News) -> str:
    """What the letter comes from, and its link stops: what is followed before what concerns."""
    if news.question or news.answers or news.solved:
        return event.why
    return MENTION if any(each.why == MENTION for each in news.concerning) else COMMENT
