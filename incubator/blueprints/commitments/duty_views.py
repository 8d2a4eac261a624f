"""One's own duties: what comes, when to be reminded, and a private address for calendars."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask_babel import force_locale
from flask_babel import gettext as _

from incubator.blueprints.commitments import slot_calendar, slot_words
from incubator.blueprints.commitments.routes import pages
from incubator.blueprints.commitments.slot_small_forms import ReminderForm
from incubator.domain.commitments import slot_feeds, slot_queries
from incubator.domain.commitments.periods import rule_on
from incubator.edge.access import anybody, members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import Form, act, attempt
from incubator.edge.locale import LOCALES
from incubator.edge.pages import redirect_to, render, toast, url
from incubator.edge.state import settings

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

SHOWN_BACK = timedelta(days=60)


@pages.form("/heures/mes-permanences", en="/hours/my-slots", may=members)
def duties() -> ResponseReturnValue:
    """What I signed up for, and how I am reminded of it."""
    reader = actor()
    chosen = slot_feeds.reminder_of(reader.id)
    form = ReminderForm(
        usual=rule_on(now().date()).reminder_days, days="" if chosen is None else str(chosen)
    )

    def choose() -> bool:
        slot_feeds.choose_reminder(reader, days=form.chosen)
        return True

    if attempt(form, choose):
        toast(_("Your reminders are set."))
        return redirect_to("commitments.duties")
    return form.page(
        "commitments/duties.html",
        duties=slot_queries.duties_of(reader.id, since=now()),
        feed=slot_feeds.feed_of(reader.id),
        signup_words=slot_words.SIGNUPS,
    )


@pages.form("/heures/mes-permanences/calendrier", en="/hours/my-slots/calendar", may=members)
def feed_address() -> ResponseReturnValue:
    """Make the private address of my calendar, shown this once."""
    reader, form = actor(), Form()
    token = attempt(form, lambda: slot_feeds.make_feed(reader, now=now()))
    if token is None:
        return form.page("commitments/feed.html", feed=slot_feeds.feed_of(reader.id))
    base = settings().base_url.rstrip("/")
    address = base + url("commitments.feed", token=token)
    return render("commitments/feed_made.html", address=address)


@pages.post(
    "/heures/mes-permanences/calendrier/retirer",
    en="/hours/my-slots/calendar/remove",
    may=members,
)
def revoke_feed() -> ResponseReturnValue:
    """Take the address back."""
    reader = actor()
    act(lambda: slot_feeds.revoke_feed(reader, now=now()))
    toast(_("The address leads nowhere any more."))
    return redirect_to("commitments.duties")


@pages.get("/heures/calendrier/<token>.ics", may=anybody)
def feed(token: str) -> ResponseReturnValue:
    """The slots of whoever was given this address, for their calendar."""
    account = slot_feeds.reader_of(token)
    if slot_feeds.is_due_to_note(account.id, now=now()):
        act(lambda: slot_feeds.note_reading(account.id, now=now()))
    with force_locale(LOCALES[account.language]):
        happenings = slot_calendar.of_member(account.id, since=now() - SHOWN_BACK)
        return slot_calendar.answer(happenings, file="incubator.ics")
