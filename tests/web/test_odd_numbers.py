"""Numbers that no database holds, wherever an address or a form takes one: refused, never a fault.

The names are read from the product: a new parameter or field is tried by itself.
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import html5lib
import pytest

from incubator import app as application
from incubator.edge.numbers import natural, whole
from tests.web.test_html import Network, enter, path, rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from xml.etree.ElementTree import Element

    from flask import Flask
    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from tests.factories import Make

    SignIn = Callable[[Account], FlaskClient]

HUGE = "99999999999999999999"
ODD = (HUGE, "-1")
# Who reads most pages, and who has most forms: both walks by both found nothing more.
READER, WRITER = "administrator", "asker"
ASKED = re.compile(r"""\.(?:get|getlist)\(\s*"([a-z_]+)\"""")
TYPED = "application/x-www-form-urlencoded"
KEYS = {"csrf_token", "once", "stamp"}


@pytest.fixture
def network(app: Flask, make: Make, frozen: object, monkeypatch: pytest.MonkeyPatch) -> Network:
    # A fault is an answer here, so that the walk goes on.
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    return Network(make)


def names_in(module: str) -> set[str]:
    """What a module takes from an address or a form by name."""
    return set(ASKED.findall(inspect.getsource(sys.modules[module])))


def everywhere() -> set[str]:
    found = [
        one for one in sys.modules if one.startswith(("incubator.blueprints", "incubator.edge"))
    ]
    return set().union(*map(names_in, found))


def queries(app: Flask, endpoint: str, shared: set[str]) -> Iterator[str]:
    """Each parameter of a page by itself, and all of the product at once."""
    view: Any = inspect.unwrap(app.view_functions[endpoint])
    for odd in ODD:
        yield urlencode(dict.fromkeys(sorted(shared), odd))
    for name in sorted(names_in(view.__module__)):
        yield urlencode({name: HUGE})


@pytest.mark.no_cover
@pytest.mark.slow
def test_no_parameter_of_an_address_makes_a_page_fail(
    app: Flask, network: Network, sign_in: SignIn
) -> None:
    browser, wrong, shared = enter(app, sign_in, network, READER), [], everywhere()
    assert {"question", "thread", "before", "skill"} <= shared
    for rule, endpoint in rules(app):
        for asked in queries(app, endpoint, shared):
            address = f"{path(rule, network)}?{asked}"
            if browser.get(address).status_code >= 500:
                wrong.append(address)
    assert "\n".join(map(str, wrong)) == ""


Sent = list[tuple[str, str]]


def fields_of(form: Element) -> Sent:
    """What a browser would send, every box ticked."""
    sent = []
    for field in form.iter():
        name = field.get("name") or ""
        if field.tag == "input" and field.get("type") != "file" and name:
            sent.append((name, field.get("value") or ""))
        elif field.tag == "textarea" and name:
            sent.append((name, field.text or ""))
        elif field.tag == "select" and name:
            chosen = [one.get("value") or "" for one in field.iter("option")]
            sent.append((name, chosen[-1] if chosen else ""))
    return sent


def forms(app: Flask, browser: FlaskClient, network: Network) -> dict[str, tuple[str, Sent]]:
    """Every form of every page that somebody reads, by where it leads and what it holds."""
    parser, found = html5lib.HTMLParser(namespaceHTMLElements=False), {}
    for rule, _endpoint in rules(app):
        here = path(rule, network)
        answer = browser.get(here)
        page = answer.text if answer.mimetype == "text/html" else ""
        for form in parser.parse(page).iter("form"):
            if (form.get("method") or "").lower() == "post":
                sent, action = fields_of(form), form.get("action") or here
                names = sorted({name for name, _ in sent})
                found[f"{re.sub(r'[0-9]+', 'N', action)} {names}"] = (action, sent)
    return found


def odd_ones(sent: Sent) -> Iterator[tuple[str, Sent]]:
    """The form with one field after another that holds too large a number."""
    for name in sorted({name for name, _ in sent} - KEYS):
        value = next(value for each, value in sent if each == name)
        odd = re.sub(r"[0-9]+", HUGE, value) if re.search(r"[0-9]", value) else HUGE
        yield name, [one for one in sent if one[0] != name] + [(name, odd)]


@pytest.mark.no_cover
@pytest.mark.slow
def test_no_field_of_a_form_makes_an_act_fail(
    app: Flask, network: Network, sign_in: SignIn
) -> None:
    browser, wrong = enter(app, sign_in, network, WRITER), []
    known = forms(app, browser, network)
    assert any("skills" in name for name in known)
    for action, sent in known.values():
        for name, odd in odd_ones(sent):
            answer = browser.post(action, data=urlencode(odd), content_type=TYPED)
            if answer.status_code >= 500:
                wrong.append((action, name))
            if "/login" in (answer.location or "") or "connexion" in (answer.location or ""):
                browser = enter(app, sign_in, network, WRITER)
    assert "\n".join(map(str, wrong)) == ""


def test_no_page_reads_a_number_past_its_one_home() -> None:
    past = re.compile(r"\b(?:type|coerce)=int\b|\bIntegerField\b|\.is(?:decimal|digit)\(")
    product = Path(application.__file__).parent
    pages = [one for part in ("blueprints", "edge") for one in (product / part).rglob("*.py")]
    assert [one.name for one in pages if past.search(one.read_text("utf-8"))] == ["numbers.py"]


def test_a_number_is_taken_up_to_what_both_databases_hold() -> None:
    assert whole(str(2**63 - 1)) == 2**63 - 1
    assert whole("-5") == -5
    for odd in (str(2**63), HUGE, "x", ""):
        with pytest.raises(ValueError, match=r"63 bits|invalid literal"):
            whole(odd)


def test_digits_alone_are_a_number_as_far_as_a_row_holds_it() -> None:
    assert [natural(one) for one in ("0", "12", 12, "9" * 18)] == [0, 12, 12, 10**18 - 1]
    # Python itself refuses to read a number of so many digits.
    odd = (None, "", "-1", "+1", " 1", "1.0", "1_0", "٣", "²", "9" * 19, "9" * 5_000)
    assert [natural(one) for one in odd] == [None] * len(odd)
    assert (natural("999", digits=3), natural("1000", digits=3)) == (999, None)
