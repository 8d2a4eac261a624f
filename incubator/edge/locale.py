"""Language and time zone of the reader; catalogues read from the .po files at start."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import has_request_context, request, session
from flask_babel import Babel, get_locale
from flask_babel import gettext as _

from incubator.edge.actor import viewer
from incubator.edge.clock import now
from incubator.edge.state import settings
from incubator.kernel.settings import LANGUAGES
from incubator.network.members.nobody import NAME, spoken_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

FOLDER = Path(__file__).parent.parent / "translations"
# «en» alone writes 11/12/26, which nobody can read for sure.
LOCALES = {"fr": "fr", "en": "en_GB"}


def language() -> str:
    """«fr» or «en», as this request settled on."""
    settled = get_locale()
    return str(settled.language) if settled else "fr"


def _settle() -> str:
    """The member's language, else the visitor's choice, else what the browser asks for."""
    reader = viewer()
    if reader:
        return reader.language
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES) or settings().default_language


def time_zone() -> str:
    """The reader's zone (IANA name), the network's for a visitor."""
    reader = viewer()
    return reader.time_zone if reader else settings().default_time_zone


def clocks_differ(zone: str) -> bool:
    """Whether the reader's clock shows another time than one in ``zone`` (IANA name), now."""
    instant = now()
    there, here = instant.astimezone(ZoneInfo(zone)), instant.astimezone(ZoneInfo(time_zone()))
    return there.utcoffset() != here.utcoffset()


@cache
def catalogue(code: str) -> Translations:
    """All the .po files of a language as one set of translations; empty if it has none."""
    merged = Catalog(locale=code)
    for path in sorted((FOLDER / code).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=code):
                if message.id and not message.fuzzy:
                    merged[message.id] = message
    buffer = io.BytesIO()
    write_mo(buffer, merged)
    buffer.seek(0)
    return Translations(buffer)


def nobody() -> str:
    """What those are called who left without their name; as stored where nobody reads."""
    return _("Former member") if has_request_context() else NAME


def init_app(app: Flask) -> None:
    """Attach Flask-Babel and hand it the catalogues."""
    babel = Babel()
    babel.init_app(
        app,
        default_locale="fr",
        locale_selector=lambda: LOCALES[_settle()],
        timezone_selector=time_zone,
    )
    catalogues = {code: catalogue(code) for code in LOCALES}
    with app.app_context():
        cache = babel.domain_instance.cache
    for code, locale in LOCALES.items():
        cache[locale, "messages"] = catalogues[code]
    _speak(app, catalogues)
    spoken_by(nobody)


def _speak(app: Flask, catalogues: Mapping[str, Translations]) -> None:
    """Give the templates their words: a page has fifty, Flask-Babel settles all at each."""

    def one(word: str) -> str:
        return catalogues[language()].gettext(word)

    def counted(singular: str, plural: str, number: int) -> str:
        return catalogues[language()].ngettext(singular, plural, number)

    i18n: Any = app.jinja_env
    i18n.install_gettext_callables(gettext=one, ngettext=counted, newstyle=True)
