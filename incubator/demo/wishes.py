"""Step of the loader: what members ask of one another and of their managers about hours."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from incubator.demo.content import email_of
from incubator.demo.moments import When
from incubator.demo.stage import key_of
from incubator.domain.commitments import gifts, presence_corrections, reliefs
from incubator.domain.commitments.gifts import Present
from incubator.domain.commitments.presence_wishes import Wish
from incubator.domain.commitments.reliefs import Terms
from incubator.kernel.db import as_of

if TYPE_CHECKING:
    from incubator.demo.stage import Stage
    from incubator.network.members.actor import Actor

A_DAY = timedelta(days=1)


def ask_and_give(stage: Stage) -> str:
    """Let some ask for a correction, a leave or the pool's help, and others give."""
    at = stage.now - timedelta(hours=3)
    with as_of(at):
        _forgotten(stage, at)
        _leaves(stage, at)
        _gifts(stage, at)
    return "1 correction, 2 reliefs, 3 gifts"


def _person(stage: Stage, key: str) -> Actor:
    return stage.actors[email_of(key)]


def _forgotten(stage: Stage, at: datetime) -> None:
    """Inès came without checking in, the day before yesterday."""
    began = When(2, time(9, 10), stage.zones["lyon"]).instant(stage.now)
    wish = Wish(
        started_at=began,
        ended_at=began + timedelta(minutes=150),
        why="Les bras pleins de cartons, je suis passée devant l’écran sans le voir.",
    )
    presence_corrections.ask_missing(
        _person(stage, "ines.belkacem"),
        stage.sites["lyon"],
        wish,
        once=key_of("correction", "ines.belkacem"),
        now=at,
    )


def _leaves(stage: Stage, at: datetime) -> None:
    """Hugo asks for his leave; Clara’s was granted when her child was born."""
    day = at.date()
    asked = Terms("leave", 100, day + 10 * A_DAY, day + 24 * A_DAY, "Deux semaines en famille.")
    reliefs.ask(_person(stage, "hugo.marchetti"), asked, once=key_of("relief", "hugo"), now=at)
    granted = Terms("parental", 50, day - 5 * A_DAY, day + 60 * A_DAY)
    clara = _person(stage, "clara.vidal")
    reliefs.grant(_person(stage, "sophie.lambert"), clara.id, terms=granted, now=at)


def _gifts(stage: Stage, at: datetime) -> None:
    """Élodie fills the pool, Inès thinks of Théo, Olivier asks the pool."""
    elodie, ines = _person(stage, "elodie.charvet"), _person(stage, "ines.belkacem")
    pool = Present(
        120, named=True, note="Un mois généreux : autant en faire profiter tout le monde."
    )
    gifts.give(elodie, pool, once=key_of("gift", "elodie"), now=at)
    theo = _person(stage, "theo.blanchard")
    present = Present(30, theo.id, note="Pour bien commencer. Courage pour l’ouverture !")
    gifts.give(ines, present, once=key_of("gift", "ines"), now=at)
    gifts.ask_pool(
        _person(stage, "olivier.faure"),
        minutes=240,
        note="Un genou opéré en octobre : je reprends les tournées à vélo la semaine prochaine.",
        once=key_of("gift", "olivier"),
        now=at,
    )
