"""How long ago something was: the words of Babel, at a fraction of their cost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from babel.dates import format_timedelta

from incubator.edge import formats
from incubator.edge.clock import stopped_at
from incubator.edge.locale import LOCALES

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask

SECONDS = (1, 59, 71, 72, 89, 90, 3_600, 4_319, 4_320, 86_399, 103_679, 103_680, 600_000)


@pytest.mark.parametrize("code", ["fr", "en"])
@pytest.mark.parametrize("seconds", SECONDS)
@pytest.mark.parametrize("sign", [1, -1])
def test_gaps_are_told_in_the_words_of_babel(
    app: Flask, frozen: datetime, code: str, seconds: int, sign: int
) -> None:
    gap = timedelta(seconds=sign * seconds)
    words = format_timedelta(
        gap, add_direction=True, threshold=1.2, locale=LOCALES[code], format="long"
    )
    with app.test_request_context(headers={"Accept-Language": code}), stopped_at(frozen):
        assert formats.ago(frozen + gap) == words
