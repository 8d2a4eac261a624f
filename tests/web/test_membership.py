"""Applying, reviewing, welcoming and signing, by the pages."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from incubator.blueprints.membership import stamps
from incubator.domain.membership import welcome_queries
from incubator.domain.membership.application_models import Application
from incubator.edge import clock
from incubator.edge.state import state_of
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Refusal
from incubator.network.accounts import invitations
from incubator.network.accounts.models import Account
from incubator.reactions.audit.models import AuditEntry
from tests import factories_membership as m
from tests.conftest import NOW
from tests.factories_accounts import PASSWORD, letters, link_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Flask
    from flask.testing import FlaskClient

    from incubator.network.sites.models import Site
    from tests.factories import Make

    SignIn = Callable[[Account], FlaskClient]

SECRET = "s" * 40
TYPED = m.TYPED | {"email": "awa@example.org", "once": "k" * 32}
ENTER = {"name": "Awa Diop", "password": PASSWORD, "language": "fr", "time_zone": "Europe/Paris"}


@pytest.fixture
def site(make: Make) -> Site:
    return make.site("Lyon")


@pytest.fixture
def boss(make: Make, site: Site) -> Account:
    account = make.member(site, role="manager", name="Sophie Lambert", email="sophie@example.org")
    m.open_door(make, site, account, intro_fr="Bienvenue <chez nous>")
    return account


def form(**more: str) -> dict[str, str]:
    """A form shown a minute ago."""
    stamp = stamps.issue(SECRET, now=NOW - timedelta(minutes=1))
    return TYPED | {"stamp": stamp} | more


def kept() -> list[str]:
    return list(db.session.scalars(select(Application.state).order_by(Application.id)))


def one_letter(app: Flask, make: Make, subject: str) -> Any:
    found = [letter for letter in letters(app, make) if subject in letter["Subject"]]
    assert len(found) == 1, subject
    return found[0]


def log_of(action: str) -> Sequence[AuditEntry]:
    return db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)).all()


def decision(page: Any, **more: str) -> dict[str, str]:
    """The hidden fields of a decision's page, with what is typed."""
    hidden = dict(re.findall(r'name="(revision|once)"[^>]*value="([^"]*)"', page.text))
    return hidden | more


def test_the_whole_way_from_the_form_to_a_welcomed_member(
    app: Flask, client: FlaskClient, make: Make, sign_in: SignIn, site: Site, boss: Account,
    frozen: object,
) -> None:  # fmt: skip
    m.checklist(make, site, boss)
    assert client.post(f"/adhesion/{site.slug}", data=form()).status_code == 303
    link = link_in(one_letter(app, make, "Confirmez"))
    assert "Awa Diop" in client.get(link).text
    assert kept() == ["unconfirmed"]
    client.post(link)
    assert kept() == ["new"]
    desk = sign_in(boss)
    application = db.session.scalars(select(Application)).one()
    address = f"/arrivees/candidature/{application.id}"
    assert m.TYPED["activity"] in desk.get(address).text
    page = desk.get(f"{address}/accepter")
    desk.post(f"{address}/accepter", data=decision(page, start_on="2026-11-12"))
    invitation = link_in(one_letter(app, make, "invite"))
    assert client.post(invitation, data=ENTER).status_code == 303
    assert kept() == ["joined"]
    assert "Bienvenue à Lyon" in client.get("/").text
    assert "Awa Diop" in desk.get(f"/arrivees/{site.slug}/accueil").text


def test_the_form_shows_what_the_site_says_and_asks(
    client: FlaskClient, make: Make, site: Site, boss: Account
) -> None:
    m.question(make, site, boss, label_fr="D’où venez-vous ?", label_en="Where from?")
    page = client.get(f"/adhesion/{site.slug}", headers={"Accept-Language": "fr"}).text
    assert "Bienvenue &lt;chez nous&gt;" in page
    assert "D’où venez-vous ?" in page
    english = client.get(f"/join/{site.slug}", headers={"Accept-Language": "en"}).text
    assert "Where from?" in english
    assert "Lyon" in client.get("/adhesion").text


def test_the_answer_is_the_same_whether_the_address_is_known_or_not(
    app: Flask, client: FlaskClient, make: Make, site: Site, boss: Account, frozen: object
) -> None:
    answers = [
        client.post(f"/adhesion/{site.slug}", data=form(email=email, once=email))
        for email in ("sophie@example.org", "nobody@example.org", "SOPHIE@example.org")
    ]
    assert {(one.status_code, one.location, one.text) for one in answers} == {
        (303, f"/adhesion/{site.slug}/envoyee", answers[0].text)
    }
    assert {letter["To"] for letter in letters(app, make)} == {
        "sophie@example.org",
        "nobody@example.org",
    }


