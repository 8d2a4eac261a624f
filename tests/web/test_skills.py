"""The vocabulary and the search as a browser without JavaScript meets them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from incubator.kernel.db import db, transaction
from incubator.network.members import commands, proposals
from incubator.network.members.models import Skill
from tests import factories_help
from tests.factories_members import a_skill, offers

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make


@pytest.fixture
def boss(make: Make, sign_in: Any) -> Any:
    return sign_in(make.member(None, role="administrator"))


def test_the_tree_counts_who_uses_a_skill_and_shows_proposals(
    make: Make, sign_in: Any, boss: Any
) -> None:
    law = a_skill(make, "Droit")
    offers(make.member(make.site()), law)
    member = sign_in(make.member(make.site(), name="Awa Diop"))
    answer = member.post("/competences/proposer", data={"name": "Apiculture"})
    assert answer.status_code == 303
    assert "attend une décision" in member.get(answer.location).text
    page = boss.get("/reseau/competences").text
    for words in ("Droit", "1 la propose", "Apiculture", "par Awa Diop"):
        assert words in page, words


def test_a_skill_is_added_renamed_and_moved(make: Make, boss: Any) -> None:
    family = a_skill(make, "Images")
    typed = {"name_fr": "Photo", "name_en": "Photography", "parent": str(family.id),
             "synonyms_fr": "prise de vue\ncliché"}  # fmt: skip
    assert boss.post("/reseau/competences/nouvelle", data=typed).status_code == 303
    made = db.session.query(Skill).filter_by(name_fr="Photo").one()
    form = boss.get(f"/reseau/competences/{made.id}").text
    assert "cliché" in form
    assert "prise de vue" in form
    answer = boss.post(
        f"/network/skills/{made.id}", data={**typed, "name_fr": "Images", "parent": ""}
    )
    assert answer.status_code == 422
    assert 'id="name_fr-error"' in answer.text


def test_a_merge_is_shown_before_it_is_made(make: Make, boss: Any) -> None:
    gone, kept = a_skill(make, "Compta"), a_skill(make, "Comptabilité")
    offers(make.member(make.site()), gone)
    page = boss.get(f"/reseau/competences/{gone.id}/fusionner?into={kept.id}").text
    assert "1 membre qui la propose" in page
    for nothing in ("9" * 30, "²", str(gone.id)):
        page = boss.get(f"/reseau/competences/{gone.id}/fusionner?into={nothing}")
        assert (page.status_code, "qui la propose" in page.text) == (200, False)
    answer = boss.post(f"/reseau/competences/{gone.id}/fusionner", data={"into": str(kept.id)})
    assert answer.status_code == 303
    assert boss.get(f"/reseau/competences/{gone.id}").status_code == 404
    assert "Comptabilité" in boss.get("/annuaire?skill=compta").text


@pytest.mark.parametrize("path", ["", "/nouvelle", "/1", "/1/fusionner"])
def test_only_administrators_see_the_pages_of_the_vocabulary(
    make: Make, sign_in: Any, path: str
) -> None:
    for role in ("resident", "manager"):
        reader = sign_in(make.member(make.site(), role=role))
        assert reader.get(f"/reseau/competences{path}").status_code == 403


@pytest.mark.parametrize(
    ("act", "typed", "state"),
    [
        ("accepter", {"name_fr": "Apiculture", "name_en": "Beekeeping", "parent": ""}, "accepted"),
        ("rattacher", {"skill": "SKILL"}, "merged"),
        ("decliner", {"word": "Plus tard"}, "declined"),
    ],
)
def test_a_proposal_is_decided(
    make: Make, boss: Any, act: str, typed: dict[str, str], state: str
) -> None:
    skill, member = a_skill(make, "Abeilles"), make.actor(make.member(make.site()))
    with transaction():
        row = proposals.propose(member, name="Apiculture", now=make.now)
    path = f"/reseau/competences/propositions/{row.id}/{act}"
    assert "Apiculture" in boss.get(path).text
    data = {key: str(skill.id) if value == "SKILL" else value for key, value in typed.items()}
    assert boss.post(path, data=data).status_code == 303
    assert [each.state for each in proposals.own(member)] == [state]
    again = boss.post(path, data=data, follow_redirects=True)
    assert "Quelqu’un a tranché cette proposition" in again.text


def test_suggestions_are_choices_of_a_list(make: Make, sign_in: Any) -> None:
    a_skill(make, "Comptabilité")
    reader = sign_in(make.member(make.site()))
    text = reader.get("/competences/suggestions?q=compta").text
    assert 'role="option"' in text
    assert 'data-value="Comptabilité"' in text
    assert "proposer" in reader.get("/competences/suggestions?q=zzz").text
    guest = sign_in(make.member(make.site(), role="guest"))
    assert guest.get("/competences/suggestions?q=compta").status_code == 403


def test_a_typing_error_is_said_and_can_be_taken_back(make: Make, sign_in: Any) -> None:
    make.member(make.site(), name="Inès Belkacem")
    reader = sign_in(make.member(make.site()))
    page = reader.get("/annuaire?q=belkasem").text
    assert "Résultats pour «\u202fbelkacem\u202f»" in page
    assert "exact=1" in page
    assert "Personne" in reader.get("/annuaire?q=belkasem&exact=1").text


def test_an_extract_marks_what_was_found_and_escapes_the_rest(make: Make, sign_in: Any) -> None:
    account = make.member(make.site(), name="Awa")
    with transaction():
        commands.edit_profile(
            None, member_id=account.id, name="Awa", about="Je répare des `<b>orgues</b>` anciens"
        )
    page = sign_in(make.member(make.site())).get("/annuaire?q=orgue").text
    assert "&lt;b&gt;<mark>orgues</mark>&lt;/b&gt;" in page


def test_filters_live_in_the_address_and_can_be_dropped(make: Make, sign_in: Any) -> None:
    law = a_skill(make, "Droit")
    member = make.member(make.site("Lyon"), name="Inès")
    offers(member, law, wants=())
    with transaction():
        commands.edit_profile(None, member_id=member.id, name="Inès", languages=["wo"])
    reader = sign_in(make.member(make.site("Lille"), name="Lectrice"))
    page = reader.get("/annuaire?skill=Droit&speaks=wo&view=list&sort=newest").text
    assert "Inès" in page
    assert "pline" in page
    assert "Lectrice</a>" not in page
    for kept in ("skill=droit", "speaks=wo", "view=list", "sort=newest"):
        assert kept in page, kept
    assert "Inès</a>" not in reader.get("/annuaire?speaks=ar").text
    assert "Inès</a>" not in reader.get("/annuaire?mentor=1").text
    assert "Inès</a>" not in reader.get("/annuaire?here=1").text


def test_who_can_help_now_is_told_why(make: Make, sign_in: Any) -> None:
    site, law = make.site("Lyon"), a_skill(make, "Droit")
    helper, asker = make.member(site, name="Inès"), make.member(site, name="Awa")
    with transaction():
        commands.set_skills(None, member_id=helper.id, offered={law.id: 3})
    asked = factories_help.question(make, asker, law)
    factories_help.accept(make, asker, factories_help.answer(make, helper, asked))
    page = sign_in(asker).get("/annuaire?sort=now&skill=droit").text
    for words in ("son métier", "sur votre site", "aide confirmée"):
        assert words in page, words
    profile = sign_in(asker).get("/annuaire/ines").text
    assert "1 aide confirmée" in profile


def test_a_search_takes_as_many_statements_for_one_find_as_for_thirty(
    make: Make, sign_in: Any, count_queries: Any
) -> None:
    site, law = make.site(), a_skill(make, "Droit")
    browser = sign_in(make.member(site))
    paths = ("/annuaire?q=membre+droit", "/annuaire?sort=now&skill=droit", "/annuaire?skill=droit")
    seen: list[list[int]] = []
    for people in (1, 29):
        for number in range(people):
            offers(_member(make, site, f"Membre {people}{number}"), law)
        seen.append([])
        for path in paths:
            browser.get(path)
            with count_queries() as statements:
                assert browser.get(path).status_code == 200
            seen[-1].append(len(statements))
    assert seen[0] == seen[1]
    assert max(seen[0]) <= 22


def _member(make: Make, site: Any, name: str) -> Account:
    return make.member(site, name=name)
