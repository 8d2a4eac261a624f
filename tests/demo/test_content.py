"""The texts of the demo network: complete, coherent, well typed, the same every time."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from incubator.demo.content import load, threads_linked, with_addresses
from incubator.demo.contributions import contributions
from incubator.demo.moments import When
from incubator.demo.shapes import Content, Room
from incubator.network.members import firm_rules, rules
from incubator.network.members.registration import clean_registration
from incubator.network.members.sectors import SECTORS

NOW = datetime(2026, 3, 18, 16, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def content() -> Content:
    return load()


def site_of(content: Content) -> dict[str, str]:
    return {member.email: member.site for member in content.members}


def skill_slugs(content: Content) -> set[str]:
    return {skill.slug for skill in content.skills if skill.parent}


def arrival_texts(content: Content) -> Iterator[str]:
    yield from (content.charter[0], content.charter[2])
    for place in content.arrivals:
        yield place.intro_fr
        yield from (question.fr for question in place.questions)
        for one in place.applicants:
            if one.language == "fr":
                yield from (one.activity, one.why, one.gives, one.reason, one.note)
                yield from (word.partition(": ")[2] for word in one.said)


def french_texts(content: Content) -> Iterator[str]:
    for site in content.sites:
        yield from (site.presentation, *(closure.reason for closure in site.closures))
    for member in content.members:
        yield from (member.headline, member.about)
    yield from texts_of_profiles(content)
    yield from texts_of_firms(content)
    for thread in content.threads:
        yield from (thread.title, thread.body, *(answer.body for answer in thread.answers))
    for room in content.rooms:
        yield from (room.name or "", room.about or "", *(m.body for m in room.messages))
    for kind in content.patterns.kinds:
        yield from kind.notes
    yield from content.patterns.refusals
    yield from arrival_texts(content)
    yield from (skill.fr for skill in content.skills)


def texts_of_profiles(content: Content) -> Iterator[str]:
    for profile in content.profiles:
        yield from (label for label, _ in profile.links)
        yield from profile.mentoring[1:2] if profile.mentoring else ()


def texts_of_firms(content: Content) -> Iterator[str]:
    for firm in content.firms:
        yield from (firm.name, firm.activity, firm.short, firm.long)
        yield from (each.title for each in firm.past)
    for request in content.firm_requests:
        yield from (request.title, request.message)


def moments(content: Content) -> Iterator[When]:
    yield from (thread.when for thread in content.threads)
    yield from (answer.when for thread in content.threads for answer in thread.answers)
    yield from (message.when for room in content.rooms for message in room.messages)


def rooms_of_sites(content: Content) -> Iterator[tuple[str, Room]]:
    for room in content.rooms:
        kind, _, slug = room.key.partition(":")
        if kind == "site":
            yield slug, room


def test_the_network_has_the_announced_size(content):
    assert len(content.sites) == 5
    assert len(content.members) == 80
    assert len(content.firms) == 60
    assert len(content.threads) == 40
    assert len(open_rooms(content)) == 13
    assert len(content.rooms) == 17
    assert 330 <= sum(len(room.messages) for room in content.rooms) <= 390
    assert sum(skill.parent is None for skill in content.skills) == 11
    assert 55 <= len(skill_slugs(content)) <= 70


def test_reading_twice_gives_the_same_content(content):
    assert load() == content


def test_the_sites_lie_in_three_time_zones_with_hues_of_their_own(content):
    zones = {ZoneInfo(site.time_zone).key for site in content.sites}
    assert len(zones) == 3
    assert len({site.hue for site in content.sites}) == 5
    assert all(0 <= site.hue < 12 for site in content.sites)


def test_every_site_opens_before_it_closes_and_closes_now_and_then(content):
    for site in content.sites:
        assert len({opening.weekday for opening in site.openings}) >= 5
        assert all(opening.opens < opening.closes for opening in site.openings)
        assert 1 <= len(site.closures) <= 2


def test_addresses_and_slugs_are_unique(content):
    for keys in (
        [member.email for member in content.members],
        [member.name for member in content.members],
        [firm.slug for firm in content.firms],
        [firm.name for firm in content.firms],
        [firm.web for firm in content.firms],
        [skill.slug for skill in content.skills],
        [thread.slug for thread in content.threads],
        [room.key for room in content.rooms],
    ):
        assert len(keys) == len(set(keys))


def test_an_address_is_first_and_last_name_at_the_demo_domain(content):
    for member in content.members:
        assert re.fullmatch(
            r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*@passerelles\.example", member.email
        )


def test_each_site_has_one_manager_and_the_network_one_administrator(content):
    managers = Counter(member.site for member in content.members if member.role == "manager")
    roles = Counter(member.role for member in content.members)
    assert managers == {site.slug: 1 for site in content.sites}
    assert roles == {"resident": 72, "manager": 5, "administrator": 1, "guest": 2}


def test_members_know_two_to_five_skills_of_the_vocabulary(content):
    known = skill_slugs(content)
    for member in content.members:
        assert 2 <= len(member.skills) <= 5
        assert {slug for slug, _ in member.skills} | set(member.wanted) <= known
        assert {level for _, level in member.skills} <= {1, 2, 3}
        assert not {slug for slug, _ in member.skills} & set(member.wanted)


def test_pledges_are_between_eight_and_fifteen_hours_a_month(content):
    for member in content.members:
        assert 480 <= member.pledge_minutes <= 900
        assert member.rhythm in content.patterns.rhythms
        assert member.time_zone is None or ZoneInfo(member.time_zone)


def test_a_skill_belongs_to_a_family_and_says_its_name_in_both_languages(content):
    families = {skill.slug for skill in content.skills if skill.parent is None}
    for skill in content.skills:
        assert skill.parent is None or skill.parent in families
        assert skill.fr
        assert skill.en


def test_firms_have_people_of_their_site_and_skills_of_the_vocabulary(content):
    home = site_of(content)
    for firm in content.firms:
        assert firm.people
        assert {home[email] for email, _ in firm.people} == {firm.site}
        assert set(firm.offers) | set(firm.needs) <= skill_slugs(content)
        assert firm.web.endswith(".example")


def test_past_roles_and_requests_are_of_people_and_firms_of_the_demo(content):
    home, slugs = site_of(content), {firm.slug for firm in content.firms}
    past = [(firm, each) for firm in content.firms for each in firm.past]
    assert len(past) >= 8
    for firm, each in past:
        assert each.email in home
        assert each.email not in {email for email, _ in firm.people}
        assert each.began > each.ended > 0
    assert {each.kind for each in content.firm_requests} == set(firm_rules.KINDS)
    for each in content.firm_requests:
        assert each.email in home
        assert each.firm in slugs


def test_company_numbers_pass_their_checksum_and_belong_to_nobody(content):
    numbers = [firm.siren for firm in content.firms if firm.siren]
    assert len(numbers) == len(set(numbers)) > 30
    for number in numbers:
        assert clean_registration(number, "FR") == number
        assert number.startswith("000")


def test_what_people_say_passes_the_rules_of_the_house(content):
    for member in content.members:
        assert rules.clean_languages(member.languages) == ",".join(member.languages)
        assert rules.clean_phone(member.phone or "") == (member.phone or "")
        assert len(member.headline) <= 80
        assert len(member.about) <= rules.ABOUT_LENGTH
    for firm in content.firms:
        assert rules.clean_web(firm.web) == firm.web
        assert firm_rules.check_size(firm.size)
        assert firm.sector in SECTORS
        assert firm.activity


def test_questions_come_from_their_site_and_answers_come_later(content):
    home = site_of(content)
    for thread in content.threads:
        assert home[thread.author] == thread.site
        assert set(thread.skills) <= skill_slugs(content)
        instants = [thread.when.instant(NOW), *(a.when.instant(NOW) for a in thread.answers)]
        assert all(earlier < later for earlier, later in pairwise(instants))


def test_a_thread_accepts_one_answer_of_somebody_else_at_most(content):
    home = site_of(content)
    accepted = 0
    for thread in content.threads:
        kept = [answer.author for answer in thread.answers if answer.accepted]
        assert len(kept) <= 1
        assert thread.author not in kept
        assert {answer.author for answer in thread.answers} <= home.keys()
        accepted += len(kept)
    assert accepted >= 20
    assert sum(not thread.answers for thread in content.threads) >= 3


def is_direct(room):
    return room.key.startswith("direct:")


def open_rooms(content):
    return [room for room in content.rooms if not is_direct(room)]


def test_messages_follow_the_clock_and_some_are_of_today_and_yesterday(content):
    for room in content.rooms:
        instants = [message.when.instant(NOW) for message in room.messages]
        assert all(earlier < later for earlier, later in pairwise(instants))
        assert (
            is_direct(room)
            or room.archived
            or 0 in {message.when.days_ago for message in room.messages}
        )


def test_conversations_are_of_two_or_a_few_who_all_write(content):
    directs = [room for room in content.rooms if is_direct(room)]
    assert directs
    for room in directs:
        assert len(room.members) in {2, 3}
        assert set(room.members) == {message.author for message in room.messages}


def test_only_people_of_the_site_write_in_its_room(content):
    home = site_of(content)
    slugs = set()
    for slug, room in rooms_of_sites(content):
        slugs.add(slug)
        assert {home[message.author] for message in room.messages} == {slug}
        assert room.name is None
    assert slugs == {site.slug for site in content.sites}


def test_the_rooms_of_the_network_mix_the_cities(content):
    home = site_of(content)
    for room in open_rooms(content):
        cities = {home[message.author] for message in room.messages}
        assert (
            room.key.startswith("site:") or len(cities) >= 3 or room.key == "topic:salon-de-rennes"
        )
        if room.private:
            assert set(room.members) >= {message.author for message in room.messages}
        assert set(room.members) <= home.keys()


def test_guests_neither_ask_nor_write(content):
    guests = {member.email for member in content.members if member.role == "guest"}
    wrote = {message.author for room in content.rooms for message in room.messages}
    asked = {thread.author for thread in content.threads}
    answered = {answer.author for thread in content.threads for answer in thread.answers}
    assert not guests & (wrote | asked | answered)


def test_links_in_messages_lead_to_older_threads_of_the_demo(content):
    asked = {thread.slug: thread.when.instant(NOW) for thread in content.threads}
    linked = 0
    for room in content.rooms:
        for message in room.messages:
            for slug in threads_linked(message.body):
                linked += 1
                assert asked[slug] < message.when.instant(NOW), message.body
    assert linked >= 25


def test_a_link_is_given_the_address_of_its_thread():
    body = "Lisez [ceci](thread:contrat-new-york) et [cela](thread:bail-serrure)."
    assert with_addresses(body, lambda slug: f"/entraide/{len(slug)}") == (
        "Lisez [ceci](/entraide/16) et [cela](/entraide/12)."
    )


def test_french_typography_is_right_everywhere(content):
    for text in french_texts(content):
        prose = re.sub(r"`[^`]*`|\]\([^)]*\)", "", text)
        assert "'" not in prose, text
        assert not re.search(r"[^\u202f][;!?»]", prose), text
        assert not re.search(r" [;:!?»]|« |\.\.\.", prose), text
        assert not re.search(r"\w:(\s|$)", prose), text


@pytest.mark.parametrize("hour", [0, 5, 7, 9, 12, 18, 23])
def test_nothing_in_the_demo_lies_in_the_future(content, hour):
    now = datetime(2026, 3, 18, hour, 1, tzinfo=UTC)
    assert all(when.instant(now) <= now for when in moments(content))


@pytest.mark.parametrize("hour", [0, 8, 9, 13, 22])
def test_the_order_of_a_day_survives_any_hour_of_loading(content, hour):
    now = datetime(2026, 7, 1, hour, 20, tzinfo=UTC)
    for room in content.rooms:
        instants = [message.when.instant(now) for message in room.messages]
        assert all(earlier < later for earlier, later in pairwise(instants))


def test_a_moment_is_counted_back_on_the_clock_of_its_place():
    when = When(2, time(8, 30), "America/Toronto")
    assert when.instant(NOW) == datetime(2026, 3, 16, 12, 30, tzinfo=UTC)


def test_before_nine_today_is_still_yesterday():
    when = When(0, time(18), "Africa/Dakar")
    early = datetime(2026, 3, 18, 8, 59, tzinfo=UTC)
    assert when.instant(early) == datetime(2026, 3, 17, 18, tzinfo=UTC)


def test_hours_are_the_same_for_the_same_day_and_seed(content):
    lines = contributions(content, NOW)
    assert lines == contributions(content, NOW + timedelta(hours=2))
    assert lines != contributions(content, NOW, seed=7)


@pytest.mark.parametrize("month", range(1, 13))
def test_six_months_of_hours_in_any_season(content, month):
    lines = contributions(content, datetime(2026, month, 15, 10, tzinfo=UTC))
    assert 1500 <= len(lines) <= 2500
    outcomes = Counter(line.outcome for line in lines)
    assert outcomes["confirmed"] > 0.9 * len(lines)
    assert {line.when.days_ago <= 7 for line in lines if line.outcome == "declared"} == {True}
    assert outcomes["declared"] >= 10


def test_every_line_of_hours_is_plausible(content):
    home = site_of(content)
    joined = {member.email: member.joined_days_ago for member in content.members}
    guests = {member.email for member in content.members if member.role == "guest"}
    for line in contributions(content, NOW):
        assert 0 < line.minutes <= 240
        assert line.minutes % 15 == 0
        assert line.giver in home
        assert line.receiver != line.giver
        assert joined[line.giver] > line.when.days_ago >= 1
        assert line.receiver is None or joined[line.receiver] > line.when.days_ago
        assert not {line.giver, line.receiver} & guests
        assert (line.outcome == "refused") == (line.reason is not None)
        assert "{" not in line.note


def test_nobody_works_on_week_ends_feasts_or_while_the_site_is_closed(content):
    lines = contributions(content, NOW)
    days = {line.when.day(NOW) for line in lines}
    assert {day.weekday() for day in days} == {0, 1, 2, 3, 4}
    assert not [line for line in lines if f"{line.when.day(NOW):%m-%d}" in {"12-25", "01-01"}]
    lyon = {line.when.days_ago for line in lines if site_of(content)[line.giver] == "lyon"}
    assert 47 not in lyon


def test_the_rhythm_of_a_member_shows_in_their_hours(content):
    given = Counter()
    for line in contributions(content, NOW):
        given[line.giver] += line.minutes
    share = {m.rhythm: [] for m in content.members}
    for member in content.members:
        share[member.rhythm].append(given[member.email] / member.pledge_minutes / 6)
    mean = {rhythm: sum(shares) / len(shares) for rhythm, shares in share.items()}
    assert mean["none"] == 0
    assert mean["new"] < mean["late"] < mean["on-leave"] < mean["regular"] < mean["generous"]


def test_half_of_the_members_say_more_of_themselves(content):
    told = [profile.email for profile in content.profiles]
    assert len(set(told)) == len(told) >= len(content.members) / 2
    assert set(told) <= {member.email for member in content.members}
    assert sum(profile.mentoring is not None for profile in content.profiles) > 20
    assert {profile.availability[0] for profile in content.profiles if profile.availability} == {
        "limited",
        "away",
    }
    assert sum(bool(profile.audiences) for profile in content.profiles) > 10
