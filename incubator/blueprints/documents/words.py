"""Words of the documents: refusals, kinds of files, sizes."""

from __future__ import annotations

from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.edge.locale import LOCALES, language

REFUSALS = {
    "documents.keep": _l("Only the managers of a site keep its documents."),
    "documents.empty": _l("Write something here."),
    "documents.too_long": _l("Write at most %(most)s characters."),
    "documents.audience": _l("Choose who may read it."),
}
AUDIENCES = {
    "site": _l("The members of the site"),
    "network": _l("All members of the network"),
    "managers": _l("Managers only"),
}
KINDS = {
    "pdf": "PDF",
    "png": _l("Picture"),
    "jpg": _l("Picture"),
    "gif": _l("Picture"),
    "webp": _l("Picture"),
    "txt": _l("Text"),
    "md": _l("Text"),
    "csv": _l("Table"),
    "docx": _l("Text document"),
    "odt": _l("Text document"),
    "xlsx": _l("Spreadsheet"),
    "ods": _l("Spreadsheet"),
    "pptx": _l("Slides"),
    "odp": _l("Slides"),
}


def size_words(size: int) -> str:
    """A size in bytes to read: «340 ko», «1,2 Mo»."""
    locale = LOCALES[language()]
    if size < 1_000_000:  # noqa: PLR2004 - a megabyte
        return _("%(size)s kB", size=format_decimal(max(1, round(size / 1000)), locale=locale))
    return _("%(size)s MB", size=format_decimal(round(size / 1_000_000, 1), locale=locale))