def test_a_form_sent_twice_makes_one_application_and_one_letter(
    app: Flask, client: FlaskClient, make: Make, site: Site, boss: Account, frozen: object
) -> None:
    for _ in range(2):
        assert client.post(f"/adhesion/{site.slug}", data=form()).status_code == 303
    assert kept() == ["unconfirmed"]
    assert len(letters(app, make)) == 1


def test_a_machine_that_takes_the_bait_hears_the_same_and_leaves_nothing(
    client: FlaskClient, site: Site, boss: Account, frozen: object
) -> None:
    answer = client.post(f"/adhesion/{site.slug}", data=form(website="https://spam.example"))
    assert (answer.status_code, answer.location) == (303, f"/adhesion/{site.slug}/envoyee")
    assert kept() == []


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "C’était rapide"), (86_401, "ouverte depuis longtemps")],
)
def test_a_form_too_fast_or_too_old_comes_back_with_what_was_typed(
    client: FlaskClient, site: Site, boss: Account, frozen: object, seconds: int, words: str
) -> None:
    stamp = stamps.issue(SECRET, now=NOW - timedelta(seconds=seconds))
    french = {"Accept-Language": "fr"}
    page = client.post(f"/adhesion/{site.slug}", data=form(stamp=stamp), headers=french)
    assert page.status_code == 422
    assert words in page.text
    assert "Teranga Conseil" in page.text
    (again,) = re.findall(r'name="stamp"[^>]*value="([^"]*)"', page.text)
    assert (again == stamp) == (seconds == 1), "one who was fast need not wait anew"
    with clock.stopped_at(NOW + timedelta(seconds=5)):
        assert client.post(f"/adhesion/{site.slug}", data=form(stamp=again)).status_code == 303


@pytest.mark.parametrize("stamp", ["", "1.x", "x" * 400, "é.é", f"{10**15}.00", "1731404460"])
def test_a_forged_stamp_is_an_old_one(stamp: str) -> None:
    with pytest.raises(Refusal, match="form_old"):
        stamps.check(stamp, SECRET, now=NOW)
    with pytest.raises(Refusal, match="form_old"):
        stamps.check(stamps.issue("another", now=NOW), SECRET, now=NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("email", "awa"),
        ("email", "a@b.fr\r\nBcc: c@d.fr"),
        ("why", " "),
        ("gives", "x" * 4001),
        ("activity", "x" * 161),
        ("phone", "0" * 41),
    ],
)
def test_bad_input_is_told_beside_its_field_and_the_rest_is_kept(
    client: FlaskClient, site: Site, boss: Account, frozen: object, field: str, value: str
) -> None:
    page = client.post(f"/adhesion/{site.slug}", data=form(**{field: value}))
    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert "Villeurbanne" in page.text
    assert kept() == []


def test_nul_bytes_and_answers_out_of_nowhere_do_no_harm(
    client: FlaskClient, make: Make, site: Site, boss: Account, frozen: object
) -> None:
    pairs = {"options_fr": ["Un", "Deux"], "options_en": ["One", "Two"]}
    asked = m.question(make, site, boss, kind="choice", required=True, **pairs)
    answer = client.post(f"/adhesion/{site.slug}", data=form(**{f"q{asked.id}": "7"}))
    assert answer.status_code == 422
    assert f'id="q{asked.id}-error"' in answer.text
    typed = form(**{f"q{asked.id}": "1", "q999": "x", "why": "Bon\x00jour"})
    assert client.post(f"/adhesion/{site.slug}", data=typed).status_code == 303
    assert db.session.scalars(select(Application.why)).one() == "Bonjour"


def test_an_unknown_site_is_not_found_and_a_shut_one_says_so(
    client: FlaskClient, make: Make, frozen: object
) -> None:
    assert client.get("/adhesion/nulle-part").status_code == 404
    shut = make.site("Nantes")
    french = {"Accept-Language": "fr"}
    assert "ne prend pas de candidatures" in client.get(f"/adhesion/{shut.slug}").text
    answer = client.post(f"/adhesion/{shut.slug}", data=form(), headers=french)
    assert answer.status_code == 422
    assert "vient de fermer" in answer.text
    assert "Teranga Conseil" in answer.text


