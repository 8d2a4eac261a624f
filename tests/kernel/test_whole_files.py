"""An upload is kept whole or not at all, and a full disk is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from incubator.kernel.errors import Refusal
from incubator.kernel.files import store_picture
from incubator.kernel.stored_files import store_file
from incubator.kernel.whole_files import whole
from tests.disks import fill, small_disk
from tests.pictures import picture

if TYPE_CHECKING:
    from pathlib import Path


def test_files_appear_when_all_of_them_are_written(tmp_path: Path) -> None:
    with whole(tmp_path / "new", ["a", "b"], field="file") as paths:
        for path in paths:
            path.write_text(path.name)
        assert not (tmp_path / "new" / "a").exists()
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["a", "b"]


def test_none_is_left_when_the_second_fails(tmp_path: Path) -> None:
    with (
        pytest.raises(ZeroDivisionError),
        whole(tmp_path / "new", ["a", "b"], field="file") as paths,
    ):
        paths[0].write_text("whole")
        raise ZeroDivisionError
    assert list((tmp_path / "new").iterdir()) == []


def test_a_full_disk_refuses_an_upload_and_keeps_nothing_of_it(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "256k") as disk:
        folder = disk / "uploads"
        folder.mkdir()
        fill(disk)
        with pytest.raises(Refusal, match=r"files\.no_room") as refused:
            store_file(b"a;b\n" * 50_000, "a.csv", folder, most_bytes=1_000_000)
        assert refused.value.field == "file"
        with pytest.raises(Refusal, match=r"files\.no_room") as refused:
            store_picture(picture(), folder, (200, 100), field="photo")
        assert refused.value.field == "photo"
        assert list(folder.iterdir()) == []
