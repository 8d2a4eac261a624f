"""The whole model under random histories: after every step all proofs hold.

Members of three zones, sessions and help, changes of facts, reliefs, ticks, weeks passing. The
standings are the ledger's sums, whatever came in whatever order; and a system that was told
everything at the end stands where this one stands.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from incubator.domain.commitments import commands, counting, reliefs, ticking, verifying
from incubator.domain.commitments import presence_corrections as corrections
from incubator.domain.commitments import presence_edits as edits
from incubator.domain.commitments import presence_verdicts as verdicts
from incubator.domain.commitments.ledger_models import Standing
from incubator.domain.commitments.models import Contribution, Rule
from incubator.domain.commitments.presence_models import Presence
from incubator.domain.commitments.presence_wishes import Wish
from incubator.domain.commitments.status_models import Choice
from incubator.kernel.db import db, transaction
from incubator.kernel.errors import Refusal
from tests.factories import Make
from tests.factories_commitments import declared, pledged
from tests.factories_hours import session_row

if TYPE_CHECKING:
    from sqlalchemy import Connection

FIRST = datetime(2026, 10, 1, 12, tzinfo=UTC)
ZONES = (("Lyon", "Europe/Paris"), ("Montréal", "America/Montreal"), ("Dakar", "Africa/Dakar"))
WHO = st.integers(0, 2)
HOUR = timedelta(hours=1)


class Hours(RuleBasedStateMachine):
    """A small network, and what may happen to it."""

    connection: Connection
    make: Make

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = self.connection.begin_nested()
        db.session.remove()
        self.make.now = FIRST

    def teardown(self) -> None:
        db.session.remove()
        self.savepoint.rollback()

    @initialize(expiry=st.sampled_from([None, 1, 2]), cap=st.sampled_from([0, 120, 720]))
    def open_house(self, expiry: int | None, cap: int) -> None:
        self.sites = [self.make.site(name, time_zone=zone) for name, zone in ZONES]
        self.boss = self.make.member(self.sites[0], role="administrator")
        self.people = [self.make.member(site) for site in self.sites]
        with transaction():
            house = db.session.scalars(select(Rule)).one()
            house.credit_expiry_periods, house.credit_cap, house.debt_cap = expiry, cap, cap
            house.help_cap_pct = 50 if cap else 100
        for person, minutes in zip(self.people, (600, 120, 60), strict=True):
            pledged(self.make, person, self.boss, minutes_per_period=minutes)

    @rule(who=WHO, where=WHO, ago=st.integers(0, 50), hours=st.integers(1, 9))
    def stays(self, who: int, where: int, ago: int, hours: int) -> None:
        start = max(self.make.now - timedelta(days=ago), FIRST) - hours * HOUR
        row = session_row(
            self.make,
            self.people[who],
            self.sites[where],
            day=start.date(),
            started_at=start,
            ended_at=start + hours * HOUR,
        )
        with transaction():
            db.session.add(row)
            db.session.flush()
            self._counted(row)

    @rule(
        who=WHO, what=st.sampled_from(["help", "reception_desk", "coworking"]), n=st.integers(1, 20)
    )
    def helps(self, who: int, what: str, n: int) -> None:
        other = self._confirmer(self.people[who]) if what == "help" else None
        more: dict[str, Any] = {"receiver": other} if other else {"kind": what}
        declared(self.make, self.people[who], minutes=n * 15, **more)

    def _confirmer(self, giver: Any) -> Any:
        return self.people[(self.people.index(giver) + 1) % 3]

    @rule(data=st.data(), verdict=st.sampled_from(["yes", "yes", "yes", "no", "back"]))
    def is_answered(self, data: st.DataObject, verdict: str) -> None:
        """Whom they helped confirms or contests; or who gave takes it back, even once it counts."""
        states = ("declared", "needs_manager", *(("confirmed",) if verdict == "back" else ()))
        found = self._drawn(data, Contribution, states)
        if found is None:
            return
        giver = next(one for one in self.people if one.id == found.giver_id)
        other = self.boss if found.receiver_id is None else self._confirmer(giver)
        with transaction():
            if verdict == "yes":
                commands.confirm(self.make.actor(other), found.id, now=self.make.now)
            elif verdict == "no":
                actor = self.make.actor(other)
                commands.refuse(actor, found.id, reason="Pas moi", now=self.make.now)
            else:
                commands.withdraw(self.make.actor(giver), found.id, now=self.make.now)

    @rule(data=st.data())
    def was_contested_in_vain(self, data: st.DataObject) -> None:
        """Who gave asks for another look, and a manager who did not refuse agrees."""
        found = self._drawn(data, Contribution, ("refused",))
        if found is None or found.decided_by_id == self.boss.id or found.appealed_at is not None:
            return
        giver = next(one for one in self.people if one.id == found.giver_id)
        with transaction():
            commands.appeal(self.make.actor(giver), found.id, words="Si", now=self.make.now)
            commands.confirm(self.make.actor(self.boss), found.id, now=self.make.now)

    def _drawn(self, data: st.DataObject, model: Any, states: tuple[str, ...]) -> Any:
        rows = db.session.scalars(
            select(model).where(model.state.in_(states)).order_by(model.id)
        ).all()
        return data.draw(st.sampled_from(rows)) if rows else None

    @rule(data=st.data(), how=st.sampled_from(["void", "shorter", "asked", "refused"]))
    def somebody_was_wrong(self, data: st.DataObject, how: str) -> None:
        """A manager changes or discards a session; or its member asks, and is answered.

        What would overlap another session is refused, and then nothing may have changed.
        """
        row = self._drawn(data, Presence, ("closed", "counted"))
        if row is None:
            return
        length = row.ended_at - row.started_at
        boss, now = self.make.actor(self.boss), self.make.now
        with suppress(Refusal), transaction():
            if how == "void":
                edits.void(boss, row.id, why="Absent", now=now)
            elif how == "shorter":
                half = Wish(
                    started_at=row.started_at, ended_at=row.started_at + length / 2, why="Parti"
                )
                edits.change(boss, row.id, half, now=now)
            else:
                member = next(one for one in self.people if one.id == row.member_id)
                longer = Wish(started_at=row.started_at - HOUR, ended_at=row.ended_at, why="Plus")
                once = f"asked-{row.id}-{row.rev}"
                asked = corrections.ask_change(
                    self.make.actor(member), row.id, longer, once=once, now=now
                )
                if asked is not None and asked.state == "asked":
                    yes = how == "asked"
                    verdicts.decide(boss, asked.id, accept=yes, reason="Vu", now=now)

    def _counted(self, row: Presence) -> None:
        db.session.flush()
        counting.recount(
            row.member_id,
            {row.started_at.date(), row.ended_at.date(), row.day},
            actor_id=None,
            now=self.make.now,
        )

    @rule(who=WHO, pct=st.sampled_from([50, 100]), ago=st.integers(0, 45), days=st.integers(1, 40))
    def is_relieved(self, who: int, pct: int, ago: int, days: int) -> None:
        start = (self.make.now - timedelta(days=ago)).date()
        with transaction():
            reliefs.grant(
                self.make.actor(self.boss),
                self.people[who].id,
                terms=reliefs.Terms("sickness", pct, start, start + timedelta(days=days)),
                now=self.make.now,
            )

    @rule(who=WHO, minutes=st.sampled_from([0, 90, 300]))
    def promises_otherwise(self, who: int, minutes: int) -> None:
        pledged(self.make, self.people[who], self.boss, minutes_per_period=minutes)

    @rule(who=WHO)
    def gives_surplus(self, who: int) -> None:
        with transaction():
            if db.session.get(Choice, self.people[who].id) is None:
                db.session.add(Choice(member_id=self.people[who].id, gives_surplus=True))

    @rule(days=st.integers(1, 40), off=st.booleans())
    def time_passes(self, days: int, off: bool) -> None:
        """Some weeks, in which the machine may be off."""
        self.make.now += timedelta(days=days)
        if not off:
            self.ticks()

    @rule()
    def ticks(self) -> None:
        ticking.tick(self.make.now)
        again = ticking.tick(self.make.now)
        assert (again.periods, again.accounts, again.charged, again.counted) == (0, 0, 0, 0)
        before = self._standings()
        with transaction():
            verifying.rebuild(self.make.now)
        assert self._standings() == before

    def _standings(self) -> list[Any]:
        table = Standing.__table__.c
        kept = (each for each in table if each.name not in {"computed_at", "home_site_id"})
        return sorted(tuple(row) for row in db.session.execute(select(*kept)))

    @invariant()
    def every_proof_holds(self) -> None:
        assert verifying.verify(self.make.now) == []


def test_all_proofs_hold_after_every_step_of_any_history(make: Make, connection, session) -> None:
    Hours.make, Hours.connection = make, connection
    run_state_machine_as_test(
        Hours,
        settings=settings(
            max_examples=10,
            stateful_step_count=12,
            suppress_health_check=list(HealthCheck),
        ),
    )
