"""Stored files that no row names go; those that a row names stay, whatever table it is in."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import String

from incubator.domain.documents import commands as documents
from incubator.kernel.db import Base, transaction, utcnow
from incubator.kernel.files import store_picture
from incubator.kernel.orphans import key_columns, sweep
from incubator.kernel.schedule import write_hourly
from incubator.kernel.stored_files import store_file
from incubator.kernel.whole_files import PART
from incubator.network.members import firms, profile
from incubator.network.sites import commands as sites
from tests.factories_accounts import worked
from tests.factories_deals import house
from tests.factories_invoices import owes
from tests.factories_members import a_firm
from tests.pictures import picture

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from tests.factories import Make

LONG_AGO = timedelta(days=2)
# Columns as long as a key that hold another thing.
NO_KEYS = {
    "commitments_site_code.salt",
    "mail_copy.id",
    "notifications_notification.cause",
    "push_sending.cause",
}


def stored(folder: Path, *widths: int) -> str:
    return store_picture(picture(8, 8), folder, widths or (96,))


def written(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def furnished(make: Make, folder: Path) -> None:
    """A file for each column that can name one."""
    site, day = make.site(), make.now.date()
    member = make.member(site, role="manager")
    firm = a_firm(make, member)
    kept = store_file(b"Bonjour", "a.txt", folder / "documents", most_bytes=100)
    paper = store_file(b"%PDF-1.4", "a.pdf", folder / "invoices", most_bytes=100)
    one, two = house(make, "Bois"), house(make, "Image")
    owes(make, one, two, 1, file_key=paper.key)
    with transaction():
        sites.set_photo(None, site_id=site.id, photo=stored(folder))
        sites.set_plan(None, site_id=site.id, plan=stored(folder))
        profile.set_portrait(None, member_id=member.id, portrait=stored(folder, 96, 192))
        firms.set_logo(None, firm_id=firm.id, logo=stored(folder), today=day)
        documents.add(
            make.actor(member), site_id=site.id, cover=documents.Cover(title="Bonjour"),
            file=kept, once="x", now=make.now,
        )  # fmt: skip


def test_every_column_of_keys_says_where_its_files_lie() -> None:
    keys = {
        str(column)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, String) and column.type.length == 32
    }
    told = {str(column) for columns in key_columns().values() for column in columns}
    assert told == keys - NO_KEYS


def test_what_no_row_names_goes_after_a_day_and_the_rest_stays(make: Make, tmp_path: Path) -> None:
    furnished(make, tmp_path)
    before = written(tmp_path)
    (tmp_path / "lisez-moi.txt").write_text("À la main")
    stored(tmp_path, 96, 192)
    store_file(b"Perdu", "b.txt", tmp_path / "documents", most_bytes=100)
    (tmp_path / f"{'p' * 32}-96.webp{PART}").write_bytes(b"half a pic")
    assert sweep(tmp_path, utcnow()) == 0
    assert sweep(tmp_path, utcnow() + LONG_AGO) == 4
    assert written(tmp_path) == before | {"lisez-moi.txt"}


def test_files_of_another_database_are_left_alone(make: Make, tmp_path: Path) -> None:
    """An empty database beside old uploads is a mistake of somebody, not a reason to delete."""
    stored(tmp_path)
    assert sweep(tmp_path, utcnow() + LONG_AGO) == 0
    assert len(written(tmp_path)) == 1


def test_a_folder_that_is_not_there_has_no_orphans(make: Make, tmp_path: Path) -> None:
    assert sweep(tmp_path / "none", utcnow() + LONG_AGO) == 0


@pytest.fixture
def uploads(app: Flask) -> Path:
    """The uploads of the application, emptied of what other tests left."""
    folder: Path = app.extensions["incubator"].settings.uploads_dir
    for path in list(folder.rglob("*")):
        if path.is_file():
            path.unlink()
    return folder


def test_a_change_that_falls_through_keeps_the_old_file_and_the_new_one_is_swept(
    app: Flask, make: Make, uploads: Path
) -> None:
    """As when the power goes between the file and its row: the hourly job tidies up."""
    furnished(make, uploads)
    member = make.member(make.site())
    shown, lost = stored(uploads), stored(uploads)
    with transaction():
        profile.set_portrait(None, member_id=member.id, portrait=shown)
    before = written(uploads)
    with pytest.raises(KeyError), transaction():
        profile.set_portrait(None, member_id=member.id, portrait=lost)
        raise KeyError
    yesterday = (utcnow() - LONG_AGO).timestamp()
    for path in uploads.rglob("*.webp"):
        os.utime(path, (yesterday, yesterday))
    with transaction():
        write_hourly(utcnow())
    worked(app)
    assert written(uploads) == before - {f"{lost}-96.webp"}
