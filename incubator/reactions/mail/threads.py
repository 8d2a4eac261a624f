"""Letters about threads: they hold what is new in full, and a link that stops them."""

from __future__ import annotations

from dataclasses import asdict

from incubator.domain.help.events import ThreadNews
from incubator.domain.help.news import news_of
from incubator.kernel.events import joins
from incubator.reactions.mail.readers import accounts_of
from incubator.reactions.mail.writing import post


def subscribe() -> None:
    """Hear what must be told by mail."""
    joins(ThreadNews, told)


def told(event: ThreadNews) -> None:
    """To who follows the thread, or hears of new questions like it."""
    news = news_of(event)
    if news is None:
        return
    for reader in accounts_of([event.member_id]):
        values = asdict(news) | {
            "id": str(event.question_id),
            "why": event.why,
            "stop": [event.member_id, event.why, event.why_id],
        }
        post("thread", to=reader.email, language=reader.language, values=values)
