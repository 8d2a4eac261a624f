"""Finding documents: by words and their stems, as they are today, for whom they are meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, func, select

from incubator.domain.documents import commands, policy, searching
from incubator.domain.documents.commands import Cover
from incubator.domain.documents.models import Document, DocumentTokens
from incubator.kernel.db import db, transaction
from tests.factories_notices import a_document, a_file

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from tests.factories import Make


def found(make: Make, reader: Account, text: str, most: int = 30) -> set[str]:
    return {each.title for each in searching.find(make.actor(reader), text, most)}


def test_a_search_and_the_rule_agree_on_who_reads(make: Make) -> None:
    lyon, dakar = make.site(), make.site("Dakar")
    sophie, chief = make.member(lyon, role="manager"), make.member(role="administrator")
    kept = [a_document(make, sophie, lyon, title=f"Bail {n}", audience=n) for n in policy.AUDIENCES]
    kept += [
        a_document(make, chief, None, title=f"Bail commun {n}", audience=n)
        for n in ("network", "managers")
    ]
    people = [make.member(site, role=r) for site in (lyon, dakar) for r in ("resident", "guest")]
    people += [sophie, chief, make.member(dakar, role="manager")]
    with transaction():
        rows = [db.session.get_one(Document, each.id) for each in kept]
        allowed = {
            who.id: {doc.title for doc in rows if policy.may_read(make.actor(who), doc)}
            for who in people
        }
    assert {who.id: found(make, who, "bail") for who in people} == allowed
    assert {len(titles) for titles in allowed.values()} >= {0, 2, 5}


@pytest.mark.parametrize("text", ["assur", "assurances", "ASSURANCÉ", "règlement assurance"])
def test_beginnings_stems_accents_and_several_words_find_it(make: Make, text: str) -> None:
    lyon = make.site()
    a_document(make, make.member(lyon, role="manager"), lyon, title="Règlement et assurance")
    assert found(make, make.member(lyon), text) == {"Règlement et assurance"}


@pytest.mark.parametrize("text", ["", "  ", "assurance vie", "_n", '"*', "%"])
def test_what_it_does_not_hold_does_not_find_it(make: Make, text: str) -> None:
    lyon = make.site()
    a_document(make, make.member(lyon, role="manager"), lyon, title="Règlement et assurance")
    assert found(make, make.member(lyon), text) == set()


def test_it_is_found_as_it_is_now(make: Make) -> None:
    lyon = make.site()
    sophie, reader = make.member(lyon, role="manager"), make.member(lyon)
    kept = a_document(make, sophie, lyon, title="Plan")
    with transaction():
        commands.change(
            make.actor(sophie), kept.id, cover=Cover(title="Menu", about="Cantine", audience="site")
        )
        commands.add_version(
            make.actor(sophie),
            kept.id,
            file=a_file(make, b"%PDF-1.4 x", "Hiver.pdf"),
            note="",
            now=make.now,
        )
    hits = [found(make, reader, text) for text in ("plan", "menu", "cantine", "hiver", "reglement")]
    assert hits == [set(), {"Menu"}, {"Menu"}, {"Menu"}, set()]
    with transaction():
        commands.remove(make.actor(sophie), kept.id, now=make.now)
    assert found(make, reader, "menu") == set()


def test_shelves_from_before_the_index_are_read_in_batches(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    lyon = make.site()
    sophie = make.member(lyon, role="manager")
    for number in range(5):
        a_document(make, sophie, lyon, title=f"Fiche {number}", once=str(number))
    with transaction():
        db.session.execute(delete(DocumentTokens))
    monkeypatch.setattr(searching, "BATCH", 2)
    waiting = [{}]
    monkeypatch.setattr(searching, "later", lambda _kind, payload: waiting.append(payload))
    while waiting:
        searching.index_all(waiting.pop())
    assert db.session.scalar(select(func.count()).select_from(DocumentTokens)) == 5
    assert len(found(make, sophie, "fiche")) == 5
    assert len(found(make, sophie, "fiche", most=3)) == 3
