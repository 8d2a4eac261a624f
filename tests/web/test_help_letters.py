"""What was chosen and stopped about letters before all of them had one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from incubator.domain.help.stop_links import KINDS, Stop
from tests.factories_letters import refused

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from incubator.kernel.settings import Settings
    from tests.factories import Make

SignIn = Any


@pytest.mark.parametrize(
    ("path", "leads"),
    [("/entraide/lettres", "/moi/lettres"), ("/help/letters", "/me/letters")],
)
def test_the_old_page_of_letters_leads_to_the_one_of_all(
    make: Make, sign_in: SignIn, path: str, leads: str
) -> None:
    language = "en" if leads.startswith("/me") else "fr"
    answer = sign_in(make.member(make.site(), language=language)).get(path)
    assert (answer.status_code, answer.location) == (301, leads)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_link_of_an_old_letter_stops_its_kind_alone_and_only_when_pressed(
    make: Make, client: FlaskClient, settings: Settings, kind: str
) -> None:
    leo = make.member(make.site())
    path = f"/entraide/ne-plus-ecrire/{Stop(leo.id, kind, 0).token(settings.secret_key)}"
    assert client.get(path).status_code == 200
    assert refused(leo) == set()
    assert client.post(path).status_code == 200
    assert refused(leo) == {KINDS[kind]}
