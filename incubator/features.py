"""The table of contents: one line a feature."""

from collections.abc import Callable

from incubator.blueprints import (
    admin,
    art,
    auth,
    chat,
    circles,
    commitments,
    credit,
    deals,
    documents,
    exchanges,
    firms,
    guide,
    home,
    invoices,
    letters,
    mail,
    members,
    membership,
    newsletter,
    notices,
    notifications,
    preferences,
    presence,
    push,
    pwa,
    rings,
    roster,
    rounds,
    search,
    sites,
    skills,
    statements,
)
from incubator.blueprints import help as mutual_help
from incubator.blueprints.chat import sockets as chat_sockets
from incubator.reactions import audit
from incubator.reactions import mail as letters_sent
from incubator.reactions.bridges import (
    applicants_who_join,
    closed_days,
    counted_help,
    credited_deals,
    credited_invoices,
    departures,
    followed_threads,
    found_rings,
    merged_members,
    merged_skills,
    newcomers,
    presence_on_site,
    proof_of_help,
    relieved_slots,
    rooms_of_deals,
    rooms_of_the_network,
    routed_questions,
    searched_threads,
    unanswered_needs,
    welcome_ticks,
)
from incubator.reactions.live import panels as live_panels
from incubator.reactions.live import reactions as live
from incubator.reactions.mail import applications, arrivals, hours_news, life_letters, mailings
from incubator.reactions.mail import care as care_letters
from incubator.reactions.mail import circles as circle_letters
from incubator.reactions.mail import credit as credit_letters
from incubator.reactions.mail import deals as deal_letters
from incubator.reactions.mail import hours as hours_letters
from incubator.reactions.mail import listings as listing_letters
from incubator.reactions.mail import newsletter as weekly_letters
from incubator.reactions.mail import quotes as quote_letters
from incubator.reactions.mail import reports as report_letters
from incubator.reactions.mail import requests as request_letters
from incubator.reactions.mail import rings as ring_letters
from incubator.reactions.mail import room_reports as room_report_letters
from incubator.reactions.mail import room_reports_waiting as room_reports_waiting_letters
from incubator.reactions.mail import rooms as room_letters
from incubator.reactions.mail import rounds as round_letters
from incubator.reactions.mail import slots as slot_letters
from incubator.reactions.mail import threads as thread_letters
from incubator.reactions.mail import told as told_letters
from incubator.reactions.newsletter import hourly as weekly_clock

FEATURES = (
    home.FEATURE,
    art.FEATURE,
    pwa.FEATURE,
    preferences.FEATURE,
    letters.FEATURE,
    notifications.FEATURE,
    push.FEATURE,
    mail.FEATURE,
    members.FEATURE,
    firms.FEATURE,
    skills.FEATURE,
    sites.FEATURE,
    presence.FEATURE,
    notices.FEATURE,
    newsletter.FEATURE,
    documents.FEATURE,
    roster.FEATURE,
    membership.FEATURE,
    commitments.FEATURE,
    credit.FEATURE,
    mutual_help.FEATURE,
    circles.FEATURE,
    deals.FEATURE,
    invoices.FEATURE,
    exchanges.FEATURE,
    rounds.FEATURE,
    rings.FEATURE,
    auth.FEATURE,
    admin.FEATURE,
    chat.FEATURE,
    search.FEATURE,
    guide.FEATURE,
    statements.FEATURE,
)

REACTIONS: tuple[Callable[[], None], ...] = (
    audit.subscribe,
    letters_sent.subscribe,
    arrivals.subscribe,
    applications.subscribe,
    mailings.subscribe,
    life_letters.subscribe,
    hours_letters.subscribe,
    hours_news.subscribe,
    slot_letters.subscribe,
    thread_letters.subscribe,
    request_letters.subscribe,
    care_letters.subscribe,
    circle_letters.subscribe,
    credit_letters.subscribe,
    deal_letters.subscribe,
    listing_letters.subscribe,
    round_letters.subscribe,
    ring_letters.subscribe,
    quote_letters.subscribe,
    report_letters.subscribe,
    room_report_letters.subscribe,
    room_reports_waiting_letters.subscribe,
    weekly_letters.subscribe,
    weekly_clock.subscribe,
    room_letters.subscribe,
    told_letters.subscribe,
    unanswered_needs.subscribe,
    found_rings.subscribe,
    closed_days.subscribe,
    relieved_slots.subscribe,
    rooms_of_deals.subscribe,
    rooms_of_the_network.subscribe,
    proof_of_help.subscribe,
    counted_help.subscribe,
    credited_invoices.subscribe,
    credited_deals.subscribe,
    searched_threads.subscribe,
    followed_threads.subscribe,
    routed_questions.subscribe,
    merged_skills.subscribe,
    newcomers.subscribe,
    applicants_who_join.subscribe,
    welcome_ticks.subscribe,
    departures.subscribe,
    merged_members.subscribe,
    presence_on_site.subscribe,
    live.subscribe,
    live_panels.subscribe,
)

# What sockets may ask.
SOCKETS = (chat_sockets.EVENTS,)
