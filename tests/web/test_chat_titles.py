"""Messages whose addresses stand in texts: named for readers who may see them alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from incubator.domain.chat import editing
from incubator.kernel.db import transaction
from tests import factories_chat as chat

if TYPE_CHECKING:
    from tests.factories import Make

SignIn = Any
PATH = "/liens/titres"


def test_a_message_is_named_for_those_who_may_see_it_and_for_no_other(
    make: Make, sign_in: SignIn
) -> None:
    site = make.site("Lyon")
    ada, leo = make.member(site, name="Ada Blin"), make.member(site, name="Léo Roy")
    stranger, guest = make.member(make.site("Lille")), make.member(site, role="guest")
    chat.rooms(make)
    chat.sit(make, ada, leo, stranger)
    topic = chat.topic(make, ada)
    chat.say(make, ada, topic.id, "Un")
    said = chat.say(make, ada, topic.id, "Deux")
    pair = chat.direct(make, ada, leo)
    aside = chat.say(make, leo, pair.id, "Entre nous")
    open_one = f"/discussions/{topic.slug}/m/{said.no}"
    landed = f"/chat/{topic.slug}?around={said.no}#m-{said.no}"
    between = f"/chat/{pair.slug}/m/{aside.no}"
    nowhere = [
        f"/discussions/{topic.slug}/m/99",
        f"/discussions/{topic.slug}/m/{10**18}",
        f"/discussions/{topic.slug}#m-0",
        f"/discussions/{topic.slug}",
        "/discussions/nulle-part/m/1",
    ]
    asked = {"a": [open_one, landed, between, *nowhere]}
    title = {"title": "Message écrit par Ada Blin dans Vélos", "kind": "Message"}
    assert sign_in(leo).get(PATH, query_string=asked).json == {
        open_one: title,
        landed: title,
        between: {"title": "Message écrit par Léo Roy dans Ada Blin", "kind": "Message"},
    }
    assert sign_in(stranger).get(PATH, query_string=asked).json == {
        open_one: title,
        landed: title,
    }
    assert sign_in(guest).get(PATH, query_string=asked).json == {}


def test_a_reply_is_named_and_what_was_taken_away_is_not(make: Make, sign_in: SignIn) -> None:
    ada = make.member(make.site("Lyon"), name="Ada Blin")
    chat.rooms(make)
    topic = chat.topic(make, ada)
    root = chat.say(make, ada, topic.id, "Un")
    gone = chat.say(make, ada, topic.id, "Deux")
    with transaction():
        reply = chat.reply(
            make.actor(ada), topic.id, cid=chat.cid(), text="Oui", root=root.no, now=make.now
        )
        editing.take_away(make.actor(ada), topic.id, no=gone.no, cid=chat.cid(), now=make.now)
    named = f"/discussions/{topic.slug}/m/{root.no}/fil#m-{reply.no}"
    asked = {"a": [named, f"/discussions/{topic.slug}/m/{gone.no}"]}
    assert list(sign_in(ada).get(PATH, query_string=asked).json) == [named]


def test_twenty_messages_cost_as_much_as_two(
    make: Make, sign_in: SignIn, count_queries: Any
) -> None:
    ada = make.member(make.site("Lyon"))
    topics = [chat.topic_by(make, make.actor(ada)) for _number in range(20)]
    places = [f"/chat/{each.slug}/m/{chat.say(make, ada, each.id).no}" for each in topics]
    browser = sign_in(ada)
    browser.get(PATH)
    with count_queries() as few:
        assert len(browser.get(PATH, query_string={"a": places[:2]}).json) == 2
    with count_queries() as many:
        assert len(browser.get(PATH, query_string={"a": places}).json) == 20
    assert len(many) == len(few) <= 6
