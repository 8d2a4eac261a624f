"""What people may change of profiles and skills."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.kernel.db import db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.fulltext import words_among
from incubator.network.members import commands, queries, skills
from incubator.network.members.skill_models import MemberDocument
from tests.factories_members import a_firm, a_skill, offers

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make


def words_of(member: Account) -> set[str]:
    query = select(MemberDocument.tokens).where(MemberDocument.member_id == member.id)
    return {word for tokens in db.session.scalars(query) for word in words_among(tokens)}


def test_a_new_name_is_found_and_the_old_one_is_not(make: Make) -> None:
    account = make.member(make.site(), name="Élise Nguyen")
    me = make.actor(account)
    with transaction():
        member = commands.edit_profile(
            me, member_id=me.id, name="Élise Cœur", about="*ici*", languages=["fr", "vi"]
        )
    assert words_of(account) == {"elise", "coeur", "ici"}
    assert (member.about_html, member.speaks) == ("<p><em>ici</em></p>", "fr,vi")


def test_nobody_edits_the_profile_of_another(make: Make) -> None:
    site = make.site()
    one, other = make.member(site), make.member(site, role="manager")
    with pytest.raises(NotAllowed), transaction():
        commands.edit_profile(make.actor(other), member_id=one.id, name="X")
    with pytest.raises(NotAllowed), transaction():
        commands.set_skills(make.actor(other), member_id=one.id, offered={})
    with pytest.raises(NotFound), transaction():
        commands.edit_profile(None, member_id=999, name="X")


def test_what_is_offered_is_not_also_wanted(make: Make) -> None:
    account = make.member(make.site())
    one, other = a_skill(make, "Photo"), a_skill(make, "Droit")
    offers(account, one, wants=(one, other))
    offers(account, one, wants=(one, other))
    mine = queries.own_profile(make.actor(account)).skills
    assert [(each.skill_id, each.wanted) for each in mine] == [(one.id, False), (other.id, True)]


def test_a_skill_that_does_not_exist_is_refused(make: Make) -> None:
    account = make.member(make.site())
    with pytest.raises(Refusal, match="skill_unknown"), transaction():
        commands.set_skills(None, member_id=account.id, offered={999: 1})


def test_the_vocabulary_is_the_administrators(make: Make) -> None:
    boss, member = make.member(role="administrator"), make.member(make.site())
    with transaction():
        skills.add_skill(
            make.actor(boss), slug="compta", name_fr="Compta", name_en="Accounts",
            synonyms=[("fr", "Bilan"), ("fr", "bilan")],
        )  # fmt: skip
    for actor, kind in ((make.actor(member), NotAllowed), (make.actor(boss), Refusal)):
        with pytest.raises(kind), transaction():
            skills.add_skill(actor, slug="compta", name_fr="Compta", name_en="Accounts")


def test_a_title_is_its_holders_own(make: Make) -> None:
    site = make.site()
    founder = make.member(site)
    a_firm(make, founder)
    role = queries.roles_of(founder.id, make.now.date())[0]
    for title in ("Directrice", "Directrice"):
        with transaction():
            commands.set_role_title(make.actor(founder), role_id=role.id, title=title)
    assert queries.roles_of(founder.id, make.now.date())[0].title == "Directrice"
    other = make.actor(make.member(site))
    with pytest.raises(NotAllowed), transaction():
        commands.set_role_title(other, role_id=role.id, title="X")
    with pytest.raises(NotFound), transaction():
        commands.set_role_title(None, role_id=999, title="X")


def test_three_of_one_name_have_three_addresses(make: Make) -> None:
    site = make.site()
    slugs = [make.actor(make.member(site, name="Léo Roy")).slug for _ in range(3)]
    assert slugs == ["leo-roy", "leo-roy-2", "leo-roy-3"]
