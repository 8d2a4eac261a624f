"""What one chooses to let others know in the rooms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from incubator.network.members.audiences import audiences_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from tests.factories import Make

    SignIn = Callable[[Account], FlaskClient]

PAGE = "/discussions/mes-choix"


def test_one_hides_that_one_is_there_and_shows_what_one_read(make: Make, sign_in: SignIn) -> None:
    ada = make.member(make.site("Lyon"))
    browser = sign_in(ada)
    page = browser.get(PAGE).text
    assert re.search(r'<input[^>]*(checked[^>]*value="network"|value="network"[^>]*checked)', page)
    assert browser.post(PAGE, data={"online": "me", "reading": "y"}).status_code == 303
    assert audiences_of([ada.id])[ada.id].chosen == {"online": "me", "reading": "network"}
    assert browser.post(PAGE, data={"online": "network"}).status_code == 303
    assert audiences_of([ada.id]) == {}


def test_an_audience_that_does_not_exist_is_refused(make: Make, sign_in: SignIn) -> None:
    assert (
        sign_in(make.member(make.site("Lyon"))).post(PAGE, data={"online": "x"}).status_code == 422
    )


def test_a_guest_chooses_nothing_here(make: Make, sign_in: SignIn) -> None:
    assert sign_in(make.member(make.site("Lyon"), role="guest")).get(PAGE).status_code == 403
