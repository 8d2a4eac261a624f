"""The vocabulary is kept without anybody choosing again; members propose, administrators decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from incubator.domain.help import follows, resolving
from incubator.domain.help.learning import measuring
from incubator.domain.help.models import QuestionSkill
from incubator.kernel.db import Base, db, transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.keyset import Cursor
from incubator.network.members import (
    commands,
    directory,
    firm_list,
    firms,
    proofs,
    proposals,
    skill_uses,
    skills,
)
from incubator.network.members.firm_models import FirmSkill
from incubator.network.members.models import MemberSkill
from incubator.network.members.suggesting import suggested
from incubator.network.members.vocabulary import vocabulary
from tests import factories_deals as deals
from tests import factories_help
from tests import factories_listings as listings
from tests import factories_rings as rings
from tests.factories_members import a_firm, a_skill, offers
from tests.factories_slots import a_series

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from incubator.network.members.firm_models import Firm
    from incubator.network.members.models import Skill
    from tests.factories import Make


@pytest.fixture
def boss(make: Make) -> Account:
    return make.member(None, role="administrator")


def found(make: Make, text: str = "", **more: object) -> list[str]:
    reader = make.actor(make.member(make.site("Ailleurs")))
    filters = directory.Filters(text=text, **more)  # type: ignore[arg-type]
    page = directory.members_page(filters, Cursor(), make.now.date(), reader=reader)
    return [card.name for card in page.rows]


def words(skill: Skill, **more: object) -> skills.Words:
    told: dict[str, object] = {"name_fr": skill.name_fr, "name_en": skill.name_en, "synonyms": {}}
    return skills.Words(**(told | more))  # type: ignore[arg-type]


def test_a_new_synonym_finds_whoever_offers_the_skill_already(make: Make, boss: Account) -> None:
    sewing = a_skill(make, "Couture")
    offers(make.member(make.site(), name="Awa"), sewing)
    assert found(make, "confection") == []
    with transaction():
        skills.edit_skill(
            make.actor(boss), skill_id=sewing.id, parent_id=None,
            words=words(sewing, synonyms={"fr": ["confection"], "en": ["tailoring"]}),
        )  # fmt: skip
    assert found(make, "confections") == ["Awa"]
    assert found(make, "tailoring") == ["Awa"]


def test_a_skill_moved_into_a_family_is_found_by_the_family(make: Make, boss: Account) -> None:
    family, photo = a_skill(make, "Images"), a_skill(make, "Photo")
    offers(make.member(make.site(), name="Maude"), photo)
    assert found(make, "images") == []
    with transaction():
        skills.edit_skill(
            make.actor(boss), skill_id=photo.id, words=words(photo), parent_id=family.id
        )
    assert found(make, "images") == ["Maude"]


def test_a_skill_cannot_belong_to_itself(make: Make, boss: Account) -> None:
    family = a_skill(make, "Images")
    photo = a_skill(make, "Photo", family)
    for parent in (family, photo):
        with pytest.raises(Refusal, match=r"members.skill_cycle"), transaction():
            skills.edit_skill(
                make.actor(boss), skill_id=family.id, words=words(family), parent_id=parent.id
            )


def test_only_administrators_keep_the_vocabulary(make: Make) -> None:
    photo, other = a_skill(make, "Photo"), a_skill(make, "Droit")
    for role in ("resident", "manager"):
        actor = make.actor(make.member(make.site(), role=role))
        with pytest.raises(NotAllowed), transaction():
            skills.edit_skill(actor, skill_id=photo.id, words=words(photo), parent_id=None)
        with pytest.raises(NotAllowed), transaction():
            skills.merge_skills(actor, gone_id=photo.id, kept_id=other.id)


@pytest.fixture
def pair(make: Make) -> tuple[Skill, Skill, Skill]:
    """Two terms that mean the same, and one below the first."""
    gone, kept = a_skill(make, "Compta"), a_skill(make, "Comptabilité")
    return gone, kept, a_skill(make, "Paie", gone)


def test_members_follow_a_merge(
    make: Make, boss: Account, pair: tuple[Skill, Skill, Skill]
) -> None:
    """Offers, wants, and who has both: nobody is lost, the better level stays."""
    gone, kept, _below = pair
    one, both, seeker = (make.member(make.site(), name=name) for name in ("Un", "Deux", "Trois"))
    offers(one, gone)
    with transaction():
        commands.set_skills(None, member_id=both.id, offered={gone.id: 3, kept.id: 1})
    offers(seeker, wants=(gone,))
    by = make.actor(boss)
    told = skills.preview_merge(by, gone_id=gone.id, kept_id=kept.id)
    assert (told.offering, told.wanting, told.both, told.below) == (2, 1, 1, 1)
    with transaction():
        skills.merge_skills(by, gone_id=gone.id, kept_id=kept.id)
    uses = db.session.execute(
        select(MemberSkill.member_id, MemberSkill.skill_id, MemberSkill.wanted, MemberSkill.level)
    ).all()
    assert {tuple(use) for use in uses} == {
        (one.id, kept.id, False, 2), (both.id, kept.id, False, 3), (seeker.id, kept.id, True, 2),
    }  # fmt: skip
    assert skill_uses.uses()[0] == {kept.id: 2}
    known = vocabulary("fr")
    assert sorted(found(make, "compta")) == ["Deux", "Un"]
    assert sorted(found(make, skill_ids=known.with_merged(known.terms[kept.id]))) == ["Deux", "Un"]


def firm_says(firm: Firm) -> list[tuple[int, bool]]:
    """What a firm offers and looks for (True), the first first."""
    query = select(FirmSkill.skill_id, FirmSkill.wanted).where(FirmSkill.firm_id == firm.id)
    return [tuple(row) for row in db.session.execute(query.order_by(FirmSkill.position))]


def test_firms_follow_a_merge_and_say_a_thing_once(
    make: Make, boss: Account, pair: tuple[Skill, Skill, Skill]
) -> None:
    """Offering counts over looking for it, and of two places the better one."""
    gone, kept, other = pair
    founder, by = make.member(make.site()), make.actor(boss)
    plain = a_firm(make, founder, "Rive", offers=[gone.id], needs=[other.id])
    twice = a_firm(make, founder, "Zinc", offers=[gone.id, other.id, kept.id])
    torn = a_firm(make, founder, "Lin", offers=[other.id, kept.id], needs=[gone.id])
    told = skills.preview_merge(by, gone_id=gone.id, kept_id=kept.id)
    assert told.firms == 3
    with transaction():
        skills.merge_skills(by, gone_id=gone.id, kept_id=kept.id)
    assert firm_says(plain) == [(kept.id, False), (other.id, True)]
    assert firm_says(twice) == [(kept.id, False), (other.id, False)]
    assert firm_says(torn) == [(other.id, False), (kept.id, False)]
    assert skill_uses.uses_by_firms() == {kept.id: 3, other.id: 3}
    filters = firm_list.Filters(skill_ids=(kept.id,))
    assert len(firm_list.firms_page(filters, Cursor()).rows) == 3


def test_what_was_chosen_before_a_merge_counts_as_what_it_became(
    make: Make, boss: Account, pair: tuple[Skill, Skill, Skill]
) -> None:
    """A form that was open meanwhile is not refused, and names no term that is gone."""
    gone, kept, other = pair
    member = make.member(make.site())
    firm = a_firm(make, member)
    with transaction():
        skills.merge_skills(make.actor(boss), gone_id=gone.id, kept_id=kept.id)
    offers(member, gone, wants=(other,))
    with transaction():
        firms.write_skills(firm.id, [gone.id], [other.id, kept.id])
    asked = factories_help.question(make, member, gone, kept)
    uses = select(MemberSkill.skill_id).order_by(MemberSkill.position)
    assert list(db.session.scalars(uses)) == [kept.id, other.id]
    assert firm_says(firm) == [(kept.id, False), (other.id, True)]
    named = select(QuestionSkill.skill_id).where(QuestionSkill.question_id == asked.id)
    assert list(db.session.scalars(named)) == [kept.id]


def test_the_better_level_stays_of_two_that_became_one(
    make: Make, boss: Account, pair: tuple[Skill, Skill, Skill]
) -> None:
    gone, kept, _below = pair
    member = make.member(make.site())
    with transaction():
        skills.merge_skills(make.actor(boss), gone_id=gone.id, kept_id=kept.id)
        commands.set_skills(
            None, member_id=member.id, offered={gone.id: 3, kept.id: 1}, ways={gone.id: ["by_chat"]}
        )
    use = db.session.scalars(select(MemberSkill)).one()
    assert (use.skill_id, use.level, use.by_chat) == (kept.id, 3, True)


@pytest.mark.parametrize("name", ["name_fr", "name_en"])
def test_two_terms_never_share_a_name(make: Make, boss: Account, name: str) -> None:
    a_skill(make, "Couture")
    names = {"name_fr": "Retouche", "name_en": "Alterations"} | {name: "couture"}
    with pytest.raises(Refusal, match="skill_taken") as refused, transaction():
        skills.add_skill(make.actor(boss), slug="retouche", **names)
    assert refused.value.field == name


TERM_COLUMNS = [
    column
    for table in Base.metadata.tables.values()
    for column in table.columns
    if any(key.target_fullname == "members_skill.id" for key in column.foreign_keys)
]


def naming(skill_id: int) -> set[str]:
    """The columns of the schema that name a term."""
    rows = {str(each): select(each).where(each == skill_id).limit(1) for each in TERM_COLUMNS}
    return {name for name, query in rows.items() if db.session.scalar(query)}


def exchanged(make: Make, skill: Skill) -> None:
    """A listing, a deal and a ring that name a term."""
    listings.of(make, listings.trader(make), skill)
    one, other = deals.house(make, "Fil"), deals.house(make, "Laine")
    legs = (
        deals.gives(one, other, deals.POSTER, skill_id=skill.id),
        deals.gives(other, one, deals.BUFFET),
    )
    deals.proposed(make, one, other, deals.swap(one, other, *legs))
    rings.suggested(make, rings.ringed(make, 2, skills=[skill]))


def test_nothing_names_a_term_that_is_gone_but_what_leads_on(make: Make, boss: Account) -> None:
    """Every column that can name a term does so before the merge: a new one must be thought of."""
    older, gone, kept = (a_skill(make, name) for name in ("Livres", "Compta", "Comptabilité"))
    a_skill(make, "Paie", gone)
    asker, helper, by = make.member(make.site()), make.member(make.site()), make.actor(boss)
    a_series(make, boss, make.site(), skill_id=gone.id)
    offers(helper, gone)
    a_firm(make, helper, offers=[gone.id])
    with transaction():
        follows.follow_skill(make.actor(helper), gone.id, now=make.now)
    asked = factories_help.question(make, asker, gone)
    factories_help.accept(make, asker, factories_help.answer(make, helper, asked))
    exchanged(make, gone)
    with transaction():
        skills.merge_skills(by, gone_id=older.id, kept_id=gone.id)
        row = proposals.propose(make.actor(asker), name="Bilan", now=make.now)
        proposals.join(by, row.id, skill_id=gone.id, now=make.now)
        measuring.measure(make.now.date().replace(day=1), now=make.now)
    before = naming(gone.id)
    with transaction():
        skills.merge_skills(by, gone_id=gone.id, kept_id=kept.id)
    assert naming(gone.id) == {"members_skill_merge.gone_id"}
    assert naming(kept.id) == before
    assert before | naming(gone.id) == {str(each) for each in TERM_COLUMNS}


def test_questions_and_proof_follow_a_merge(
    make: Make, boss: Account, pair: tuple[Skill, Skill, Skill]
) -> None:
    gone, kept, _below = pair
    asker, helper = make.member(make.site()), make.member(make.site())
    asked = factories_help.question(make, asker, gone, kept)
    factories_help.accept(make, asker, factories_help.answer(make, helper, asked))
    with transaction():
        skills.merge_skills(make.actor(boss), gone_id=gone.id, kept_id=kept.id)
    query = select(QuestionSkill.skill_id).where(QuestionSkill.question_id == asked.id)
    assert db.session.scalars(query).all() == [kept.id]
    assert {key: row.times for key, row in proofs.proofs_of(helper.id).items()} == {kept.id: 1}


def test_old_addresses_and_what_is_below_follow_a_merge(
    make: Make, boss: Account, pair: tuple[Skill, Skill, Skill]
) -> None:
    gone, kept, below = pair
    by = make.actor(boss)
    with transaction():
        skills.merge_skills(by, gone_id=gone.id, kept_id=kept.id)
    known = vocabulary("fr")
    assert gone.id not in known.terms
    assert known.with_slug("compta") == known.terms[kept.id]
    assert known.terms[below.id].parent_id == kept.id
    with pytest.raises(NotFound), transaction():
        skills.merge_skills(by, gone_id=gone.id, kept_id=kept.id)


def test_a_family_is_not_merged_into_what_belongs_to_it(make: Make, boss: Account) -> None:
    family = a_skill(make, "Images")
    photo = a_skill(make, "Photo", family)
    by = make.actor(boss)
    for gone, kept, code in (
        (family, photo, r"members.merge_below"),
        (photo, photo, r"members.merge_itself"),
    ):
        with pytest.raises(Refusal, match=code), transaction():
            skills.merge_skills(by, gone_id=gone.id, kept_id=kept.id)


def test_suggestions_follow_what_is_typed(make: Make) -> None:
    a_skill(make, "Photo")
    with transaction():
        skills.add_skill(None, slug="c", name_fr="Comptabilité", name_en="Accounting",
                           synonyms=[("fr", "compta")])  # fmt: skip
    for typed in ("c", "compta", "acc", "comptabilte", "ACCOUNTING"):
        assert [term.name for term in suggested(typed, "fr")] == ["Comptabilité"], typed
    assert suggested("zz", "fr") == []
    assert suggested(" ", "fr") == []


def test_a_proposal_waits_once_and_becomes_a_term(make: Make, boss: Account) -> None:
    member, other = (make.actor(make.member(make.site())) for _ in range(2))
    with transaction():
        row = proposals.propose(member, name="Apiculture", now=make.now)
        again = proposals.propose(other, name="apiculture ", now=make.now)
    assert again.id == row.id
    assert proposals.count_waiting(make.actor(boss)) == 1
    assert proposals.count_waiting(member) == 0
    with transaction():
        proposals.accept(make.actor(boss), row.id, name_fr="Apiculture", name_en="Beekeeping",
                         parent_id=None, now=make.now)  # fmt: skip
    assert [term.name for term in suggested("beekeeping", "fr")] == ["Apiculture"]
    assert [each.state for each in proposals.own(member)] == ["accepted"]
    with pytest.raises(Refusal, match=r"members.skill_known"), transaction():
        proposals.propose(other, name="Beekeeping", now=make.now)
    with pytest.raises(Refusal, match=r"members.proposal_decided"), transaction():
        proposals.decline(make.actor(boss), row.id, word="Non", now=make.now)


def test_a_proposal_may_be_another_word_or_be_declined_with_a_reason(
    make: Make, boss: Account
) -> None:
    wood = a_skill(make, "Menuiserie")
    offers(make.member(make.site(), name="Théo"), wood)
    member, by = make.actor(make.member(make.site())), make.actor(boss)
    with transaction():
        one = proposals.propose(member, name="Charpente", now=make.now)
        other = proposals.propose(member, name="Sieste", now=make.now)
        proposals.join(by, one.id, skill_id=wood.id, now=make.now)
    assert found(make, "charpentes") == ["Théo"]
    with pytest.raises(Refusal, match=r"members.empty"), transaction():
        proposals.decline(by, other.id, word=" ", now=make.now)
    with transaction():
        proposals.decline(by, other.id, word="Plus tard", now=make.now)
    assert [(each.state, each.word) for each in proposals.own(member)] == [
        ("declined", "Plus tard"),
        ("merged", ""),
    ]


def test_guests_propose_nothing_and_members_not_too_much(make: Make) -> None:
    guest = make.actor(make.member(make.site(), role="guest"))
    with pytest.raises(NotAllowed), transaction():
        proposals.propose(guest, name="Apiculture", now=make.now)
    member = make.actor(make.member(make.site()))
    with transaction():
        for number in range(proposals.MOST_OPEN):
            proposals.propose(member, name=f"Chose {number}", now=make.now)
    with pytest.raises(Refusal, match=r"members.too_many_proposals"), transaction():
        proposals.propose(member, name="Encore", now=make.now)


def test_accepted_help_is_proof_and_what_is_taken_back_is_none(make: Make) -> None:
    site, skill = make.site(), a_skill(make, "Droit")
    asker, helper, other = (make.member(site) for _ in range(3))
    asked = factories_help.question(make, asker, skill)
    first = factories_help.answer(make, helper, asked)
    second = factories_help.answer(make, other, asked)
    factories_help.accept(make, asker, first)
    assert {key: row.times for key, row in proofs.proofs_of(helper.id).items()} == {skill.id: 1}
    factories_help.accept(make, asker, second)
    assert {key: row.times for key, row in proofs.proofs_of(helper.id).items()} == {skill.id: 1}
    assert proofs.proofs_of(other.id)[skill.id].last_at == make.now
    with transaction():
        resolving.unaccept(make.actor(asker), second.id)
    assert proofs.proofs_of(other.id) == {}
    assert proofs.proofs_of(helper.id)
    with transaction():
        resolving.reopen(make.actor(asker), asked.id)
    assert proofs.proofs_of(helper.id) == {}


def test_answering_oneself_proves_nothing(make: Make) -> None:
    member, skill = make.member(make.site()), a_skill(make, "Droit")
    asked = factories_help.question(make, member, skill)
    factories_help.accept(make, member, factories_help.answer(make, member, asked))
    assert proofs.proofs_of(member.id) == {}


def test_a_name_is_free_again_once_its_term_was_merged(make: Make, boss: Account) -> None:
    gone, kept = a_skill(make, "Compta"), a_skill(make, "Comptabilité")
    with pytest.raises(Refusal, match=r"members\.skill_taken"):
        a_skill(make, "COMPTÀ")
    with transaction():
        skills.merge_skills(make.actor(boss), gone_id=gone.id, kept_id=kept.id)
        skills.add_skill(None, slug="compta-2", name_fr="Comptà", name_en="Compta")
    assert vocabulary("fr").named("compta") is not None
