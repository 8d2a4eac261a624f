"""Practice sheets: who makes them, who reads them, what an edit keeps, how they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incubator.domain.help import commands, resolving, search, similar
from incubator.domain.help.learning import sheets
from incubator.domain.help.learning.models import Sheet, SheetRevision
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Conflict, NotAllowed, NotFound, Refusal
from incubator.kernel.keyset import Cursor
from tests import factories_help as h
from tests.factories_counting import Helping, helping
from tests.rivals import DONE, Rivals, rested

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make

TITLE = "Relancer sans fâcher"
BODY = "1. Appeler\n2. Écrire un **échéancier**"


@pytest.fixture
def case(make: Make) -> Helping:
    made = helping(make)
    made.accept()
    return made


def made(case: Helping, who: Account, title: str = TITLE, body: str = BODY) -> Sheet:
    with transaction():
        actor = case.make.actor(who)
        return sheets.make(actor, case.asked.id, title=title, body=body, now=case.make.now)


def edited(case: Helping, who: Account, body: str, revision: int) -> Sheet:
    with transaction():
        return sheets.edit(
            case.make.actor(who),
            case.asked.id,
            title=TITLE,
            body=body,
            revision=revision,
            now=case.make.now,
        )


def found(case: Helping, who: Account, words: str) -> list[int]:
    filters = search.Filters(view=search.SHEETS, text=words)
    page = search.find(case.make.actor(who), filters, Cursor()).page
    return [thread.question.id for thread in page.rows]


def test_the_text_begins_with_the_question_and_what_solved_it(case: Helping) -> None:
    text = sheets.proposed(case.asked)
    assert text.startswith("## La question\n\nTrois factures")
    assert "## Ce qui a marché\n\nAppelez-le" in text


def test_asker_answerer_and_manager_write_it_and_nobody_else(case: Helping) -> None:
    boss = case.make.member(case.site, role="manager")
    with pytest.raises(NotAllowed, match="sheet_not_yours"):
        made(case, case.make.member(case.site))
    made(case, case.helper)
    for number, who in enumerate((case.asker, case.helper, boss)):
        edited(case, who, f"{BODY} {number}", number)
    assert db.session.query(SheetRevision).count() == 3


def test_an_open_question_has_no_sheet(make: Make) -> None:
    case = helping(make)
    with pytest.raises(Refusal, match="sheet_unsolved"):
        made(case, case.asker)


def test_making_it_twice_makes_one_and_another_text_is_told(case: Helping) -> None:
    first = made(case, case.helper)
    assert made(case, case.helper).id == first.id
    with pytest.raises(Refusal, match="sheet_exists"):
        made(case, case.asker, body="Autre texte")


def test_edits_keep_the_text_before_and_two_windows_lose_none(case: Helping) -> None:
    made(case, case.asker)
    edited(case, case.asker, "Deuxième texte", 0)
    with pytest.raises(Conflict, match="edited_meanwhile"):
        edited(case, case.helper, "Troisième texte", 0)
    edited(case, case.helper, "Deuxième texte", 0)
    (before,) = sheets.history_of(db.session.query(Sheet).one())
    assert (before.number, before.body_md) == (1, BODY)


def test_a_sheet_is_read_by_whoever_reads_its_thread(make: Make) -> None:
    lyon = make.site("Lyon")
    asker, near, far = make.member(lyon), make.member(lyon), make.member(make.site("Lille"))
    asked = h.question(make, asker, audience="site")
    h.accept(make, asker, h.answer(make, near, asked))
    with transaction():
        sheets.make(make.actor(asker), asked.id, title=TITLE, body=BODY, now=make.now)
    assert sheets.visible_to(make.actor(near), asked.id)[1].title == TITLE
    with pytest.raises(NotFound):
        sheets.visible_to(make.actor(far), asked.id)


def test_what_is_withdrawn_or_of_a_removed_thread_is_gone(case: Helping) -> None:
    made(case, case.asker)
    with transaction():
        sheets.withdraw(case.make.actor(case.asker), case.asked.id, now=case.make.now)
    with pytest.raises(NotFound):
        sheets.visible_to(case.make.actor(case.asker), case.asked.id)
    assert found(case, case.asker, "échéancier") == []
    made(case, case.helper, body="Un **échéancier** encore")
    assert found(case, case.asker, "échéancier") == [case.asked.id]
    boss = case.make.actor(case.make.member(case.site, role="manager"))
    with transaction():
        commands.remove_question(boss, case.asked.id, reason="", now=case.make.now)
    with pytest.raises(NotFound):
        sheets.visible_to(boss, case.asked.id)
    assert found(case, case.asker, "échéancier") == []


def test_sheets_are_found_by_their_own_words_and_while_asking(case: Helping) -> None:
    plain = h.question(case.make, case.asker)
    made(case, case.asker)
    assert found(case, case.helper, "fâcher") == [case.asked.id]
    assert found(case, case.helper, "") == [case.asked.id]
    near = similar.similar(case.make.actor(case.helper), plain.title)
    assert {one.id: one.sheet for one in near} == {case.asked.id: TITLE, plain.id: ""}


def test_a_thread_reopened_keeps_its_sheet(case: Helping) -> None:
    made(case, case.asker)
    with transaction():
        resolving.reopen(case.make.actor(case.asker), case.asked.id)
    assert sheets.visible_to(case.make.actor(case.helper), case.asked.id)[1].title == TITLE


def test_rivals_make_one_sheet(rivals: Rivals) -> None:
    with rivals.inside():
        case = helping(rivals.make)
        case.accept()
        rested(case.asker, case.helper, case.given, case.asked)
    acts = [lambda who=who: made(case, who) for who in (case.asker, case.helper) * 3]
    assert rivals.at_once(acts) == {DONE: 3, "help.sheet_exists": 3}
    with rivals.inside():
        assert db.session.query(Sheet).count() == 1
