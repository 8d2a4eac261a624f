"""The job of a letter: drawn from its templates, then sent, or kept as a file without a server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from smtplib import SMTPDataError
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from flask import current_app  # noqa: TID251 - a job runs outside any request
from flask_babel import force_locale

from incubator.domain.exchanges.listings.renew_links import Renewal, instant_of
from incubator.domain.help.stop_links import Stop
from incubator.kernel.db import end_read, transaction, utcnow
from incubator.kernel.jobs import NotYet, job
from incubator.network.letters.delivery import dues
from incubator.network.letters.kinds import MAIL, kind_named
from incubator.network.letters.refusals import note, refused
from incubator.network.letters.stop_links import Stop as Ending
from incubator.reactions.mail.copies import Copy, settled
from incubator.reactions.mail.letters import Letter, compose
from incubator.reactions.mail.lines import drawn, lines_for
from incubator.reactions.mail.transport import AddressRefused, Transport, transport_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from incubator.kernel.settings import Settings

DELIVER = "mail.deliver"
KEY = "incubator.mail"
# The page that a letter links to and what of its values goes there; the others only tell.
LINKS: dict[str, tuple[str, ...]] = {
    "invitation": ("auth.invitation", "token"),
    "reset": ("auth.new_password", "token"),
    "email_old": ("auth.confirm_email", "token"),
    "email_new": ("auth.confirm_email", "token"),
    "application_confirm": ("membership.confirm", "token"),
    "application_member": ("auth.sign_in",),
    "application_known": ("membership.follow", "token"),
    "application_link": ("membership.follow", "token"),
    "application_received": ("membership.follow", "token"),
    "application_waiting": ("membership.follow", "token"),
    "application_start": ("membership.follow", "token"),
    "application_message": ("membership.follow", "token"),
    "application_new": ("membership.application", "application_id"),
    "application_reply": ("membership.application", "application_id"),
    "application_withdrawn": ("membership.application", "application_id"),
    "life_asked": ("membership.process", "process_id"),
    "life_told": ("membership.process", "process_id"),
    "erasure_asked": ("membership.erase", "erasure_id"),
    "firm_asked": ("firms.requests",),
    "firm_invited": ("firms.requests",),
    "firm_answered": ("firms.requests",),
    "skill_decided": ("skills.propose",),
    "slot": ("commitments.slot", "slot_id"),
    "thread": ("help.by_id", "id"),
    "asked": ("help.answer_here", "id"),
    "care": ("help.by_id", "id"),
    "consent": ("help.quotes", "id"),
    "reports": ("help.reports",),
    "reported": ("help.by_id", "id"),
    "room_reports": ("chat.reports",),
    "room_reported": ("chat.my_reports",),
    "circle_invited": ("circles.show", "slug"),
    "listing": ("exchanges.renew_link", "token"),
    "hours_shared": ("commitments.show", "contribution_id"),
    "hours_relief": ("commitments.relief", "relief_id"),
    "hours_draw": ("commitments.gift", "gift_id"),
    "hours_gift": ("commitments.gifts_index",),
    "hours_corrected": ("commitments.index",),
    "hours_news": ("commitments.index",),
    "hours_presumed": ("commitments.when_left", "session_id"),
    "hours_desk": ("commitments.site_today", "slug"),
    "weekly": ("newsletter.show", "year", "week", "slug"),
    "weekly_drafted": ("newsletter.edit", "edition_id"),
}
# Further pages that a letter links to: by what name, the page, what of its values goes there.
MORE_LINKS: dict[str, dict[str, tuple[str, ...]]] = {
    "asked": {
        "decline": ("help.decline", "id"),
        "rather": ("help.pass_on", "id"),
        "settings": ("help.asking",),
    },
    "listing": {"page_link": ("exchanges.by_id", "listing_id")},
}
ENGLISH = "__en"


@dataclass(frozen=True)
class PostOffice:
    """What letters need of the application: its addresses, its templates, its settings."""

    app: Flask
    settings: Settings
    locales: Mapping[str, str]
    transport: Transport

    def address_of(self, endpoint: str, language: str, **values: str) -> str:
        """The absolute address of a page, in the spelling of a language."""
        base = urlsplit(self.settings.base_url)
        rules = self.app.url_map.bind(base.netloc, url_scheme=base.scheme)
        spelled = endpoint + ENGLISH
        known = spelled in self.app.view_functions and language == "en"
        return rules.build(spelled if known else endpoint, values, force_external=True)

    def draw(self, kind: str, language: str, values: Mapping[str, Any]) -> tuple[str, str]:
        """The plain and the HTML text of a letter in a language."""
        shown = {
            **values,
            "language": language,
            "network_name": self.settings.network_name,
            "home": self.settings.base_url,
        }
        with force_locale(self.locales[language]):
            plain, rich, foot = (
                self.app.jinja_env.get_template(f"mail/{name}").render(shown)
                for name in (f"{kind}.txt", f"{kind}.html", "_foot.txt")
            )
        return f"{plain.rstrip()}\n{foot}", rich

    def values_of(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """What a letter says, with the addresses that it links to."""
        kind, language = str(payload["kind"]), str(payload["language"])
        values = self.linked(payload["values"], language)
        if "keys" in values:
            values |= _lines(payload, self)
        if "renewal" in values:
            listing_id, member_id, until = values["renewal"]
            renewal = Renewal(listing_id, member_id, instant_of(until))
            values["token"] = renewal.token(self.settings.secret_key)
        links = MORE_LINKS.get(kind, {}) | ({"link": LINKS[kind]} if kind in LINKS else {})
        values |= {
            link: self.address_of(endpoint, language, **{name: str(values[name]) for name in names})
            for link, (endpoint, *names) in links.items()
        }
        if "stop" in values:
            token = Stop(*values["stop"]).token(self.settings.secret_key)
            values["stop"] = self.address_of("help.stop", language, token=token)
        return _timed(values) | _foot(payload, self, language)

    def linked(self, values: Mapping[str, Any], language: str) -> dict[str, Any]:
        """The values with the address of each thing they list that names its ``page``."""
        made: dict[str, Any] = dict(values)
        for name, value in values.items():
            if isinstance(value, list):
                made[name] = [
                    self.linked(one, language) if isinstance(one, dict) else one for one in value
                ]
        if "page" in made:
            endpoint, where = made["page"]
            texts = {name: str(each) for name, each in where.items()}
            made["link"] = self.address_of(endpoint, language, **texts)
        return made

    def letter_of(self, payload: Mapping[str, Any], values: Mapping[str, Any]) -> Letter:
        """The letter of a payload."""
        plain, rich = self.draw(str(payload["kind"]), str(payload["language"]), values)
        return Letter(
            id=str(payload["id"]),
            to=str(payload["to"]),
            plain=plain,
            rich=rich,
            ending=values.get("ending", ""),
        )


def init_app(app: Flask, settings: Settings, locales: Mapping[str, str]) -> None:
    """Give the application its post office; ``locales`` maps a language to its Babel locale."""
    app.extensions[KEY] = PostOffice(app, settings, locales, transport_for(settings))


@job(DELIVER)
def deliver(payload: Mapping[str, Any]) -> None:
    """Send one letter, if its reader still wants it and may be disturbed; else not, or later.

    A failure leaves it to the next try.
    """
    if not _wanted(payload) or settled(str(payload["id"])):
        return
    office = post_office()
    values = office.values_of(payload)
    if values.get("lines", True):
        letter = office.letter_of(payload, values)
        _send(office, Copy(letter, payload, _secrets(values), office.settings))


def post_office() -> PostOffice:
    """The post office of the application that runs."""
    return cast("PostOffice", current_app.extensions[KEY])


def _send(office: PostOffice, copy: Copy) -> None:
    """Let it leave once: from the end of the letter on, a failure does not send it again."""
    try:
        message = compose(copy.letter, office.settings)
        office.transport.send(message, lambda: copy.keep("handing"))
    except AddressRefused as no:
        copy.keep("refused")
        with transaction():
            note(copy.letter.to, code=no.code, said=no.said, now=utcnow())
    except SMTPDataError:
        copy.drop()
        raise
    else:
        copy.keep("sent")


def _secrets(values: Mapping[str, Any]) -> set[str]:
    """What opens something without a password: the last part of such an address."""
    secret = {str(values.get("token") or "")}
    for name in ("stop", "ending"):
        secret.add(str(values.get(name) or "").rpartition("/")[2])
    return secret


def _wanted(payload: Mapping[str, Any]) -> bool:
    """Whether a member wants a letter; raise NotYet in their quiet hours.

    What goes to a mere address is not asked about, nor is what was written before there were kinds;
    to an address that was refused for good nothing goes.
    """
    if refused(str(payload["to"])):
        end_read()
        return False
    if "sort" not in payload:
        return True
    now, member_id = utcnow(), int(payload["member_id"])
    due = dues(str(payload["sort"]), [member_id], at=now).get(member_id)
    # A slow mail server must not keep a read of the database open.
    end_read()
    if due is not None and due > now:
        raise NotYet(due)
    return due is not None


def _lines(payload: Mapping[str, Any], office: PostOffice) -> dict[str, Any]:
    """What a letter made of notifications holds now, and where each of them leads."""
    member_id, language = int(payload["member_id"]), str(payload["language"])
    keys = [(str(area), int(number)) for area, number in payload["values"]["keys"]]
    found = lines_for(member_id, keys)
    with force_locale(office.locales[language]):
        told = drawn(found)
    end_read()
    for line in told["lines"]:
        endpoint = line["endpoint"]
        line["link"] = office.address_of(endpoint, language, **line["values"]) if endpoint else ""
    return told | {"all": office.address_of("notifications.index", language)}


def _foot(payload: Mapping[str, Any], office: PostOffice, language: str) -> dict[str, str]:
    """Where a member chooses their letters, and ends those of this kind if they may."""
    rhythm = payload["values"].get("rhythm")
    if "member_id" not in payload or not (rhythm or "sort" in payload):
        return {}
    found = {"choices": office.address_of("letters.mine", language)}
    kind = None if rhythm else kind_named(payload["sort"])
    if kind is None or kind.optional:
        ending = Ending(int(payload["member_id"]), kind, rhythm or MAIL)
        token = ending.token(office.settings.secret_key)
        found["ending"] = office.address_of("letters.stop", language, token=token)
    return found


def _timed(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with their days and instants, also those of the things they list."""
    timed: dict[str, Any] = dict(values)
    for name, value in values.items():
        if isinstance(value, list):
            timed[name] = [_timed(one) if isinstance(one, dict) else one for one in value]
    timed |= {name: date.fromisoformat(timed[name]) for name in _ending(timed, "_on")}
    return timed | {name: datetime.fromisoformat(timed[name]) for name in _ending(timed, "_at")}


def _ending(values: Mapping[str, Any], end: str) -> list[str]:
    """The names of the days (or instants) among the values, which a job keeps as text."""
    return [name for name, value in values.items() if name.endswith(end) and value]
