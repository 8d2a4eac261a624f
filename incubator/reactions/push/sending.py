"""The job of one push to one browser: drawn, sealed, handed over once."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

from flask import current_app  # noqa: TID251 - a job runs outside any request
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import CursorResult, delete, update

from incubator.kernel.db import db, end_read, insert_once, transaction, utcnow
from incubator.kernel.jobs import NotYet, job, later, later_all
from incubator.kernel.outward import Unreachable, post
from incubator.network.accounts.queries import account_of
from incubator.reactions.mail.deliver import post_office
from incubator.reactions.notifications.pushing import News, Push, drawn
from incubator.reactions.push import browsers, rules
from incubator.reactions.push.keys import bytes_of, key_of
from incubator.reactions.push.models import PushBrowser, PushSending
from incubator.reactions.push.sealing import sealed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from incubator.kernel.outward import Answer
    from incubator.kernel.settings import Settings
    from incubator.network.accounts.models import Account
    from incubator.network.members.actor import Actor

SEND: Final = "push.send"
KEY: Final = "incubator.push"
# The area of a push that a member sends to themselves, to see that it comes.
TRIAL: Final = "trial"
TRIAL_KIND: Final = "arrivals"
# Words of an address that is not for us to call; the others of kernel/outward pass.
FOR_GOOD: Final = frozenset({"closed", "https"})


class Overtaken(Exception):
    """Another runner has this push in hand."""


@dataclass
class Errand:
    """One push on its way: to which browser, about what; whether its first byte may have left."""

    browser_id: int
    member_id: int
    news: News
    handed: bool = field(default=False)

    @property
    def key(self) -> dict[str, Any]:
        """Its row in push_sending."""
        return {"browser_id": self.browser_id, **vars(self.news)}

    def hand(self) -> None:
        """Note, just before it leaves, that it may have left; raise Overtaken if it did before."""
        with transaction():
            if not insert_once(PushSending, **self.key, state="handing", tries=0, at=utcnow()):
                self._change("handing", only="waiting")
        self.handed = True

    def note(self, state: str, *, tries: int = 0) -> None:
        """Note where it stands, within a transaction."""
        if not insert_once(PushSending, **self.key, state=state, tries=tries, at=utcnow()):
            self._change(state, tries=tries)

    def _change(self, state: str, *, only: str = "", tries: int | None = None) -> None:
        row = update(PushSending).filter_by(**self.key)
        if only:
            row = row.where(PushSending.state == only)
        values: dict[str, object] = {"state": state, "at": utcnow()}
        values |= {} if tries is None else {"tries": tries}
        done = db.session.execute(row.values(values).execution_options(synchronize_session=False))
        if isinstance(done, CursorResult) and not done.rowcount:
            raise Overtaken


def key(payload: Mapping[str, Any]) -> str:
    """The key of a job: one browser and cause, one push."""
    names = ("browser_id", "area", "item_id", "cause")
    return ":".join([SEND, *(str(payload[name]) for name in names)])


def plan(member_ids: Collection[int], news: News) -> None:
    """Let news go to the browsers of these members: a job each, once a cause."""
    now = utcnow()
    pairs = browsers.ids_of(member_ids)
    jobs = [({"browser_id": one, "member_id": who, **vars(news)}, now) for one, who in pairs]
    later_all(SEND, jobs, key=key)


def trial(actor: Actor, browser_id: int, *, now: datetime) -> None:
    """Let a push go to one's own browser, to see that it comes: one a minute at most.

    Raise NotFound ``push.browser`` for another's.
    """
    browsers.need_own(actor, browser_id)
    told = {"area": TRIAL, "item_id": 0, "cause": f"{now:%Y%m%d%H%M}"}
    payload = {"browser_id": browser_id, "member_id": actor.id, **told}
    later(SEND, payload, key=key(payload))


@job(SEND)
def send(payload: Mapping[str, Any]) -> None:
    """Hand one push over, if it is still news for its member's eyes, and to a browser of theirs.

    Later in quiet hours, and when the service wants so. From the first byte on, only an answer
    lets it go again.
    """
    news = News(
        area=str(payload["area"]), item_id=int(payload["item_id"]), cause=str(payload["cause"])
    )
    errand = Errand(int(payload["browser_id"]), int(payload["member_id"]), news)
    if _settled(errand):
        return
    letter = _letter(errand, settings_here())
    # A slow service must not keep a read of the database open.
    end_read()
    if letter is not None:
        _hand_over(errand, letter)


def settings_here() -> Settings:
    """The settings of the application that runs."""
    return cast("Settings", current_app.extensions[KEY])


def _settled(errand: Errand) -> bool:
    """Whether it has left, or may have: then it does not go again."""
    row = db.session.get(PushSending, errand.key, populate_existing=True)
    state = row.state if row else "waiting"
    end_read()
    if state == "handing":
        with transaction():
            errand.note("unsure")
    return state != "waiting"


@dataclass(frozen=True)
class _Letter:
    endpoint: str
    body: bytes
    headers: Mapping[str, str]
    local: bool


def _letter(errand: Errand, settings: Settings) -> _Letter | None:
    """What goes now; None where nothing may; raise NotYet where it is later."""
    now, ours = utcnow(), key_of(settings)
    browser = browsers.awake(
        errand.browser_id, errand.member_id, days=settings.session_days, now=now
    )
    account = account_of(errand.member_id)
    if ours is None or browser is None or browser.made_for != ours.name or account is None:
        return None
    if browser.rest_until is not None and browser.rest_until > now:
        raise NotYet(browser.rest_until)
    push = _push(account, errand.news, now=now)
    if push is None:
        return None
    told = json.dumps(_told(push, errand.news), ensure_ascii=False, separators=(",", ":"))
    body = sealed(told.encode(), point=bytes_of(browser.p256dh), secret=bytes_of(browser.auth))
    headers = {
        "Authorization": ours.header(browser.endpoint, settings, now=now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(rules.life(push.kind)),
        "Topic": rules.topic(browser.auth, errand.news.area, errand.news.item_id),
        "Urgency": rules.urgency(push.kind),
    }
    return _Letter(browser.endpoint, body, headers, settings.hooks_on_loopback)


def _push(account: Account, news: News, *, now: datetime) -> Push | None:
    if news.area != TRIAL:
        return drawn(account, news, now=now)
    with force_locale(account.language):
        return Push(
            language=account.language,
            title=post_office().settings.network_name,
            text=_("This is how news come to this browser."),
            kind=TRIAL_KIND,
            number=0,
        )


def _told(push: Push, news: News) -> dict[str, object]:
    """What the worker of the browser reads (static/js/worker.js)."""
    place = ("push.index", {}) if news.area == TRIAL else _page(news)
    address = post_office().address_of(place[0], push.language, **place[1])
    return {
        "title": push.title[: rules.TITLE_MOST],
        "text": push.text[: rules.TEXT_MOST],
        "lang": push.language,
        "tag": f"{news.area}-{news.item_id}",
        # The path alone: the house may be reached by another name than its own.
        "address": urlsplit(address).path,
        **({} if news.area == TRIAL else {"n": push.number}),
    }


def _page(news: News) -> tuple[str, dict[str, str]]:
    return "notifications.show", {"area": news.area, "item_id": str(news.item_id)}


def _hand_over(errand: Errand, letter: _Letter) -> None:
    try:
        answer = post(
            letter.endpoint, letter.body, letter.headers, local=letter.local, handing=errand.hand
        )
    except Overtaken:
        return
    except Unreachable as error:
        _unreached(errand, str(error))
    else:
        _answered(errand, answer)


def _answered(errand: Errand, answer: Answer) -> None:
    if answer.well:
        with transaction():
            errand.note("sent")
            _mark(errand, trouble="", used_at=utcnow(), rest_until=None)
    elif rules.is_gone(answer.status):
        with transaction():
            db.session.execute(delete(PushBrowser).where(PushBrowser.id == errand.browser_id))
    elif rules.is_late(answer.status):
        _put_off(errand, f"status {answer.status}", answer.wait)
    else:
        with transaction():
            errand.note("refused")
            _mark(errand, trouble=f"status {answer.status}")


def _unreached(errand: Errand, word: str) -> None:
    """It was not taken: for good, for now, or nobody knows."""
    if not errand.handed and word not in FOR_GOOD:
        _put_off(errand, word, "")
    rest = utcnow() + rules.REST if errand.handed else None
    with transaction():
        errand.note("unsure" if errand.handed else "refused")
        _mark(errand, trouble=word, rest_until=rest)


def _put_off(errand: Errand, word: str, wait: str) -> None:
    """Try it again later; raise NotYet, unless it was tried often enough."""
    row = db.session.get(PushSending, errand.key, populate_existing=True)
    tries = (row.tries if row else 0) + 1
    end_read()
    given_up = tries >= rules.MOST_TRIES
    at = rules.again(tries, wait, now=utcnow())
    with transaction():
        errand.note("refused" if given_up else "waiting", tries=tries)
        _mark(errand, trouble=word, rest_until=at if wait else None)
    if not given_up:
        raise NotYet(at)


def _mark(errand: Errand, **values: object) -> None:
    here = update(PushBrowser).where(PushBrowser.id == errand.browser_id).values(values)
    db.session.execute(here.execution_options(synchronize_session=False))
