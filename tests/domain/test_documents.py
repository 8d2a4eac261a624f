"""Documents: who keeps them, who reads them, and their versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incubator.domain.documents import commands, policy, queries
from incubator.domain.documents.commands import Cover
from incubator.kernel.db import transaction
from incubator.kernel.errors import NotAllowed, NotFound, Refusal
from incubator.kernel.keyset import Cursor
from tests.factories_notices import a_document, a_file

if TYPE_CHECKING:
    from incubator.network.accounts.models import Account
    from incubator.network.sites.models import Site
    from tests.factories import Make


def shelf(make: Make, reader: Account, site: Site | None) -> list[str]:
    page = queries.page_of(make.actor(reader), site.id if site else None, Cursor())
    return [document.title for document, _ in page.rows]


def test_everybody_finds_what_is_for_them_and_nothing_else(make: Make) -> None:
    lyon, dakar = make.site(), make.site("Dakar")
    sophie = make.member(lyon, role="manager")
    chief = make.member(role="administrator")
    for audience in policy.AUDIENCES:
        a_document(make, sophie, lyon, title=audience, audience=audience)
    readers = {
        "managers,network,site": (sophie, chief),
        "network,site": (make.member(lyon),),
        "network": (make.member(dakar), make.member(dakar, role="manager")),
        "": (make.member(lyon, role="guest"),),
    }
    for titles, people in readers.items():
        for person in people:
            assert ",".join(shelf(make, person, lyon)) == titles


def test_the_list_and_the_page_agree(make: Make) -> None:
    lyon, dakar = make.site(), make.site("Dakar")
    sophie, chief = make.member(lyon, role="manager"), make.member(role="administrator")
    kept = [a_document(make, sophie, lyon, audience=each) for each in policy.AUDIENCES]
    steering = a_document(make, chief, None, audience="managers")
    people = [
        make.member(site, role=role)
        for site in (lyon, dakar)
        for role in ("resident", "manager", "guest")
    ]
    for reader in map(make.actor, [*people, sophie, chief]):
        for document in (*kept, steering):
            listed = queries.page_of(reader, document.site_id, Cursor()).rows
            assert (document.id in {d.id for d, _ in listed}) == policy.may_read(reader, document)


def test_a_newer_file_takes_the_place_and_the_older_ones_stay(make: Make) -> None:
    lyon = make.site()
    sophie = make.member(lyon, role="manager")
    document = a_document(make, sophie, lyon)
    with transaction():
        number = commands.add_version(
            make.actor(sophie), document.id, file=a_file(make, b"%PDF-1.7 2"), note="", now=make.now
        )
    assert number == 2
    reader = make.actor(make.member(lyon))
    assert [v.number for v in queries.visible_to(reader, document.id).versions] == [2, 1]
    assert queries.version_visible_to(reader, document.id, 1).size == 31
    assert queries.page_of(reader, lyon.id, Cursor()).rows[0].newest.number == 2


def test_the_same_file_again_is_no_new_version(make: Make) -> None:
    lyon = make.site()
    sophie = make.member(lyon, role="manager")
    document = a_document(make, sophie, lyon)
    with transaction():
        number = commands.add_version(
            make.actor(sophie), document.id, file=a_file(make), note="", now=make.now
        )
    assert number == 1


def test_the_same_form_sent_twice_keeps_one_document(make: Make) -> None:
    lyon = make.site()
    sophie = make.member(lyon, role="manager")
    twice = [a_document(make, sophie, lyon, once="same") for _ in range(2)]
    assert twice[0].id == twice[1].id
    assert len(queries.visible_to(make.actor(sophie), twice[0].id).versions) == 1


def test_what_is_removed_is_found_by_nobody(make: Make) -> None:
    lyon = make.site()
    sophie = make.member(lyon, role="manager")
    document = a_document(make, sophie, lyon)
    with transaction():
        commands.remove(make.actor(sophie), document.id, now=make.now)
    with pytest.raises(NotFound):
        queries.visible_to(make.actor(sophie), document.id)
    assert shelf(make, sophie, lyon) == []


def test_managers_keep_their_own_shelf_only(make: Make) -> None:
    lyon, dakar = make.site(), make.site("Dakar")
    sophie, moussa = make.member(lyon, role="manager"), make.member(dakar, role="manager")
    document = a_document(make, sophie, lyon, audience="network")
    with pytest.raises(NotAllowed):
        a_document(make, moussa, lyon)
    with pytest.raises(NotAllowed), transaction():
        commands.change(make.actor(moussa), document.id, cover=Cover(title="Mine"))
    with pytest.raises(NotAllowed):
        a_document(make, sophie, None, audience="network")


@pytest.mark.parametrize(
    ("cover", "code"),
    [
        (Cover(title=" "), "documents.empty"),
        (Cover(title="x" * 121), "documents.too_long"),
        (Cover(title="Rules", audience="everybody"), "documents.audience"),
    ],
)
def test_a_bad_cover_is_refused(make: Make, cover: Cover, code: str) -> None:
    lyon = make.site()
    sophie = make.member(lyon, role="manager")
    document = a_document(make, sophie, lyon)
    with pytest.raises(Refusal, match=code), transaction():
        commands.change(make.actor(sophie), document.id, cover=cover)


def test_the_network_has_no_members_of_the_site(make: Make) -> None:
    with pytest.raises(Refusal, match=r"documents\.audience"):
        a_document(make, make.member(role="administrator"), None, audience="site")
