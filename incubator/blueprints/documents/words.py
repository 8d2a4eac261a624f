"""Words of the documents: refusals, kinds of files."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

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
