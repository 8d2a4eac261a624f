"""The person behind the request: Flask-Login over sessions stored in the database."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import has_request_context, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from incubator.edge.clock import now
from incubator.edge.state import settings
from incubator.kernel.db import DatabaseDown, transaction
from incubator.kernel.errors import NotAllowed
from incubator.kernel.signed import FORMER
from incubator.network.accounts import sessions
from incubator.network.accounts.queries import session_of

if TYPE_CHECKING:
    from flask import Flask

    from incubator.network.accounts.queries import LiveSession
    from incubator.network.members.actor import Actor

log = logging.getLogger(__name__)

TOUCH_EVERY = timedelta(minutes=5)
# Set while an error page is drawn: it must not ask again what has just failed.
DOWN = "incubator.down"
# Where Flask-WTF keeps the token of the forms of a browser.
CSRF = "csrf_token"


class SignedIn(UserMixin):
    """What Flask-Login keeps: the cookie's token and what its session said at the start.

    Plain values, no rows: they stay readable whatever the request's transactions do.
    ``outdated`` tells that the rights changed since the session began, ``former`` that another
    has followed it.
    """

    def __init__(self, token: str, live: LiveSession) -> None:
        self.token = token
        self.session_id = live.id
        self.seen_at = live.seen_at
        self.outdated = live.outdated
        self.former = live.ended_at is not None
        self.actor = live.actor

    def get_id(self) -> str:
        """The session's token, which is what the cookie carries."""
        return self.token


def session_id() -> int:
    """The number of the session of whoever acts; raise NotAllowed for a visitor."""
    found = signed_in_as()
    if found is None:
        raise NotAllowed("edge.sign_in")
    return found.session_id


def remembered() -> bool:
    """Whether this browser stays signed in when it is closed."""
    return bool(session.permanent)


def forget() -> None:
    """Ask the database no more who reads: it has just failed."""
    request.environ[DOWN] = True


def viewer() -> Actor | None:
    """The person reading, or None for a visitor."""
    found = signed_in_as()
    return found.actor if found else None


def actor() -> Actor:
    """The person acting; raise NotAllowed for a visitor."""
    found = viewer()
    if found is None:
        raise NotAllowed("edge.sign_in")
    return found


def signed_in_as() -> SignedIn | None:
    """The session of the request, or None."""
    # The person and not Flask-Login's proxy, which would ask again at each look.
    found = current_user._get_current_object()  # noqa: SLF001 - Werkzeug's way out of a proxy
    return found if isinstance(found, SignedIn) else None


def load(token: str) -> SignedIn | None:
    """The live session of a token; None when it ended, expired or its member was deactivated."""
    if has_request_context() and request.environ.get(DOWN):
        return None
    row = session_of(token)
    if row is None or row.seen_at < now() - timedelta(days=settings().session_days):
        return None
    if row.ended_at is not None and row.ended_at <= now():
        return None
    return SignedIn(token, row)


def enter(member_id: int, *, remember: bool = True) -> None:
    """Sign the browser in under a new session: the old cookie's content is dropped first.

    Unless it shall ``remember``, the browser forgets the session when it is closed.
    """
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    token = sessions.start(
        member_id,
        address=request.remote_addr or "",
        device=request.user_agent.string,
        now=now(),
    )
    session.permanent = remember
    found = load(token)
    if found:
        login_user(found)


def leave() -> None:
    """Sign the browser out and end its session."""
    found = signed_in_as()
    if found:
        sessions.end(found.session_id, now=now())
    logout_user()
    session.clear()


def keep_fresh() -> None:
    """Rotate the session after a change of rights; note now and then that it is in use.

    Of requests at once one rotates it; the others are answered, and leave its new cookie alone.
    """
    found = signed_in_as()
    if found is None or request.headers.get("Sec-Purpose", "").startswith("prefetch"):
        return
    if found.former:
        request.environ[FORMER] = found.token
    elif found.outdated:
        with transaction():
            _rotate(found)
    elif found.seen_at < now() - TOUCH_EVERY:
        _touch(found.session_id)
        # The cookie lives on with the session, and is not signed anew at each page.
        if session.permanent:
            session.modified = True


def _rotate(found: SignedIn) -> None:
    if not sessions.hand_over(found.actor.id, found.session_id, now=now()):
        request.environ[FORMER] = found.token
        return
    # Forms that are open stay good: the browser and its person are the same.
    kept = {CSRF: session[CSRF]} if CSRF in session else {}
    enter(found.actor.id, remember=session.permanent)
    session.update(kept)
    followed = signed_in_as()
    if followed is not None:
        sessions.follow(found.actor.id, found.session_id, followed.session_id)


def _touch(session_id: int) -> None:
    try:
        with transaction():
            sessions.touch(session_id, now=now())
    except DatabaseDown:
        # A disk that is full or read-only must not take reading away.
        log.warning("the use of a session could not be noted")


def init_app(app: Flask) -> None:
    """Attach Flask-Login; sessions are ours, so its own protection by address is off."""
    manager = LoginManager()
    manager.session_protection = None
    manager.user_loader(load)
    manager.init_app(app)
    app.before_request(keep_fresh)
