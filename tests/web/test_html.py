"""Every page that can be read, as every kind of person: correct HTML that names its fields."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from sqlalchemy import func, select

from incubator.domain.chat import links
from incubator.domain.chat.bots import keeping
from incubator.domain.chat.care import reporting
from incubator.domain.chat.care.models import ChatCase
from incubator.domain.help.learning import sheets, thanks
from incubator.domain.help.stop_links import Stop
from incubator.domain.membership import erasures, welcome_checklist
from incubator.domain.membership.welcome_queries import ongoing_of
from incubator.domain.newsletter import commands as editions
from incubator.edge.pages import ENGLISH
from incubator.kernel.db import db, transaction
from incubator.network.letters.kinds import kind_named
from incubator.network.letters.stop_links import Stop as Refused
from incubator.network.members import proposals
from incubator.network.members.firm_people import lasting_role
from incubator.reactions.audit.models import AuditEntry
from tests import factories_care as care
from tests import factories_chat as chat
from tests import factories_commitments as hours
from tests import factories_help as help_
from tests import factories_life as life
from tests import factories_membership as arrival
from tests import factories_weekly as weekly
from tests.factories_accounts import PASSWORD, invitation, letters, link_in
from tests.factories_circles import circle
from tests.factories_credit import credit_pages
from tests.factories_deals import deal_pages
from tests.factories_hour_pages import hour_pages
from tests.factories_invoices import invoice_pages
from tests.factories_listings import Trader, listing, renewal, searched
from tests.factories_members import a_firm, asks_to_join, offers
from tests.factories_notices import a_document, announced
from tests.factories_rings import ring_pages
from tests.factories_rounds import round_pages
from tests.factories_talks import talked
from tests.rivals import rested

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.routing import Rule

    from incubator.domain.help.models import Question
    from incubator.network.accounts.models import Account
    from tests.factories import Make

    SignIn = Callable[[Account], FlaskClient]

PEOPLE = ("visitor", "guest", "asker", "helper", "manager", "administrator")
NO_PAGE = {
    "static",
    "art",
    "documents.download",
    "exchanges.photo",
    "help.file",
    "help.image",
    "sites.photo",
    "members.card",
    "skills.suggestions",
    "members.portrait",
    "firms.logo",
    "home.health",
    "chat.file",
    "chat.image",
    "chat.sync",
    "mail.copy",
    "mail.preview_html",
    "notifications.number",
    "pwa.icon",
    "pwa.manifest",
    "pwa.worker",
    "notifications.show",
    "home.titles",
    "commitments.export_csv",
    "credit.desk_csv",
    "commitments.code_image",
    "commitments.feed",
    "help.feed",
    "commitments.screen_code",
    "commitments.slot_file",
    "commitments.statement_csv",
    "commitments.statement_pdf",
    "commitments.worker",
    "invoices.entries_csv",
    "invoices.file",
    "invoices.invoice_pdf",
    "invoices.setoff_pdf",
    "invoices.year_zip",
}
# Behind a mailed link (below), or an address that only leads to another.
ELSEWHERE = {
    "auth.new_password",
    "auth.confirm_email",
    "chat.at_message",
    "commitments.rota",
    "commitments.site_desk",
    "exchanges.by_id",
    "exchanges.search",
    "help.answer_here",
    "help.by_id",
    "help.letters",
    "membership.arrivals",
    "membership.confirm",
    "membership.mine",
}
# Pages of the membership that are about a person; the others are about a site.
COURSES = {"life", "leave", "transfer", "exit_", "double"}
# Pages of the hours that are about a person.
PROMISES = {"pledge", "plan", "pause", "lift"}
# Pages of a deal that is not signed yet.
TERMS = {"edit", "sign", "decline"}
# Pages of a thread that is solved and has a practice sheet.
TAUGHT = {"sheet", "sheet_write", "sheet_history"}
# Pages of an answer whose names do not say it.
OF_AN_ANSWER = {"count", "thank"}
NAMED_OTHERWISE = ("aria-label", "aria-labelledby", "title")


class Network:
    """Something of everything, and what to put in the addresses that lead there."""

    def __init__(self, make: Make) -> None:
        self.site = make.site("Lyon")
        here = self.site
        self.people: dict[str, Account] = {
            "asker": make.member(here, name="Camille Dervaux"),
            "helper": make.member(here, name="Guillaume Roy", email="roy@example.org"),
            "guest": make.member(here, role="guest", name="Olga Kowalska"),
            "manager": make.member(here, role="manager", name="Sophie Lambert"),
            "administrator": make.member(role="administrator", name="Gaëlle Riou"),
        }
        # The letter of this week, and the draft of the next one.
        told = ("member", self.people["asker"].id)
        sent = weekly.a_draft(here, told)
        with transaction():
            assert editions.leave(sent, now=weekly.FRIDAY)
        self.draft_of_week = weekly.a_draft(here, told, week=weekly.NEXT_WEEK)
        chat.rooms(make)
        chat.sit(make, *self.people.values())
        self.fill(make)
        self.arrive(make)

    def fill(self, make: Make) -> None:
        """Skills, a firm, hours, a thread, messages, an invitation."""
        asker, helper = self.people["asker"], self.people["helper"]
        self.slug, self.secret = make.actor(asker).slug, make.settings.secret_key
        term = self.skill = help_.skill(make, offered_by=(helper,))
        offers(asker, term)
        with transaction():
            self.proposal = proposals.propose(make.actor(helper), name="Apiculture", now=make.now)
        self.firm = a_firm(make, asker, offers=[term.id])
        role = lasting_role(self.firm.id, asker.id)
        assert role
        self.role = role.id
        asks_to_join(make, helper, self.firm, message="Bonjour <b>")
        self.open = hours.declared(make, asker, receiver=helper, note="Du <miel> & des étiquettes")
        self.held = hours.confirmed(make, asker, self.people["manager"])
        hours.pledged(make, asker, self.people["manager"])
        self.ask(make)
        for number in range(3):
            chat.say(make, helper, chat.room_of(self.site), f"Bonjour *{number}* <b>")
        self.converse(make)
        self.invited = invitation(make, self.people["manager"], self.site).token
        self.furnish(make)

    def converse(self, make: Make) -> None:
        """A room with a link into it, a bot, and a message that somebody reports."""
        asker, helper = self.people["asker"], self.people["helper"]
        self.room = chat.topic(make, helper)
        chat.say(make, helper, self.room.id)
        with transaction():
            self.way = links.make(make.actor(helper), self.room.id, days=7, now=make.now)
            wanted = keeping.Wanted(name="Facteur <i>")
            self.bot = keeping.make(make.actor(helper), self.room.id, wanted, now=make.now).bot
            reporting.report(
                make.actor(asker), self.room.slug, 1, reason="unkind", words="<i>", now=make.now
            )
        self.reported = db.session.scalars(select(ChatCase.id)).one()

    def ask(self, make: Make) -> None:
        """A thread with an answer somebody is thankful for, and a question half asked."""
        asker, helper = self.people["asker"], self.people["helper"]
        # Without it a question and its answer have the same number on SQLite.
        help_.question(make, helper, self.skill)
        self.question = help_.question(make, asker, self.skill)
        self.answer = help_.answer(make, helper, self.question)
        with transaction():
            thanks.thank(make.actor(asker), self.answer.id, words="", now=make.now)
        self.comment = help_.comment(make, asker, self.question, answer_id=self.answer.id)
        help_.drafted(make, asker, "Une question <à> finir")

    @staticmethod
    def teach(make: Make, asker: Account, helper: Account) -> Question:
        """A solved thread, and its practice sheet written twice."""
        solved = help_.question(make, asker)
        help_.accept(make, asker, help_.answer(make, helper, solved))
        first = {"title": "Ce qui <a> marché", "body": "Du *miel* & <b>rien</b>"}
        with transaction():
            made = sheets.make(make.actor(asker), solved.id, **first, now=make.now)
            again = {"title": "Ce qui marche", "body": "Du miel", "revision": made.revision}
            sheets.edit(make.actor(helper), solved.id, **again, now=make.now)
        return solved

    def furnish(self, make: Make) -> None:
        """An announcement, a document, a leave asked for, a departure, an erasure."""
        asker, helper = self.people["asker"], self.people["helper"]
        manager = self.people["manager"]
        self.case = care.report(make, helper, self.comment, words="Un <ton> & des mots")
        self.taught = self.teach(make, asker, helper)
        self.hours = hour_pages(make, asker, manager, self.site)
        self.notice = announced(make, manager, self.site)
        self.document = a_document(make, manager, self.site)
        self.deals = deal_pages(make, asker, self.firm)
        self.invoices = invoice_pages(make, asker, self.firm)
        self.rings = ring_pages(make, Trader(asker, self.firm, self.site))
        boss = self.people["administrator"]
        self.credit = credit_pages(make, boss, self.firm, self.site)
        self.rounds = round_pages(make, boss, asker, self.firm)
        self.search = searched(make, asker)
        self.listing = listing(make, asker, self.firm, self.site, self.skill, title="Un <b>besoin")
        self.process = life.asked(make, asker, "leave", reason="Un <repos> & du miel")
        life.asked(make, helper, "exit", by=self.people["manager"])
        self.circle = circle(make, manager, helper)
        self.talk = talked(make, asker, helper, self.question)
        with transaction():
            self.erasure = erasures.ask_erasure(make.actor(helper), now=make.now)

    def arrive(self, make: Make) -> None:
        """A form, an application, a newcomer with a checklist, a charter."""
        site, boss = self.site, self.people["manager"]
        arrival.open_door(make, site, boss, intro_fr="Bienvenue <ici>\n& là")
        self.asked = arrival.question(make, site, boss)
        for kind in ("long", "yes_no"):
            arrival.question(make, site, boss, kind=kind, label_fr=kind)
        said = {self.asked.id: "Par <b>une amie</b>"}
        application = arrival.sent(make, site, answers=said)
        self.followed = arrival.confirmed(make, application)
        self.application = arrival.again(application)
        self.charter = arrival.charter(make, site, boss)
        arrival.checklist(make, site, boss)
        self.item = welcome_checklist.items_of(site.id)[0]
        newcomer = make.member(site, name="Nora Petit")
        begun = ongoing_of(newcomer.id)
        assert begun
        self.welcome, self.task_id = begun, begun.tasks[0].id

    def value(self, endpoint: str, name: str) -> Any:
        """What fills a place of an address."""
        feature, _, page = endpoint.partition(".")
        member, site = self.slug, self.site.slug
        if feature == "invoices" and name != "year":
            return (self.invoices[""] | self.invoices.get(page, {}))[name]
        slugs = {
            "help": self.room.slug if page == "from_room" else self.question.slug,
            "chat": member if page == "with_person" else self.room.slug,
            "sites": site,
            "newsletter": site,
            "credit": site,
            "exchanges": self.listing.slug,
            "members": member,
            "firms": self.firm.slug,
            "circles": self.circle.slug,
            "commitments": self.commitments_slug(page),
            "membership": member if page in COURSES else site,
            "presence": site if page == "on_site" else member,
        }
        refused = Refused(self.people["asker"].id, kind_named("hours_half"))
        stop = Stop(self.people["asker"].id, "thread", self.question.id)
        tokens = {
            "membership": self.followed,
            "commitments": self.hours["code"],
            "help": stop.token(self.secret),
            "exchanges": renewal(self.listing, self.people["asker"]).token(self.secret),
            "chat": self.way,
            "letters": refused.token(self.secret),
        }
        return {
            **self.hours,
            **self.deals,
            **self.rings,
            **self.credit,
            **self.rounds,
            "deal_id": self.rings["ring_deal"]
            if page == "ring"
            else self.deals["talking" if page in TERMS else "deal"],
            "code": "coworking" if page == "kind_edit" else self.hours["code"],
            "application_id": self.application.id,
            "question_id": self.asked.id,
            "item_id": self.item.id,
            "task_id": self.task_id,
            "version_id": self.charter.id,
            "welcome_id": self.welcome.id,
            "contribution_id": self.hours["refused_id"] if page == "appeal" else self.open.id,
            "member_id": self.people["asker"].id,
            "skill_id": self.skill.id,
            "proposal_id": self.proposal.id,
            "notice_id": self.notice.id,
            "document_id": self.document.id,
            "listing_id": self.listing.id,
            "search_id": self.search.id,
            "comment_id": self.comment.id,
            "talk_id": self.talk.id,
            "role_id": self.role,
            "token": tokens.get(feature, self.invited),
            "kind": "digest",
            "name": "vos-heures",
            "language": "fr",
            "post": f"question-{self.question.id}",
            "process_id": self.process.id,
            "erasure_id": self.erasure.id,
            "edition_id": self.draft_of_week,
            "year": weekly.THIS_WEEK.year,
            "week": weekly.THIS_WEEK.number,
            "entry_id": db.session.scalar(select(func.min(AuditEntry.id))),
            "bot": self.bot.id,
            "no": 1,
            "id": self.said(page) if feature == "chat" else self.numbered(page),
            "slug": slugs.get(feature),
        }[name]

    def commitments_slug(self, page: str) -> str:
        """Whose hours a page is about: a firm's, a member's or a site's."""
        if page == "firm_pledge":
            return self.firm.slug
        return self.slug if page in PROMISES else self.site.slug

    def said(self, page: str) -> int:
        """What the number in an address of the chat stands for."""
        return self.reported if page == "case" else self.room.id

    def numbered(self, page: str) -> int:
        """What the number in an address of the mutual help stands for."""
        if page == "report_case":
            return self.case.id
        if page in TAUGHT:
            return self.taught.id
        of_an_answer = "answer" in page or page in OF_AN_ANSWER
        return self.answer.id if of_an_answer else self.question.id


