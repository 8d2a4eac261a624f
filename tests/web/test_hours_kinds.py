"""The page of a kind of hours: what another share or cap would do is seen before it is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from incubator.domain.commitments.correction_models import HoursLook
from incubator.domain.commitments.models import Contribution, Kind
from incubator.kernel.db import db
from incubator.kernel.jobs import run_due
from tests.factories_commitments import confirmed, pledged

pytestmark = pytest.mark.usefixtures("frozen")
ADDRESS = "/heures/regles/activites/help_thread"
FIRST = datetime(2026, 11, 1, 9, tzinfo=UTC)


@pytest.fixture
def boss(make, frozen):
    """Who changes kinds, once Inès has helped Paul for three hours."""
    make.now = FIRST
    lyon, made = make.site(), make.member(role="administrator")
    ines, paul = make.member(lyon, name="Inès Belkacem"), make.member(lyon, name="Paul Roche")
    make.now = frozen
    pledged(make, ines, made, valid_from=FIRST.date())
    confirmed(make, ines, paul, receiver=paul)
    return made


def typed(**more: str) -> dict[str, str]:
    data = {"name_fr": "Entraide", "name_en": "Mutual help", "counts_pct": "50", "cap": "1 h"}
    return data | {"online_ok": "1", "active": "1"} | more


def test_a_kind_counts_otherwise_at_once_in_the_open_month(sign_in, boss) -> None:
    browser = sign_in(boss)
    assert browser.get(ADDRESS).status_code == 200
    assert browser.post(ADDRESS, data=typed()).status_code == 303
    kind = db.session.get_one(Kind, "help_thread")
    assert (kind.counts_pct, kind.cap_minutes_period) == (50, 60)
    run_due()
    assert db.session.scalars(select(Contribution.counted)).one() == 60


def test_what_a_kind_would_do_is_seen_first_and_the_look_is_told(sign_in, boss) -> None:
    browser = sign_in(boss)
    page = browser.post(ADDRESS, data=typed(preview="1"))
    assert page.status_code == 200
    told = page.text.replace("\u00a0", " ")
    assert "sur 1 comptes, 0 reporteraient plus, 1 moins" in told
    assert "Inès Belkacem" in told
    assert 'value="50"' in told
    assert db.session.get_one(Kind, "help_thread").counts_pct == 100
    assert db.session.scalars(select(HoursLook.page)).all() == ["preview"]


@pytest.mark.parametrize("wrong", [{"counts_pct": "101"}, {"cap": "beaucoup"}, {"name_fr": " "}])
def test_a_kind_that_cannot_be_is_said_beside_its_field(sign_in, boss, wrong) -> None:
    for press in ({}, {"preview": "1"}):
        answer = sign_in(boss).post(ADDRESS, data=typed(**wrong, **press))
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
