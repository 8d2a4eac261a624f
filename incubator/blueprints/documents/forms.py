"""Forms of a document and of its versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length

from incubator.blueprints.documents.words import AUDIENCES
from incubator.domain.documents.commands import ABOUT_MOST, NOTE_MOST, TITLE_MOST, Cover
from incubator.domain.documents.models import FOLDER
from incubator.edge.forms import Form, choice
from incubator.edge.state import settings
from incubator.kernel.errors import Refusal
from incubator.kernel.stored_files import store_file

if TYPE_CHECKING:
    from incubator.kernel.stored_files import StoredFile


class CoverForm(Form):
    """What stands on a document."""

    title = StringField(_l("Title"), [InputRequired(), Length(max=TITLE_MOST)])
    about = StringField(_l("About it, in one line"), [Length(max=ABOUT_MOST)])
    audience = RadioField(_l("Who may read it"))

    def offer(self, site_id: int | None) -> None:
        """Let the audiences be chosen that a site, or the network (None), has."""
        there = [code for code in AUDIENCES if site_id is not None or code != "site"]
        self.audience.choices = [choice(code, str(AUDIENCES[code])) for code in there]
        self.audience.data = self.audience.data or there[0]

    def cover(self) -> Cover:
        """What was typed, as the command takes it."""
        return Cover(
            title=self.title.data or "",
            about=self.about.data or "",
            audience=self.audience.data or "",
        )


class FileForm(Form):
    """A file to keep."""

    file = FileField(_l("File"))
    stored: StoredFile | None = None

    def kept(self) -> StoredFile:
        """The file that was sent, stored; Refusal as ``store_file``."""
        sent = self.file.data
        if not isinstance(sent, FileStorage):
            raise Refusal("files.empty", field="file")
        folder = settings().uploads_dir / FOLDER
        most = settings().max_upload_mb * 1024 * 1024
        self.stored = store_file(sent.read(), sent.filename or "", folder, most_bytes=most)
        return self.stored

    def forget(self) -> None:
        """Drop the file of a document that was refused."""
        if self.stored is not None:
            (settings().uploads_dir / FOLDER / self.stored.key).unlink(missing_ok=True)


class NewDocumentForm(CoverForm, FileForm):
    """A document and its first file."""


class VersionForm(FileForm):
    """A newer file of a document."""

    note = StringField(_l("What changed"), [Length(max=NOTE_MOST)])