@pytest.fixture
def network(make: Make, frozen: object) -> Network:
    made = Network(make)
    # Its rows stay as they are: after each request they would be read again.
    rested(*db.session)
    db.session.expunge_all()
    return made


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    """The French addresses of pages, and what they are called."""
    for rule in app.url_map.iter_rules():
        skipped = rule.endpoint in NO_PAGE or rule.endpoint.split(".")[0] in NO_PAGE
        if "GET" in (rule.methods or ()) and not skipped and not rule.endpoint.endswith(ENGLISH):
            yield rule, rule.endpoint


def path(rule: Rule, network: Network) -> str:
    values = {name: network.value(rule.endpoint, name) for name in rule.arguments}
    built = rule.build(values)
    assert built
    return built[1]


def unnamed(root: Element) -> list[str]:
    """Fields without a label."""
    labels = {one.get("for") for one in root.iter("label")}
    inside = {field for label in root.iter("label") for field in label.iter()}
    return [
        f"no label: {field.tag} {field.get('name')}"
        for tag in ("input", "select", "textarea")
        for field in root.iter(tag)
        if field.get("type") not in {"hidden", "submit"}
        and field.get("hidden") is None
        and field.get("id", "-") not in labels
        and field not in inside
        and not any(map(field.get, NAMED_OTHERWISE))
    ]