def test_one_address_is_slowed_and_so_is_a_whole_net(
    client: FlaskClient, site: Site, boss: Account, frozen: object
) -> None:
    def post(number: int, email: str, origin: str) -> int:
        typed = form(once=str(number), email=email)
        environ = {"REMOTE_ADDR": origin}
        return client.post(f"/adhesion/{site.slug}", data=typed, environ_base=environ).status_code

    same = [post(n, "a@example.org", f"10.0.{n}.1") for n in range(5)]
    assert same == [303] * 4 + [429]
    net = [post(100 + n, f"b{n}@example.org", f"192.0.2.{n}") for n in range(61)]
    assert net == [303] * 60 + [429]


def test_a_confirmation_works_once_and_opening_it_changes_nothing(
    app: Flask, client: FlaskClient, make: Make, site: Site, boss: Account, frozen: object
) -> None:
    client.post(f"/adhesion/{site.slug}", data=form())
    link = link_in(letters(app, make)[0])
    assert client.get(link).status_code == client.get(link).status_code == 200
    assert kept() == ["unconfirmed"]
    followed = client.post(link)
    assert followed.status_code == 303
    page = client.get(followed.location)
    assert page.headers["Cache-Control"] == "no-store"
    assert [client.get(link).status_code, client.post(link).status_code] == [410, 410]


@pytest.mark.parametrize("path", ["/candidature/forged", "/candidature/confirmer/forged"])
def test_a_dead_link_offers_a_fresh_one(client: FlaskClient, path: str, session: object) -> None:
    page = client.get(path)
    assert page.status_code == 410
    assert "/adhesion/lien-perdu" in page.text
    assert client.post(path).status_code == 410


def test_a_lost_link_comes_by_mail_to_who_applied_and_all_hear_the_same(
    app: Flask, client: FlaskClient, make: Make, site: Site, boss: Account
) -> None:
    m.applied(make, site, email="awa@example.org")
    letters(app, make)
    answers = [
        client.post("/adhesion/lien-perdu", data={"email": email})
        for email in ("awa@example.org", "nobody@example.org")
    ]
    assert {one.location for one in answers} == {"/adhesion/lien-envoye"}
    (letter,) = letters(app, make)
    assert client.get(link_in(letter)).status_code == 200


def test_each_word_reaches_the_other_side_by_mail_as_plain_text(
    app: Flask, client: FlaskClient, make: Make, sign_in: SignIn, site: Site, boss: Account
) -> None:
    application = m.sent(make, site, email="awa@example.org")
    token = m.confirmed(make, application)
    letters(app, make)
    hostile = "Bonjour <b>\n\n{{ 7 * 7 }} <script>alert(1)</script>"
    client.post(f"/candidature/{token}", data={"body": hostile, "once": "a"})
    (to_boss,) = letters(app, make)
    assert to_boss["To"] == "sophie@example.org"
    assert "<script>" not in to_boss.get_body(("html",)).get_content()
    assert "{{ 7 * 7 }} <script>" in to_boss.get_body(("plain",)).get_content()
    desk = sign_in(boss)
    assert link_in(to_boss) == f"/arrivees/candidature/{application.id}"
    desk.post(link_in(to_boss), data={"body": "Venez mardi", "once": "b"})
    desk.post(link_in(to_boss), data={"body": "Très bien !", "internal": "y", "once": "c"})
    (to_awa,) = letters(app, make)
    page = client.get(link_in(to_awa)).text
    assert "Venez mardi" in page
    assert "Très bien" not in page
    assert "Sophie Lambert" not in page


def test_applicants_choose_the_language_of_their_letters(
    app: Flask, client: FlaskClient, make: Make, site: Site, boss: Account
) -> None:
    application = m.sent(make, site, email="awa@example.org")
    token = m.confirmed(make, application)
    client.post(f"/candidature/{token}/langue", data={"language": "en"})
    letters(app, make)
    m.listed(make, boss, m.again(application))
    (letter,) = letters(app, make)
    assert letter["Subject"] == "You are on the waiting list of Lyon"
    client.post(f"/candidature/{token}/langue", data={"language": "xx"})
    assert m.again(application).language == "en"


