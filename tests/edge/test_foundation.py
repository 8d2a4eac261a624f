"""The foundation answers before any feature exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from tests.factories import Make


def test_health_answers_a_visitor(client: FlaskClient) -> None:
    assert client.get("/health").json == {"status": "ok"}
    assert client.get("/sante").json == {"status": "ok"}


def test_a_member_keeps_their_language(
    make: Make, sign_in: Callable[[Account], FlaskClient]
) -> None:
    account = make.member(make.site())
    sign_in(account).post("/preferences", data={"language": "en", "back": "/health"})
    assert make.actor(account).language == "en"
