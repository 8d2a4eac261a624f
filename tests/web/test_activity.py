"""The reader's own timeline: theirs alone, and no more than they may know."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from incubator.domain.help.models import Question
from incubator.kernel.db import db, transaction
from incubator.kernel.events import Event
from incubator.network.accounts import rights
from incubator.reactions.audit.own_lines import forget, tell
from incubator.reactions.audit.own_models import OwnLine
from incubator.reactions.audit.own_rules import KIND_OF, OWN, Act, concerned, subject
from incubator.reactions.audit.reactions import UNWRITTEN, action_of
from tests import factories_help as h
from tests.factories_commitments import confirmed, declared
from tests.factories_counting import helping, thank

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask.testing import FlaskClient

    from incubator.network.accounts.models import Account
    from tests.factories import Make

    SignIn = Callable[[Account], FlaskClient]

PATH = "/moi/activite"


def kinds(event: type[Event] = Event) -> Iterator[type[Event]]:
    """Every kind of event of the product."""
    for kind in event.__subclasses__():
        if kind.__module__.startswith("incubator."):
            yield kind
        yield from kinds(kind)


def main(browser: FlaskClient, path: str = PATH) -> str:
    """The page's own part, without tags."""
    answer = browser.get(path)
    assert answer.status_code == 200
    return re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2])


def test_every_act_of_the_table_is_an_event_with_the_details_it_names() -> None:
    known = {action_of(kind): {field.name for field in fields(kind)} for kind in kinds()}
    named = {(action, name) for acts in OWN.values() for action, ns in acts.items() for name in ns}
    assert {pair for pair in named if pair[1] not in known.get(pair[0], ())} == set()
    assert KIND_OF.keys() <= known.keys()
    assert not UNWRITTEN & KIND_OF.keys()


def test_an_act_stands_once_with_each_whom_it_concerns() -> None:
    act = Act("hours_confirmed", 3, None, {"giver_id": 3, "receiver_id": 4, "contribution_id": 9})
    assert concerned(act) == {3, 4}
    assert subject(act) == ("contribution", 9)
    assert concerned(Act("slot_invited", None, None, {"member_ids": [5, 6]})) == {5, 6}
    assert concerned(Act("flags_lifted", 3, 4, {})) == set()


def test_ones_own_acts_and_those_about_one_by_day(
    make: Make, sign_in: SignIn, frozen: object
) -> None:
    lyon = make.site("Lyon")
    ines, sophie = make.member(lyon), make.member(lyon, name="Sophie Lambert", role="manager")
    confirmed(make, ines, sophie)
    page = main(sign_in(ines))
    assert page.index("Heures validées") < page.index("Heures déclarées")
    assert "3\u00a0h" in page
    assert page.count("par vous") == 1
    # Who confirms is told by the hours themselves.
    assert "Sophie Lambert" not in page
    assert "par quelqu’un d’autre" in page


def test_who_decided_about_one_is_named(make: Make, sign_in: SignIn) -> None:
    lyon, gaelle = make.site(), make.member(role="administrator", name="Gaëlle Riou")
    ines = make.member(lyon)
    with transaction():
        rights.deactivate(make.actor(gaelle), member_id=ines.id, now=make.now)
        rights.reactivate(make.actor(gaelle), member_id=ines.id)
    assert "par Gaëlle Riou" in main(sign_in(ines))


def test_nobody_reads_the_timeline_of_others(make: Make, sign_in: SignIn) -> None:
    lyon = make.site()
    ines = make.member(lyon)
    declared(make, ines)
    for other in (make.member(lyon), make.member(lyon, role="manager")):
        assert "Heures déclarées" not in main(sign_in(other))


def test_thanks_of_somebody_unnamed_stay_unnamed(make: Make, sign_in: SignIn) -> None:
    case = helping(make, anonymous=True)
    thank(make, case.asker, case.given)
    browser = sign_in(case.helper)
    page = browser.get(PATH).text.partition("<main")[2]
    assert "Merci pour une réponse" in page
    assert "Nadia" not in page
    assert f'href="/entraide/{case.asked.id}"' in page


def test_a_thread_one_may_no_longer_read_has_no_title(make: Make, sign_in: SignIn) -> None:
    asker, helper = make.member(make.site("Lyon")), make.member(make.site("Lille"))
    asked = h.question(make, asker, title="Quel vernis pour un établi")
    h.answer(make, helper, asked)
    browser = sign_in(helper)
    assert "Quel vernis" in main(browser)
    with transaction():
        db.session.get_one(Question, asked.id).audience = "site"
    page = browser.get(PATH).text.partition("<main")[2]
    assert "Réponse donnée" in page
    assert "Quel vernis" not in page
    assert f"/entraide/{asked.id}" not in page


def test_one_kind_alone_and_a_kind_that_does_not_exist(make: Make, sign_in: SignIn) -> None:
    ines = make.member(make.site())
    declared(make, ines)
    h.question(make, ines)
    browser = sign_in(ines)
    hours = main(browser, f"{PATH}?kind=hours")
    assert "Heures déclarées" in hours
    assert "Question posée" not in hours
    assert "Question posée" in main(browser, f"{PATH}?kind=nonsense")


def test_pages_follow_one_another_without_loss_or_double(make: Make, sign_in: SignIn) -> None:
    ines = make.member(make.site())
    written(ines, 45)
    browser, path, seen = sign_in(ines), f"{PATH}?kind=account", []
    for _ in range(3):
        html = browser.get(path).text
        seen += re.findall(r'datetime="([^"]+)"', html.partition('class="list activity"')[2])
        following = re.search(r'rel="next" href="([^"]+)"', html)
        path = following[1].replace("&amp;", "&") if following else ""
    assert not path
    assert len(seen) == len(set(seen)) == 45
    assert seen == sorted(seen, reverse=True)


def written(account: Account, how_many: int) -> None:
    """So many sign-ins, a minute apart."""
    with transaction():
        first = db.session.scalar(select(func.max(OwnLine.at))) or account.created_at
        for number in range(how_many):
            at = first + timedelta(minutes=number + 1)
            tell(Act("signed_in", account.id, account.id, {}), at)


def test_a_longer_page_costs_no_more_statements(
    make: Make, sign_in: SignIn, count_queries: Any
) -> None:
    ines, other = make.member(make.site()), make.member(make.site())
    browser = sign_in(ines)

    def statements() -> int:
        browser.get(PATH)
        with count_queries() as seen:
            assert browser.get(PATH).status_code == 200
        return len(seen)

    h.answer(make, ines, h.question(make, other))
    few = statements()
    for _ in range(3):
        h.answer(make, ines, h.question(make, other))
    assert statements() == few


def test_who_is_forgotten_leaves_no_timeline(make: Make) -> None:
    ines, other = make.member(make.site()), make.member(make.site())
    declared(make, ines)
    declared(make, other)
    with transaction():
        forget(ines.id)
    assert set(db.session.scalars(select(OwnLine.member_id))) >= {other.id}
    assert not db.session.scalar(select(func.count()).where(OwnLine.member_id == ines.id))