def test_an_applicant_withdraws_by_a_page_of_its_own(
    app: Flask, client: FlaskClient, make: Make, site: Site, boss: Account
) -> None:
    application = m.sent(make, site)
    token = m.confirmed(make, application)
    letters(app, make)
    assert client.get(f"/candidature/{token}/retirer").status_code == 200
    client.post(f"/candidature/{token}/retirer", data={"reason": "Je pars", "once": "w"})
    assert m.again(application).state == "withdrawn"
    again = client.post(f"/candidature/{token}/retirer", data={"once": "x"})
    assert again.status_code == 422
    assert "Je pars" in letters(app, make)[0].get_body(("plain",)).get_content()


def test_a_decline_is_kind_and_carries_the_words_of_the_manager(
    app: Flask, make: Make, sign_in: SignIn, site: Site, boss: Account
) -> None:
    application = m.applied(make, site, email="awa@example.org")
    letters(app, make)
    desk, address = sign_in(boss), f"/arrivees/candidature/{application.id}/decliner"
    empty = desk.post(address, data=decision(desk.get(address), reason=" "))
    assert empty.status_code == 422
    assert 'id="reason-error"' in empty.text
    desk.post(address, data=decision(desk.get(address), reason="Plus de place <avant> mai."))
    (letter,) = letters(app, make)
    assert letter["To"] == "awa@example.org"
    assert "Plus de place <avant> mai." in letter.get_body(("plain",)).get_content()


def test_who_decides_second_reads_what_the_first_decided(
    make: Make, sign_in: SignIn, site: Site, boss: Account
) -> None:
    application = m.applied(make, site)
    address = f"/arrivees/candidature/{application.id}/decliner"
    desk = sign_in(boss)
    typed = decision(desk.get(address), reason="x")
    m.listed(make, boss, application)
    page = desk.post(address, data=typed)
    assert page.status_code == 409
    assert "a décidé entre-temps" in page.text
    assert "Liste d’attente" in page.text
    assert m.again(application).state == "waiting"


@pytest.mark.parametrize("day", ["", "hier", "2026-11-11", "2028-01-01"])
def test_a_first_day_that_cannot_be_is_told_beside_the_field(
    make: Make, sign_in: SignIn, site: Site, boss: Account, frozen: object, day: str
) -> None:
    application = m.applied(make, site)
    address = f"/arrivees/candidature/{application.id}/accepter"
    desk = sign_in(boss)
    page = desk.post(address, data=decision(desk.get(address), start_on=day))
    assert page.status_code == 422
    assert 'id="start_on-error"' in page.text


def test_an_invitation_before_its_day_says_when_to_come_back(
    app: Flask, client: FlaskClient, make: Make, site: Site, boss: Account, frozen: object
) -> None:
    m.accepted(make, boss, m.applied(make, site), days=5)
    link = link_in(one_letter(app, make, "invite"))
    page = client.get(link, headers={"Accept-Language": "fr"})
    assert "mardi 17 novembre 2026" in page.text
    client.post(link, data=ENTER)
    assert db.session.scalar(select(Account.id).where(Account.email.like("applicant%"))) is None
    with clock.stopped_at(NOW + timedelta(days=5)):
        assert client.post(link, data=ENTER).status_code == 303


@pytest.mark.parametrize(
    ("language", "said", "told"),
    [
        ("fr", "Déplacer le premier jour", "Votre premier jour à Lyon est maintenant le lundi 30"),
        ("en", "Move the first day", "Your first day at Lyon is now Monday 30 November 2026"),
    ],
)
def test_the_first_day_of_who_was_accepted_is_moved_and_the_invitation_follows(
    app: Flask, client: FlaskClient, make: Make, sign_in: SignIn, site: Site, frozen: object,
    language: str, said: str, told: str,
) -> None:  # fmt: skip
    boss = make.member(site, role="manager", language=language)
    m.open_door(make, site, boss)
    application = m.applied(make, site, language=language)
    m.accepted(make, boss, application, days=5)
    invitation = link_in(one_letter(app, make, "invite"))
    desk, address = sign_in(boss), f"/arrivals/application/{application.id}"
    assert said in desk.get(address).text
    page = desk.get(f"{address}/first-day")
    assert 'value="2026-11-17"' in page.text
    typed = decision(page, start_on="2026-11-30")
    for _twice in range(2):
        assert desk.post(f"{address}/first-day", data=typed).status_code == 303
    letter = one_letter(app, make, told)
    assert letter["To"] == application.email
    (noted,) = log_of("applicant_start_moved")
    assert (noted.actor_id, noted.data["starts_on"]) == (boss.id, "2026-11-30")
    assert re.search(r"30 novembre 2026|30 November 2026", client.get(link_in(letter)).text)
    with clock.stopped_at(NOW + timedelta(days=17)):
        assert client.post(invitation, data=ENTER).status_code != 303
    with clock.stopped_at(NOW + timedelta(days=30)):
        assert client.post(invitation, data=ENTER).status_code == 303
    assert kept() == ["joined"]