def dangling(root: Element, ids: set[str]) -> list[str]:
    """References to ids that the page does not have."""
    names = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "popovertarget", "list")
    return [
        f"{name} leads nowhere: {wanted}"
        for one in root.iter()
        for name in names
        for wanted in (one.get(name) or "").split()
        if wanted not in ids
    ]


def faults(text: str) -> list[str]:
    """Everything wrong with the HTML of a page."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(text)
    ids = Counter(one.get("id") for one in root.iter() if one.get("id") is not None)
    found = [f"line {place[0]}: {code} {more}" for place, code, more in parser.errors]
    found += [f"twice: #{name}" for name, times in ids.items() if times > 1]
    headings = sum(1 for _ in root.iter("h1"))
    found += [f"{headings} h1"] if headings != 1 else []
    return found + unnamed(root) + dangling(root, set(ids))


def enter(app: Flask, sign_in: SignIn, network: Network, who: str) -> FlaskClient:
    return app.test_client() if who == "visitor" else sign_in(network.people[who])


def read(app: Flask, browser: FlaskClient, network: Network) -> tuple[dict[str, list[str]], set]:
    """The faults of every page a person may ask for, and which of them they could read."""
    wrong: dict[str, list[str]] = {}
    seen = set()
    for rule, endpoint in rules(app):
        answer = browser.get(path(rule, network))
        assert answer.status_code < 500, rule.rule
        if answer.mimetype == "text/html" and answer.status_code not in {302, 303, 308}:
            wrong[f"{rule.rule} {answer.status_code}"] = faults(answer.text)
        if answer.status_code == 200:
            seen.add(endpoint)
    return {page: found for page, found in wrong.items() if found}, seen


# Walks prove little about lines: other tests must cover them.
@pytest.mark.no_cover
@pytest.mark.slow
def test_every_page_is_correct_html_and_somebody_can_read_it(
    app: Flask, network: Network, sign_in: SignIn
) -> None:
    wrong, seen = {}, set()
    for who in PEOPLE:
        wrong[who], could = read(app, enter(app, sign_in, network, who), network)
        seen |= could
    assert {who: found for who, found in wrong.items() if found} == {}
    moved = {endpoint for _, endpoint in rules(app) if ".once_" in endpoint}
    assert {endpoint for _, endpoint in rules(app)} - seen - moved - ELSEWHERE == set()


@pytest.mark.no_cover
@pytest.mark.parametrize("who", PEOPLE)
def test_a_form_sent_empty_comes_back_as_correct_html(
    app: Flask, network: Network, sign_in: SignIn, who: str
) -> None:
    browser = enter(app, sign_in, network, who)
    wrong = {}
    for rule, _ in rules(app):
        if "POST" in (rule.methods or ()):
            answer = browser.post(path(rule, network), data={})
            if answer.status_code == 422:
                wrong[rule.rule] = faults(answer.text)
    assert {page: found for page, found in wrong.items() if found} == {}


def test_pages_behind_mailed_links_are_correct_html(
    app: Flask, make: Make, client: FlaskClient
) -> None:
    make.member(make.site(), email="elise@example.org", password=PASSWORD)
    client.post("/connexion", data={"email": "elise@example.org", "password": PASSWORD})
    client.post(
        "/moi/reglages/compte/adresse", data={"current": PASSWORD, "email": "new@example.org"}
    )
    app.test_client().post("/connexion/oubli", data={"email": "elise@example.org"})
    links = [link_in(letter) for letter in letters(app, make)]
    pages = [app.test_client().get(link) for link in links]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert [faults(page.text) for page in pages] == [[], [], []]
