"""What a card of the directory lets its reader do, without JavaScript."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from incubator.kernel.db import transaction
from incubator.network.members import queries, whereabouts
from incubator.network.members.audiences import set_audiences
from tests.factories_members import a_skill, offers

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make


@pytest.fixture
def ines(make: Make) -> Account:
    """A member who offers one skill."""
    account = make.member(make.site("Lyon"), name="Inès Belkacem")
    offers(account, a_skill(make, "Droit des contrats"))
    return account


def acts_of(page: str, name: str) -> str:
    """The menu of one card: what stands between its summary and its end."""
    return page.split(f"Agir\u00a0: {name}")[1].split("</details>", maxsplit=1)[0]


def test_a_card_acts(make: Make, sign_in: Any, ines: Account) -> None:
    """Write, ask, take the card, copy the address; nobody writes to themselves."""
    reader = make.member(make.site("Dakar"), name="Ada Reader")
    browser = sign_in(reader)
    for view in ("", "?view=list"):
        page = browser.get(f"/annuaire{view}").text
        theirs, own = acts_of(page, "Inès Belkacem"), acts_of(page, "Ada Reader")
        for address in (
            "/discussions/avec/ines-belkacem",
            "/entraide/demander?skill=droit-des-contrats&amp;to=ines-belkacem",
            "/annuaire/ines-belkacem/carte.vcf",
            "/annuaire/ines-belkacem#address",
        ):
            assert f'href="{address}"' in theirs, address
            assert browser.get(address.split("#")[0].replace("&amp;", "&")).status_code == 200
        assert "/discussions/avec/" not in own
        assert "/entraide/demander" not in own
        assert "/annuaire/ada-reader/carte.vcf" in own


def test_the_skill_asked_for_is_the_one_that_answers_the_reader(
    make: Make, sign_in: Any, ines: Account
) -> None:
    photo = a_skill(make, "Photo de produit")
    law = queries.own_profile(make.actor(ines)).skills[0].skill
    offers(ines, law, photo)
    reader = make.member(make.site("Dakar"))
    offers(reader, wants=(photo,))
    page = sign_in(reader).get("/annuaire").text
    assert "skill=photo-de-produit&amp;to=ines-belkacem" in acts_of(page, "Inès Belkacem")


def test_a_question_to_somebody_begins_with_their_name(
    make: Make, sign_in: Any, ines: Account
) -> None:
    browser = sign_in(make.member(make.site("Dakar")))
    page = browser.get("/entraide/demander?skill=droit-des-contrats&to=ines-belkacem").text
    assert re.search(r"<textarea[^>]*>\s*@ines-belkacem ", page)
    assert not re.search(r"<textarea[^>]*>\s*@", browser.get("/entraide/demander?to=a%20b<").text)


@pytest.mark.parametrize(("audience", "shown"), [("network", True), ("managers", False)])
def test_a_card_leads_to_the_days_on_site_of_who_lets_the_reader_know(
    make: Make, sign_in: Any, ines: Account, audience: str, shown: bool
) -> None:
    me = make.actor(ines)
    with transaction():
        whereabouts.choose(me, usual=[0, 3], awaited=False)
        set_audiences(me, member_id=ines.id, chosen={"presence": audience})
    page = sign_in(make.member(make.site("Dakar"))).get("/annuaire").text
    assert ("/annuaire/ines-belkacem#presence" in page) is shown


def test_nothing_leads_to_writing_to_a_guest(make: Make, sign_in: Any, ines: Account) -> None:
    """Neither the card nor the profile: guests do not read conversations."""
    make.member(make.site("Lille"), role="guest", name="Olga Kowalska")
    browser = sign_in(make.member(make.site("Dakar")))
    card = acts_of(browser.get("/annuaire").text, "Olga Kowalska")
    assert "/annuaire/olga-kowalska/carte.vcf" in card
    for text in (card, browser.get("/annuaire/olga-kowalska").text):
        assert "/discussions/avec/" not in text
    assert "/discussions/avec/" in browser.get("/annuaire/ines-belkacem").text


def test_the_mark_of_an_answer_is_explained_where_a_card_bears_it(
    make: Make, sign_in: Any, ines: Account
) -> None:
    law = queries.own_profile(make.actor(ines)).skills[0].skill
    reader = make.member(make.site("Dakar"), name="Ada Reader")
    offers(reader, wants=(law,))
    browser, words = sign_in(reader), "répond à ce que vous cherchez"
    assert words in browser.get("/annuaire").text
    for address in ("/annuaire?view=list", "/annuaire?q=ada", "/annuaire?q=zzzzqqq"):
        assert words not in browser.get(address).text, address