def test_a_first_day_that_cannot_be_moved_is_said(
    make: Make, sign_in: SignIn, site: Site, boss: Account, frozen: object
) -> None:
    application = m.accepted(make, boss, m.applied(make, site), days=5)
    address = f"/arrivees/candidature/{application.id}/premier-jour"
    desk = sign_in(boss)
    typed = decision(desk.get(address))
    for day, words in [("2026-11-17", "C’est déjà son premier jour"), ("2026-11-11", "Choisissez")]:
        page = desk.post(address, data=typed | {"start_on": day})
        assert (page.status_code, words in page.text) == (422, True)
    with transaction():
        invitations.cancel(application.invitation_id, now=NOW)
    page = desk.post(address, data=typed | {"start_on": "2026-11-30"})
    assert (page.status_code, "retirée" in page.text) == (422, True)
    assert m.again(application).start_on == (NOW + timedelta(days=5)).date()
    stranger = sign_in(make.member(make.site("Nantes"), role="manager"))
    assert stranger.post(address, data=typed).status_code == 404


def test_the_first_day_of_who_waits_is_not_moved(
    make: Make, sign_in: SignIn, site: Site, boss: Account, frozen: object
) -> None:
    waits = m.listed(make, boss, m.applied(make, site))
    desk = sign_in(boss)
    address = f"/arrivees/candidature/{waits.id}"
    assert "premier-jour" not in desk.get(address).text
    typed = decision(desk.get(f"{address}/premier-jour"), start_on="2026-11-30")
    page = desk.post(f"{address}/premier-jour", data=typed)
    assert (page.status_code, "a décidé entre-temps" in page.text) == (409, True)


def test_the_waiting_list_is_moved_by_buttons(
    make: Make, sign_in: SignIn, site: Site, boss: Account
) -> None:
    first, second = (m.listed(make, boss, m.applied(make, site)) for _ in range(2))
    desk = sign_in(boss)
    address = f"/arrivees/candidature/{second.id}/rang"
    desk.post(address, data={"way": "up", "seen": "2"})
    assert m.again(second).position == 1
    answer = desk.post(address, data={"way": "up", "seen": "2"}, follow_redirects=True)
    assert "La liste d’attente a changé" in answer.text
    assert desk.post(address, data={"way": "up", "seen": "x" * 99}).status_code == 303
    assert m.again(first).position == 2


def test_the_list_costs_the_same_for_one_and_for_many(
    make: Make, sign_in: SignIn, site: Site, boss: Account, count_queries: Any
) -> None:
    m.checklist(make, site, boss)
    desk, costs = sign_in(boss), []
    desk.get("/")
    for _ in range(2):
        for _ in range(3):
            m.applied(make, site)
            make.member(site)
        with count_queries() as seen:
            desk.get(f"/arrivees/{site.slug}")
            desk.get(f"/arrivees/{site.slug}/accueil")
            desk.get("/")
        costs.append(len(seen))
    assert costs[0] == costs[1]


def test_managers_of_other_sites_see_and_change_nothing(
    make: Make, sign_in: SignIn, site: Site, boss: Account
) -> None:
    application, asked = m.applied(make, site), m.question(make, site, boss)
    m.checklist(make, site, boss)
    stranger = sign_in(make.member(make.site("Nantes"), role="manager"))
    for path in ("", "/accepter", "/decliner", "/attente"):
        assert stranger.get(f"/arrivees/candidature/{application.id}{path}").status_code == 404
    for path in ("", "/formulaire", "/accueil", "/accueil/liste"):
        assert stranger.get(f"/arrivees/{site.slug}{path}").status_code == 403
    assert stranger.get(f"/chartes/site/{site.slug}").status_code == 403
    assert stranger.post(f"/arrivees/question/{asked.id}/retirer").status_code == 404


