"""The manager's side: five minutes, statements, pictures, the network, the rules."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from incubator.domain.commitments.correction_models import HoursLook
from incubator.domain.commitments.models import Contribution, Rule
from incubator.domain.commitments.presence_models import Presence
from incubator.domain.commitments.status_models import Status
from incubator.edge.paper import Paper
from incubator.kernel.db import db, transaction
from incubator.network.sites.models import Closure, Site
from tests.factories_commitments import confirmed, declared, pledged
from tests.factories_hours import kept, session_row, signup_row, slot_row

if TYPE_CHECKING:
    from tests.factories import Make

pytestmark = pytest.mark.usefixtures("frozen")
HOUR = timedelta(hours=1)


FIRST = datetime(2026, 11, 1, 9, tzinfo=UTC)


def since_the_first(make: Make, *where, **more: Any):
    """A member who joined on the first of the month."""
    now, make.now = make.now, FIRST
    made = make.member(*where, **more)
    make.now = now
    return made


@pytest.fixture
def lyon(make: Make):
    return make.site()


@pytest.fixture
def sophie(make: Make, lyon):
    return since_the_first(make, lyon, role="manager", name="Sophie Lambert")


@pytest.fixture
def ines(make: Make, lyon):
    return since_the_first(make, lyon, name="Inès Belkacem")


@pytest.fixture
def paul(make: Make, lyon):
    return since_the_first(make, lyon, name="Paul Roche")


@pytest.fixture
def boss(make: Make):
    return make.member(role="administrator")


def presumed(make: Make, member, site, **more: Any) -> Presence:
    start = make.now - timedelta(days=1)
    values = {
        "day": start.date(),
        "started_at": start,
        "ended_at": start + 9 * HOUR,
        "planned_end_at": start + 3 * HOUR,
        "end_source": "cutoff",
        "state": "presumed",
    }
    return kept(session_row(make, member, site, **(values | more)))


def today_of(sign_in, account, site) -> str:
    answer = sign_in(account).get(f"/heures/site/{site.slug}/aujourd-hui")
    assert answer.status_code == 200
    return answer.text


def accept(sign_in, account, site, *picks: str):
    url = f"/heures/site/{site.slug}/accepter"
    return sign_in(account).post(url, data={"pick": list(picks)}, follow_redirects=True).text


def test_the_menu_leads_to_the_site_one_runs(make, sign_in, sophie, lyon) -> None:
    answer = sign_in(sophie).get("/heures/site")
    assert answer.location == f"/heures/site/{lyon.slug}/aujourd-hui"
    assert "Aujourd’hui à Lyon" in today_of(sign_in, sophie, lyon)


def test_the_five_minutes_show_only_what_needs_a_hand(make, sign_in, sophie, ines, lyon) -> None:
    presumed(make, ines, lyon)
    fresh = declared(make, ines, receiver=make.member(lyon))
    page = today_of(sign_in, sophie, lyon)
    assert "Inès Belkacem" in page
    assert f'value="help-{fresh.id}"' not in page
    with transaction():
        db.session.get_one(Contribution, fresh.id).declared_at = make.now - timedelta(days=8)
    assert f'value="help-{fresh.id}"' in today_of(sign_in, sophie, lyon)


def test_everything_ticked_is_settled_at_once(make, sign_in, sophie, ines, lyon) -> None:
    session, hours = presumed(make, ines, lyon), declared(make, ines)
    page = accept(sign_in, sophie, lyon, f"session-{session.id}", f"help-{hours.id}")
    assert "2 choses réglées." in page
    seen = db.session.get_one(Presence, session.id)
    assert (seen.state, seen.ended_at) == ("counted", seen.started_at + 3 * HOUR)
    assert db.session.get_one(Contribution, hours.id).state == "confirmed"


def test_what_cannot_be_settled_says_why_and_stops_nothing(
    make, sign_in, sophie, ines, lyon
) -> None:
    unproven = presumed(make, ines, lyon, planned_end_at=None)
    hours = declared(make, ines)
    page = accept(sign_in, sophie, lyon, f"session-{unproven.id}", f"help-{hours.id}", "oops-1")
    assert "1 chose réglée." in page
    assert "Rien ne dit quand" in page
    assert "Cochez" in accept(sign_in, sophie, lyon)


def test_own_facts_are_for_another_manager(make, sign_in, sophie, lyon) -> None:
    mine, hours = presumed(make, sophie, lyon), declared(make, sophie)
    page = today_of(sign_in, sophie, lyon)
    assert f"session-{mine.id}" not in page
    accept(sign_in, sophie, lyon, f"session-{mine.id}", f"help-{hours.id}")
    assert db.session.get_one(Presence, mine.id).state == "presumed"
    assert db.session.get_one(Contribution, hours.id).state == "declared"


def test_marked_help_is_looked_at_and_let_stand(make, sign_in, sophie, ines, paul, lyon) -> None:
    hours = confirmed(make, ines, paul, receiver=paul)
    with transaction():
        db.session.get_one(Contribution, hours.id).flags = "ring"
    assert f"ring-{hours.id}" in today_of(sign_in, sophie, lyon)
    accept(sign_in, sophie, lyon, f"ring-{hours.id}")
    assert db.session.get_one(Contribution, hours.id).flags == ""


def test_other_sites_are_out_of_reach(make, sign_in, sophie, ines, lyon) -> None:
    nantes = make.site("Nantes")
    stranger = make.member(nantes, role="manager")
    hours = declared(make, ines)
    accept(sign_in, stranger, nantes, f"help-{hours.id}")
    assert db.session.get_one(Contribution, hours.id).state == "declared"
    pages = ("aujourd-hui", "releve", "releve.csv", "releve.pdf", "affluence", "entraide")
    for page in pages:
        assert sign_in(stranger).get(f"/heures/site/{lyon.slug}/{page}").status_code == 403
    for page in ("plan", "pause", "reprise"):
        address = f"/heures/{page}/{make.actor(ines).slug}"
        assert sign_in(stranger).get(address).status_code == 403


def test_the_coming_days_show_slots_and_gaps(make, sign_in, sophie, ines, lyon) -> None:
    slot = kept(slot_row(make, lyon))
    assert "0 sur 1" in today_of(sign_in, sophie, lyon).replace("\u00a0", " ")
    kept(signup_row(make, ines, slot))
    assert "1 sur 1" in today_of(sign_in, sophie, lyon).replace("\u00a0", " ")


def late_member(make: Make, member, sophie) -> None:
    pledged(make, member, sophie, valid_from=date(2026, 11, 1))
    kept(
        Status(
            member_id=member.id,
            home_site_id=make.actor(member).home_site_id,
            state="late",
            since_at=make.now - timedelta(days=20),
            warned_at=make.now - timedelta(days=20),
        )
    )


def status_of(member) -> str:
    query = select(Status.state).where(Status.member_id == member.id, Status.until_at.is_(None))
    return db.session.scalars(query).one()


def test_a_pause_follows_grace_and_ends_by_decision(make, sign_in, sophie, ines, lyon) -> None:
    late_member(make, ines, sophie)
    slug = make.actor(ines).slug
    page = today_of(sign_in, sophie, lyon)
    assert f"/heures/pause/{slug}" in page
    browser = sign_in(sophie)
    assert browser.get(f"/heures/pause/{slug}").status_code == 200
    assert browser.post(f"/heures/pause/{slug}", data={"note": "Deux appels"}).status_code == 303
    assert status_of(ines) == "paused"
    assert browser.get(f"/heures/reprise/{slug}").status_code == 200
    assert browser.post(f"/heures/reprise/{slug}").status_code == 303
    assert status_of(ines) == "late"
    assert browser.post(f"/heures/reprise/{slug}").status_code == 422


def test_a_plan_needs_slots_that_cover_the_debt(make, sign_in, sophie, ines, lyon) -> None:
    late_member(make, ines, sophie)
    browser, slug = sign_in(sophie), make.actor(ines).slug
    until = {"until": "2026-12-20"}
    assert browser.post(f"/heures/plan/{slug}", data=until).status_code == 422
    for number in range(5):
        start = make.now + timedelta(days=2 + number)
        slot = kept(slot_row(make, lyon, starts_at=start, ends_at=start + 3 * HOUR))
        kept(signup_row(make, ines, slot))
    assert "15 h" in browser.get(f"/heures/plan/{slug}").text.replace("\u00a0", " ")
    assert browser.post(f"/heures/plan/{slug}", data=until).status_code == 303
    assert status_of(ines) == "plan"


def test_every_look_is_told_once_a_day_and_page(make, sign_in, sophie, ines, lyon) -> None:
    late_member(make, ines, sophie)
    slug = make.actor(ines).slug
    browser = sign_in(sophie)
    for address in (
        f"/heures/site/{lyon.slug}/aujourd-hui",
        f"/heures/site/{lyon.slug}",
        f"/heures/site/{lyon.slug}/releve?month=2026-11",
        f"/heures/plan/{slug}",
        f"/annuaire/{slug}",
    ):
        assert browser.get(address).status_code == 200
        assert browser.get(address).status_code == 200
    looks = db.session.scalars(select(HoursLook.page).where(HoursLook.member_id == ines.id)).all()
    assert sorted(looks) == ["members", "plan", "profile", "statement_site", "today"]
    assert not db.session.scalar(select(func.count()).where(HoursLook.member_id == sophie.id))
    told = sign_in(ines).get("/heures").text
    assert "Sophie Lambert" in told


def test_the_statement_is_a_page_a_table_and_a_paper(make, sign_in, sophie, ines, lyon) -> None:
    pledged(make, ines, sophie, valid_from=date(2026, 11, 1))
    confirmed(make, ines, sophie)
    browser, base = sign_in(sophie), f"/heures/site/{lyon.slug}/releve"
    page = browser.get(f"{base}?month=2026-11").text.replace("\u00a0", " ")
    assert "Inès Belkacem" in page
    assert "12 h" in page
    answer = browser.get(f"{base}.csv?month=2026-11&kind=csv-fr")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "Inès Belkacem;0;720;" in answer.data.decode()
    answer = browser.get(f"{base}.csv?month=2026-11&kind=xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        assert "Inès Belkacem" in book.read("xl/sharedStrings.xml").decode()
    answer = browser.get(f"{base}.pdf?month=2026-11")
    assert answer.data.startswith(b"%PDF")
    assert browser.get(f"{base}.pdf?month=2026-11").data == answer.data


def test_the_paper_of_a_site_holds_a_line_a_member(
    make, sign_in, sophie, ines, lyon, monkeypatch
) -> None:
    pledged(make, ines, sophie, valid_from=date(2026, 11, 1))
    drawn: list[str] = []
    monkeypatch.setattr(
        Paper, "cell", lambda _self, _width, _height, text, **_more: drawn.append(text)
    )
    sign_in(sophie).get(f"/heures/site/{lyon.slug}/releve.pdf?month=2026-11")
    assert "Inès Belkacem" in drawn
    assert len(drawn) > 30


def test_a_statement_of_a_past_day_knows_no_more_than_then(
    make, sign_in, sophie, ines, lyon
) -> None:
    make.now -= timedelta(days=6)
    pledged(make, ines, sophie, valid_from=date(2026, 11, 1))
    make.now += timedelta(days=6)
    confirmed(make, ines, sophie)
    browser, base = sign_in(sophie), f"/heures/site/{lyon.slug}/releve.csv?month=2026-11"
    before = browser.get(f"{base}&as_of=2026-11-07").data.decode()
    assert "Belkacem;0;720;0;" in before
    assert "Belkacem;0;720;0;0;180;" in browser.get(base).data.decode()


def test_pictures_are_drawn_and_told_in_words(make, sign_in, sophie, ines, paul, lyon) -> None:
    day = make.now - timedelta(days=7)
    session = session_row(make, ines, lyon, day=day.date(), started_at=day, ended_at=day + HOUR)
    kept(session)
    confirmed(make, ines, paul, receiver=paul)
    browser = sign_in(sophie)
    for weeks in ("", "?weeks=4", "?weeks=999"):
        page = browser.get(f"/heures/site/{lyon.slug}/affluence{weeks}").text
        assert "<svg class='shades'" in page
    assert "jeudi à 10" in page
    page = browser.get(f"/heures/site/{lyon.slug}/entraide?months=12").text
    assert "Sophie Lambert" in page
    assert "moins de cinq personnes" in page


def test_the_network_is_open_to_members_and_names_nobody(make, sign_in, ines, paul) -> None:
    confirmed(make, ines, paul, receiver=paul)
    browser = sign_in(ines)
    assert "moins de cinq personnes" in browser.get("/heures/reseau").text
    assert browser.get("/heures/reseau/sites").status_code == 200
    assert browser.get("/heures/reseau/sites?kind=xlsx").data.startswith(b"PK")
    assert browser.get("/heures/reseau/solidarite?year=1").status_code == 200
    assert browser.get("/heures/reseau/confiance").status_code == 403


def test_health_says_what_was_proven(make, sign_in, boss) -> None:
    browser = sign_in(boss)
    assert "Rien n’a encore été prouvé" in browser.get("/heures/reseau/confiance").text
    page = browser.post("/heures/reseau/confiance/prouver", follow_redirects=True).text
    assert "Chaque preuve tient" in page


def rule_data(**more: object) -> dict[str, object]:
    """What the form shows, as a browser would send it back."""
    rule = db.session.scalars(select(Rule).order_by(Rule.version.desc())).first()
    assert rule is not None
    names = [column.key for column in Rule.__table__.columns]
    values = {name: getattr(rule, name, None) for name in names}
    values["default_minutes"] = rule.default_minutes
    minutes = ("default_minutes", "credit_cap", "debt_cap", "min_session", "max_session")
    values |= {
        name: f"{values[name]} min"
        for name in (*minutes, "max_day", "gift_cap_year", "help_week_most")
    }
    values |= {"valid_from": "2026-12-01", "note": "Assemblée du 8 novembre"}
    kept = {name: value for name, value in (values | more).items() if value not in (None, False)}
    return {name: value for name, value in kept.items() if name not in {"id", "version", "made_at"}}


def test_rules_change_from_a_coming_period_after_a_dry_run(
    make, sign_in, boss, sophie, ines
) -> None:
    pledged(make, ines, sophie, valid_from=date(2026, 11, 1))
    browser = sign_in(boss)
    assert browser.get("/heures/regles/nouvelle").status_code == 200
    page = browser.post("/heures/regles/nouvelle", data=rule_data(debt_cap="2 h", preview="1"))
    assert page.status_code == 200
    assert "Inès Belkacem" in page.text
    assert db.session.scalar(select(func.count()).select_from(Rule)) == 1
    answer = browser.post("/heures/regles/nouvelle", data=rule_data(debt_cap="2 h"))
    assert answer.status_code == 303
    made = db.session.scalars(select(Rule).where(Rule.version == 2)).one()
    assert (made.debt_cap, made.valid_from) == (120, date(2026, 12, 1))
    assert "Version 2" in browser.get("/heures/regles").text
    browser.post(f"/heures/regles/{made.id}/retirer")
    assert db.session.scalar(select(func.count()).select_from(Rule)) == 1


@pytest.mark.parametrize(
    "wrong", [{"debt_cap": "beaucoup"}, {"grace_days": "0"}, {"valid_from": "2026-11-01"}, {}]
)
def test_impossible_rules_are_refused(make, sign_in, boss, wrong) -> None:
    answer = sign_in(boss).post("/heures/regles/nouvelle", data=rule_data(**wrong))
    assert answer.status_code == 422


def test_rules_are_the_administrators(sign_in, sophie) -> None:
    browser = sign_in(sophie)
    for address in ("/heures/regles", "/heures/regles/nouvelle", "/heures/regles/activites/other"):
        assert browser.get(address).status_code == 403


def test_a_site_says_when_its_day_ends(make, sign_in, sophie, lyon) -> None:
    data = {
        "name": "Lyon",
        "city": "Lyon",
        "country": "FR",
        "time_zone": "Europe/Paris",
        "capacity": "24",
        "cutoff_at": "1260",
        "auto_close_after": "600",
    }
    assert sign_in(sophie).post(f"/sites/{lyon.slug}/modifier", data=data).status_code == 303
    seen = db.session.get_one(Site, lyon.id)
    assert (seen.cutoff_at, seen.auto_close_after) == (1260, 600)


def test_closed_days_may_lower_what_is_owed(make, sign_in, sophie, lyon) -> None:
    data = {"starts_on": "2026-12-24", "kind": "exceptional", "lowers_due": "1"}
    browser = sign_in(sophie)
    assert browser.post(f"/sites/{lyon.slug}/fermetures", data=data).status_code == 303
    assert db.session.scalars(select(Closure.lowers_due)).one()
    assert "rien n’est dû" in browser.get(f"/sites/{lyon.slug}/fermetures").text
