"""Every address of the application, knocked at by every kind of person.

A new route is covered by itself: its declared access is compared with what it answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from markupsafe import escape
from werkzeug.routing.converters import NumberConverter

from incubator import app as application
from incubator.edge.access import anybody
from incubator.edge.feature import Feature
from incubator.edge.pages import Pages
from incubator.edge.refusals import words_for
from incubator.edge.state import state_of
from incubator.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.routing import Rule

    from incubator.kernel.settings import Settings
    from incubator.network.accounts.models import Account
    from tests.factories import Make

PEOPLE = (
    "visitor",
    "guest",
    "alumni",
    "resident",
    "manager of another site",
    "manager",
    "administrator",
)


@pytest.fixture
def person(request: pytest.FixtureRequest, make: Make) -> Account | None:
    kind = request.param
    here, there = make.site(), make.site("Nantes")
    if kind == "visitor":
        return None
    site = there if kind == "manager of another site" else here
    role = "manager" if kind.startswith("manager") else kind
    return make.member(None if role == "administrator" else site, role=role)


def addresses(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """Every rule with its methods, its places filled with what does not exist."""
    for rule in app.url_map.iter_rules():
        filled: dict[str, Any] = {}
        for name in rule.arguments:
            whole = isinstance(rule._converters[name], NumberConverter)  # noqa: SLF001 - how werkzeug says it
            filled[name] = 1 if whole else "x"
        address = app.url_map.bind("localhost").build(rule.endpoint, filled)
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
            yield rule, method, address


@pytest.fixture
def closed(app: Flask) -> list[str]:
    """What the guard of a route says, in French."""
    codes = ("edge.sign_in", "edge.not_for_you")
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        return [str(escape(words_for(NotAllowed(code)))) for code in codes]


def refused(answer: Any, closed: list[str]) -> bool:
    """Whether the guard of the route turned the person away (not a finer rule behind it)."""
    if answer.status_code == 302:
        return "/connexion" in answer.location
    return answer.status_code == 403 and any(words in answer.text for words in closed)


# Walks prove little about lines: other tests must cover them.
@pytest.mark.no_cover
@pytest.mark.slow
@pytest.mark.parametrize("person", PEOPLE, indirect=True)
def test_every_address_opens_to_those_it_names_and_to_nobody_else(
    app: Flask,
    make: Make,
    person: Account | None,
    sign_in: Callable[[Account], FlaskClient],
    closed: list[str],
) -> None:
    actor = make.actor(person) if person else None
    access, wrong = state_of(app).access, []

    def enter() -> FlaskClient:
        return sign_in(person) if person else app.test_client()

    browser = enter()
    for rule, method, address in addresses(app):
        spoken = {"Accept-Language": "fr"}
        answer = browser.open(address, method=method, headers=spoken, buffered=True)
        allowed = access[rule.endpoint].allows(actor)
        if refused(answer, closed) is allowed or answer.status_code >= 500:
            wrong.append((method, address, access[rule.endpoint].name, answer.status_code))
        if allowed and method != "GET":
            # Some of these addresses sign people out.
            browser = enter()
    assert wrong == []


def test_the_walk_reaches_every_endpoint(app: Flask) -> None:
    walked = {rule.endpoint for rule, _, _ in addresses(app)}
    assert walked == set(app.view_functions) == set(state_of(app).access)


def naked() -> Feature:
    pages = Pages("naked", __name__)
    pages.blueprint.add_url_rule("/naked", "show", lambda: "anybody may read this")
    return Feature(name="naked", pages=pages)


def test_an_address_that_names_nobody_stops_the_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "FEATURES", (*application.FEATURES, naked()))
    with pytest.raises(RuntimeError, match=r"no access rule for naked\.show"):
        application.create_app(settings)


def test_a_route_cannot_be_written_without_saying_who() -> None:
    with pytest.raises(TypeError):
        Pages("x", __name__).get("/x")  # type: ignore[call-arg]
    assert anybody.allows(None)