def test_the_form_is_kept_by_pages(make: Make, sign_in: SignIn, site: Site, boss: Account) -> None:
    desk, base = sign_in(boss), f"/arrivees/{site.slug}/formulaire"
    typed = {"kind": "choice", "label_fr": "Jours ?", "label_en": "Days?"}
    refused = desk.post(f"{base}/question", data=typed | {"options_fr": "Un"})
    assert refused.status_code == 422
    assert 'id="options_fr-error"' in refused.text
    good = typed | {"options_fr": "Un\r\nDeux", "options_en": "One\nTwo", "required": "y"}
    assert desk.post(f"{base}/question", data=good).status_code == 303
    page = desk.get(base).text
    assert "Un, Deux" in page
    (question_id,) = re.findall(r"/arrivees/question/(\d+)/retirer", page)
    edit = desk.get(f"/arrivees/question/{question_id}").text
    assert "Un\nDeux" in edit
    desk.post(f"/arrivees/question/{question_id}/retirer")
    assert desk.get(f"/arrivees/question/{question_id}").status_code == 404
    desk.post(base, data={"intro_fr": "Bonjour"})
    assert "Bonjour" in desk.get(base).text
    assert "fermé" in desk.get(base).text


def test_a_checklist_is_kept_and_ticked_by_pages(
    make: Make, sign_in: SignIn, site: Site, boss: Account
) -> None:
    desk, base = sign_in(boss), f"/arrivees/{site.slug}/accueil"
    desk.post(f"{base}/usuelle")
    line = {"label_fr": "La boîte", "label_en": "The box", "kind": "other", "owner": "person"}
    refused = desk.post(f"{base}/ligne", data=line | {"person": "Personne", "due_days": "2"})
    assert 'id="person-error"' in refused.text
    desk.post(f"{base}/ligne", data=line | {"person": "Sophie Lambert", "due_days": "2"})
    assert "La boîte" in desk.get(f"{base}/liste").text
    newcomer = make.member(site, name="Nora Petit")
    begun = welcome_queries.ongoing_of(newcomer.id)
    assert begun
    tasks = {task.label_fr: task.id for task in begun.tasks}
    assert "On compte sur vous" in desk.get("/").text
    assert desk.get(f"/accueil/{begun.id}").status_code == 200
    desk.post(f"/accueil/tache/{tasks['La boîte']}", data={"done": "yes"})
    her = sign_in(newcomer)
    assert "1 sur 7" in her.get("/accueil").text
    assert her.post(f"/accueil/tache/{tasks['La boîte']}").status_code == 403
    assert sign_in(make.member(site)).get(f"/accueil/{begun.id}").status_code == 404


def test_a_charter_nudges_until_it_is_signed(
    make: Make, sign_in: SignIn, site: Site, boss: Account
) -> None:
    desk, base = sign_in(boss), f"/chartes/site/{site.slug}"
    texts = {"title_fr": "Charte", "title_en": "Charter", "body_fr": "**Un** <x>", "body_en": "One"}
    desk.post(base, data=texts | {"revision": "0"})
    stale = desk.post(base, data=texts | {"revision": "0", "title_fr": "Autre"})
    assert stale.status_code == 422
    assert "entre-temps" in stale.text
    desk.post(f"{base}/publier", data={"revision": "1"})
    member = make.member(site, name="Nora Petit")
    her = sign_in(member)
    assert "Charte attend votre signature" in her.get("/").text
    assert "Nora Petit" in desk.get(base).text
    (link,) = set(re.findall(r'href="(/chartes/\d+)"', her.get("/chartes").text))
    assert "<strong>Un</strong> &lt;x&gt;" in her.get(link).text
    her.post(link)
    assert "attend votre signature" not in her.get("/").text
    assert "Vous l’avez signée" in her.get(link).text
    assert "Nora Petit" not in desk.get(base).text


def test_the_page_of_a_site_counts_arrivals_for_its_managers_only(
    make: Make, sign_in: SignIn, site: Site, boss: Account
) -> None:
    m.applied(make, site)
    assert 'id="arrivals-panel"' in sign_in(boss).get(f"/sites/{site.slug}").text
    assert "arrivals-panel" not in sign_in(make.member(site)).get(f"/sites/{site.slug}").text
    assert re.search(r"Arrivées\s*<span class=\"count", sign_in(boss).get("/").text)


def test_a_form_carries_its_instant_signed_by_this_installation(
    app: Flask, client: FlaskClient, site: Site, boss: Account, frozen: object
) -> None:
    page = client.get(f"/adhesion/{site.slug}").text
    (stamp,) = re.findall(r'name="stamp"[^>]*value="([^"]*)"', page)
    stamps.check(stamp, state_of(app).settings.secret_key, now=NOW + timedelta(minutes=1))
    assert re.search(r'<div class="bait" aria-hidden="true">', page)
