"""A published round is checked from the command line, with nothing but its file."""

from __future__ import annotations

import json

from incubator.cli import netting
from tests.domain.test_rounds_files import RING, a_file, sealed_anew


def test_a_file_as_it_was_published_is_well(installed, tmp_path):
    file = tmp_path / "netting-7.json"
    file.write_text(a_file(RING), "utf-8")
    done = installed("netting", "verify", str(file))
    assert (done.code, done.out.splitlines()) == (0, [netting.WELL])
    again = installed("netting", "verify", str(file), "--again")
    assert (again.code, again.out.splitlines()) == (0, [netting.SOLVED])


def test_a_cent_that_somebody_changed_is_told(installed, tmp_path):
    document = json.loads(a_file(RING))
    document["debts"][0][-1] -= 1
    file = tmp_path / "netting-7.json"
    file.write_text(sealed_anew(document), "utf-8")
    done = installed("netting", "verify", str(file))
    assert done.code == 1
    assert done.out.splitlines() == ["firm 2: -1 cents too much", "firm 1: 1 cents too much"]


def test_a_file_that_is_not_there_is_told(tmp_path):
    (line,) = netting.verify(tmp_path / "none.json", again=False)
    assert "cannot be read" in line
