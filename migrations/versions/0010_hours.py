"""Hours whole: presence, slots, reliefs, firms as holders, the pool, screens; guards of it all."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

SQL = Path(__file__).parent.parent / "sql"
# The first ones are named by tables that are made anew, the others name those.
FIRST = (
    "commitments_nought",
    "commitments_group",
    "commitments_pool",
    "commitments_slot_series",
    "commitments_slot",
    "commitments_signup",
)
THEN = (
    "commitments_slot_watch",
    "commitments_device",
    "commitments_session",
    "commitments_punch",
    "commitments_session_rev",
    "commitments_correction",
    "commitments_look",
    "commitments_relief",
    "commitments_obligation",
    "commitments_status",
    "commitments_choice",
    "commitments_firm_standing",
    "commitments_gift",
    "commitments_badge",
    "commitments_site_code",
    "commitments_feed",
    "commitments_job_run",
)
ADDED = {
    "sites_site": ("cutoff_at", "auto_close_after"),
    "sites_closure": ("lowers_due",),
    "commitments_rule": (
        "silence_days",
        "late_hours",
        "forgotten_limit",
        "proposals_limit",
        "reminder_days",
        "gift_cap_year",
        "first_period_free",
        "lowered_cap",
        "note",
        "made_at",
    ),
    "commitments_period": ("closing_at",),
    "commitments_standing": ("planned",),
}


def upgrade() -> None:
    _columns()
    for make in (_nought, _group, _pool, _slot_series, _slot, _signup):
        make()
    _run("reshape")
    for make in (
        _slot_watch,
        _device,
        _session,
        _punch,
        _session_rev,
        _correction,
        _look,
        _relief,
        _obligation,
        _status,
        _choice,
        _firm_standing,
        _gift,
        _badge,
        _site_code,
        _feed,
        _job_run,
    ):
        make()
    _run("guards")
    _run("first_rows")


def downgrade() -> None:
    _run("unguard")
    for table in reversed(THEN):
        op.drop_table(table)
    _run("undo")
    for table in reversed(FIRST):
        op.drop_table(table)
    for table, names in ADDED.items():
        for name in names:
            op.drop_column(table, name)


def _run(name: str) -> None:
    """Run the statements of a file, which a line of two dashes and a semicolon parts."""
    dialect = op.get_bind().dialect.name
    own = SQL / f"0010_{name}_{dialect}.sql"
    path = own if own.exists() else SQL / f"0010_{name}.sql"
    for statement in path.read_text("utf-8").split("--;"):
        op.get_bind().exec_driver_sql(statement)


def _id(name: str, *, nullable: bool = False, **more: object) -> sa.Column:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, nullable=nullable, **more)


def _key(table: str, column: str, target: str, **more: object) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [target], name=name, **more)


def _where(which: sa.TextClause) -> dict[str, sa.TextClause]:
    return {"sqlite_where": which, "postgresql_where": which}


def _columns() -> None:
    def number(name: str, usual: int, *, check: str = "") -> sa.Column:
        named = op.f(f"ck_sites_site_{name}")
        rules = [sa.CheckConstraint(check, name=named)] if check else []
        kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
        return sa.Column(name, kind, *rules, server_default=str(usual), nullable=False)

    site, rule = "sites_site", "commitments_rule"
    for column in (
        number("cutoff_at", 1380, check="cutoff_at BETWEEN 1 AND 1440"),
        number("auto_close_after", 720, check="auto_close_after BETWEEN 15 AND 1440"),
    ):
        op.add_column(site, column)
    no = {"server_default": sa.false(), "nullable": False}
    op.add_column("sites_closure", sa.Column("lowers_due", sa.Boolean(), **no))
    op.add_column(
        "commitments_period", sa.Column("closing_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("commitments_standing", number("planned", 0))
    for column in (
        number("silence_days", 7),
        number("late_hours", 72),
        number("forgotten_limit", 3),
        number("proposals_limit", 2),
        number("reminder_days", 2),
        number("gift_cap_year", 720),
        sa.Column("first_period_free", sa.Boolean(), **no),
        sa.Column(
            "lowered_cap",
            sa.String(4),
            sa.CheckConstraint(
                "lowered_cap IN ('keep', 'cut')", name=op.f("ck_commitments_rule_lowered_cap")
            ),
            server_default="keep",
            nullable=False,
        ),
        sa.Column("note", sa.String(300), server_default="", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column(rule, column)


def _nought() -> None:
    op.create_table(
        "commitments_nought",
        _id("value", autoincrement=False),
        sa.CheckConstraint("value = 0", name=op.f("ck_commitments_nought_value")),
        sa.PrimaryKeyConstraint("value", name=op.f("pk_commitments_nought")),
    )


def _group() -> None:
    op.create_table(
        "commitments_group",
        _id("id"),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        _id("balance", nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        _id("by_id", nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'merge') = (balance IS NULL)", name=op.f("ck_commitments_group_balance")
        ),
        sa.CheckConstraint(
            "kind IN ('gift', 'pool', 'exit', 'merge')", name=op.f("ck_commitments_group_kind")
        ),
        _key(
            "commitments_group",
            "balance",
            "commitments_nought.value",
            initially="DEFERRED",
            deferrable=True,
        ),
        _key("commitments_group", "by_id", "members_member.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_group")),
        sa.UniqueConstraint("key", name=op.f("uq_commitments_group_key")),
    )


def _pool() -> None:
    op.create_table(
        "commitments_pool",
        _id("id", autoincrement=False),
        _id("balance"),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_commitments_pool_balance")),
        sa.CheckConstraint("id = 1", name=op.f("ck_commitments_pool_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_pool")),
    )


def _slot_series() -> None:
    op.create_table(
        "commitments_slot_series",
        _id("id"),
        _id("site_id"),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("rrule", sa.String(length=200), nullable=False),
        _id("local_start"),
        _id("duration"),
        _id("skill_id", nullable=True),
        _id("capacity_min"),
        _id("capacity_max"),
        _id("notice_hours"),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        _id("revision"),
        _id("made_by_id", nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "capacity_min BETWEEN 0 AND capacity_max AND capacity_max BETWEEN 1 AND 500",
            name=op.f("ck_commitments_slot_series_capacity"),
        ),
        sa.CheckConstraint(
            "duration BETWEEN 5 AND 1440", name=op.f("ck_commitments_slot_series_duration")
        ),
        sa.CheckConstraint(
            "local_start BETWEEN 0 AND 1439", name=op.f("ck_commitments_slot_series_local_start")
        ),
        sa.CheckConstraint(
            "notice_hours >= 0", name=op.f("ck_commitments_slot_series_notice_hours")
        ),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_commitments_slot_series_order")),
        _key("commitments_slot_series", "kind", "commitments_kind.code"),
        _key("commitments_slot_series", "made_by_id", "members_member.id"),
        _key("commitments_slot_series", "site_id", "sites_site.id"),
        _key("commitments_slot_series", "skill_id", "members_skill.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_slot_series")),
    )
    op.create_index(
        "ix_commitments_slot_series_site_id",
        "commitments_slot_series",
        ["site_id", "valid_from", "id"],
    )


def _slot() -> None:
    op.create_table(
        "commitments_slot",
        _id("id"),
        _id("series_id", nullable=True),
        _id("site_id"),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        _id("skill_id", nullable=True),
        _id("capacity_min"),
        _id("capacity_max"),
        _id("notice_hours"),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("moved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        _id("team_size", nullable=True),
        _id("locked_by_id", nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'locked') = (locked_at IS NOT NULL)", name=op.f("ck_commitments_slot_locked")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'cancelled', 'locked')", name=op.f("ck_commitments_slot_state")
        ),
        sa.CheckConstraint(
            "capacity_min BETWEEN 0 AND capacity_max AND capacity_max BETWEEN 1 AND 500",
            name=op.f("ck_commitments_slot_capacity"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_commitments_slot_order")),
        sa.CheckConstraint("team_size >= 0", name=op.f("ck_commitments_slot_team_size")),
        _key("commitments_slot", "kind", "commitments_kind.code"),
        _key("commitments_slot", "locked_by_id", "members_member.id"),
        _key("commitments_slot", "series_id", "commitments_slot_series.id"),
        _key("commitments_slot", "site_id", "sites_site.id"),
        _key("commitments_slot", "skill_id", "members_skill.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_slot")),
        sa.UniqueConstraint(
            "series_id", "local_date", name=op.f("uq_commitments_slot_series_id_local_date")
        ),
    )
    op.create_index(
        "ix_commitments_slot_coming",
        "commitments_slot",
        ["starts_at", "id"],
        **_where(sa.text("state = 'planned'")),
    )
    op.create_index(
        "ix_commitments_slot_planned",
        "commitments_slot",
        ["site_id", "ends_at", "id"],
        **_where(sa.text("state = 'planned'")),
    )
    op.create_index(
        "ix_commitments_slot_site_id", "commitments_slot", ["site_id", "starts_at", "id"]
    )


def _signup() -> None:
    op.create_table(
        "commitments_signup",
        _id("id"),
        _id("slot_id"),
        _id("member_id"),
        _id("place"),
        sa.Column("state", sa.String(length=15), nullable=False),
        _id("minutes", nullable=True),
        _id("replaces_id", nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        _id("booked_by_id"),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        _id("changed_by_id", nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("once", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "state IN ('booked', 'stand_in_wanted', 'taken_over', 'cancelled', 'done', 'partial', 'missed', 'excused')",
            name=op.f("ck_commitments_signup_state"),
        ),
        sa.CheckConstraint(
            "minutes BETWEEN 0 AND 1440", name=op.f("ck_commitments_signup_minutes")
        ),
        sa.CheckConstraint("place BETWEEN 1 AND 500", name=op.f("ck_commitments_signup_place")),
        _key("commitments_signup", "booked_by_id", "members_member.id"),
        _key("commitments_signup", "changed_by_id", "members_member.id"),
        _key("commitments_signup", "member_id", "members_member.id"),
        _key("commitments_signup", "replaces_id", "commitments_signup.id"),
        _key("commitments_signup", "slot_id", "commitments_slot.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_signup")),
        sa.UniqueConstraint(
            "booked_by_id", "once", name=op.f("uq_commitments_signup_booked_by_id_once")
        ),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_commitments_signup_replaces_id")),
    )
    op.create_index(
        "ix_commitments_signup_member_id", "commitments_signup", ["member_id", "slot_id"]
    )
    op.create_index("ix_commitments_signup_slot_id", "commitments_signup", ["slot_id", "id"])
    op.create_index(
        "ix_commitments_signup_wanted",
        "commitments_signup",
        ["slot_id"],
        **_where(sa.text("state = 'stand_in_wanted'")),
    )
    op.create_index(
        "uq_commitments_signup_live",
        "commitments_signup",
        ["slot_id", "member_id"],
        unique=True,
        **_where(sa.text("state IN ('booked', 'stand_in_wanted', 'done', 'partial', 'missed')")),
    )
    op.create_index(
        "uq_commitments_signup_place",
        "commitments_signup",
        ["slot_id", "place"],
        unique=True,
        **_where(sa.text("state IN ('booked', 'stand_in_wanted', 'done', 'partial', 'missed')")),
    )


def _slot_watch() -> None:
    op.create_table(
        "commitments_slot_watch",
        _id("slot_id"),
        _id("member_id"),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        _key("commitments_slot_watch", "member_id", "members_member.id"),
        _key("commitments_slot_watch", "slot_id", "commitments_slot.id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("slot_id", "member_id", name=op.f("pk_commitments_slot_watch")),
    )
    op.create_index("ix_commitments_slot_watch_member_id", "commitments_slot_watch", ["member_id"])


def _device() -> None:
    op.create_table(
        "commitments_device",
        _id("id"),
        _id("site_id"),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key_hash", sa.String(length=64), nullable=True),
        _id("made_by_id"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        _id("clock_offset_s"),
        _id("waiting"),
        _id("revoked_by_id", nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(code_hash IS NULL) = (code_until IS NULL)", name=op.f("ck_commitments_device_code")
        ),
        sa.CheckConstraint(
            "key_hash IS NULL OR enrolled_at IS NOT NULL",
            name=op.f("ck_commitments_device_enrolled"),
        ),
        _key("commitments_device", "made_by_id", "members_member.id"),
        _key("commitments_device", "revoked_by_id", "members_member.id"),
        _key("commitments_device", "site_id", "sites_site.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_device")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_commitments_device_code_hash")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_commitments_device_key_hash")),
    )
    op.create_index("ix_commitments_device_site_id", "commitments_device", ["site_id", "id"])


def _session() -> None:
    op.create_table(
        "commitments_session",
        _id("id"),
        _id("member_id"),
        _id("site_id"),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=7), nullable=False),
        sa.Column("end_source", sa.String(length=12), nullable=True),
        sa.Column("planned_end_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_ping_at", sa.DateTime(timezone=True), nullable=True),
        _id("signup_id", nullable=True),
        _id("rev"),
        _id("confirmed_by_id", nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("flags", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (ended_at IS NULL)", name=op.f("ck_commitments_session_open")
        ),
        sa.CheckConstraint(
            "end_source IN ('out', 'next_checkin', 'cutoff', 'auto', 'member', 'manager', 'merge')",
            name=op.f("ck_commitments_session_end_source"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'presumed', 'closed', 'counted', 'disputed', 'void')",
            name=op.f("ck_commitments_session_state"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (end_source IS NULL)", name=op.f("ck_commitments_session_end")
        ),
        sa.CheckConstraint("ended_at >= started_at", name=op.f("ck_commitments_session_order")),
        _key("commitments_session", "confirmed_by_id", "members_member.id"),
        _key("commitments_session", "kind", "commitments_kind.code"),
        _key("commitments_session", "member_id", "members_member.id"),
        _key("commitments_session", "signup_id", "commitments_signup.id"),
        _key("commitments_session", "site_id", "sites_site.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_session")),
    )
    op.create_index(
        "ix_commitments_session_doubtful",
        "commitments_session",
        ["site_id", "started_at", "id"],
        **_where(sa.text("state IN ('presumed', 'disputed')")),
    )
    op.create_index(
        "ix_commitments_session_flagged",
        "commitments_session",
        ["site_id", "id"],
        **_where(sa.text("flags <> ''")),
    )
    op.create_index(
        "ix_commitments_session_member_id", "commitments_session", ["member_id", "started_at", "id"]
    )
    op.create_index(
        "ix_commitments_session_site_id", "commitments_session", ["site_id", "day", "id"]
    )
    op.create_index(
        "ix_commitments_session_site_open",
        "commitments_session",
        ["site_id", "started_at", "id"],
        **_where(sa.text("ended_at IS NULL")),
    )
    op.create_index(
        "ix_commitments_session_to_count",
        "commitments_session",
        ["ended_at", "id"],
        **_where(sa.text("state = 'closed'")),
    )
    op.create_index(
        "uq_commitments_session_open",
        "commitments_session",
        ["member_id"],
        unique=True,
        **_where(sa.text("ended_at IS NULL")),
    )


def _punch() -> None:
    op.create_table(
        "commitments_punch",
        _id("id"),
        sa.Column("uid", sa.String(length=36), nullable=False),
        _id("member_id"),
        _id("site_id"),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=7), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        _id("device_id", nullable=True),
        _id("clock_offset_s"),
        _id("actor_id", nullable=True),
        _id("session_id", nullable=True),
        sa.CheckConstraint("kind IN ('in', 'out', 'ping')", name=op.f("ck_commitments_punch_kind")),
        sa.CheckConstraint(
            "outcome IN ('applied', 'repeated', 'ahead', 'late', 'refused')",
            name=op.f("ck_commitments_punch_outcome"),
        ),
        sa.CheckConstraint(
            "source IN ('kiosk', 'qr', 'badge', 'wifi', 'web', 'manager')",
            name=op.f("ck_commitments_punch_source"),
        ),
        _key("commitments_punch", "actor_id", "members_member.id"),
        _key("commitments_punch", "device_id", "commitments_device.id"),
        _key("commitments_punch", "member_id", "members_member.id"),
        _key("commitments_punch", "session_id", "commitments_session.id"),
        _key("commitments_punch", "site_id", "sites_site.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_punch")),
        sa.UniqueConstraint("uid", name=op.f("uq_commitments_punch_uid")),
    )
    op.create_index(
        "ix_commitments_punch_device_id", "commitments_punch", ["device_id", "received_at"]
    )
    op.create_index(
        "ix_commitments_punch_member_id", "commitments_punch", ["member_id", "occurred_at"]
    )
    op.create_index("ix_commitments_punch_received_at", "commitments_punch", ["received_at"])
    op.create_index("ix_commitments_punch_session_id", "commitments_punch", ["session_id"])
    op.create_index("ix_commitments_punch_site_id", "commitments_punch", ["site_id", "occurred_at"])


def _session_rev() -> None:
    op.create_table(
        "commitments_session_rev",
        _id("session_id"),
        _id("rev", autoincrement=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        _id("actor_id", nullable=True),
        _id("on_behalf_of_id", nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_commitments_session_rev_reason")),
        _key("commitments_session_rev", "actor_id", "members_member.id"),
        _key("commitments_session_rev", "on_behalf_of_id", "members_member.id"),
        _key("commitments_session_rev", "session_id", "commitments_session.id"),
        sa.PrimaryKeyConstraint("session_id", "rev", name=op.f("pk_commitments_session_rev")),
    )


def _correction() -> None:
    op.create_table(
        "commitments_correction",
        _id("id"),
        sa.Column("subject", sa.String(length=12), nullable=False),
        _id("subject_id", nullable=True),
        _id("member_id"),
        _id("site_id", nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("proposal", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        _id("asked_by_id"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        _id("witness_id", nullable=True),
        _id("decided_by_id", nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("once", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_at IS NULL)",
            name=op.f("ck_commitments_correction_decided"),
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'accepted', 'refused', 'withdrawn')",
            name=op.f("ck_commitments_correction_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'refused') OR decided_by_id <> member_id",
            name=op.f("ck_commitments_correction_other"),
        ),
        sa.CheckConstraint(
            "subject IN ('session', 'contribution', 'punch')",
            name=op.f("ck_commitments_correction_subject"),
        ),
        sa.CheckConstraint(
            "witness_id <> member_id", name=op.f("ck_commitments_correction_witness")
        ),
        _key("commitments_correction", "asked_by_id", "members_member.id"),
        _key("commitments_correction", "decided_by_id", "members_member.id"),
        _key("commitments_correction", "member_id", "members_member.id"),
        _key("commitments_correction", "site_id", "sites_site.id"),
        _key("commitments_correction", "witness_id", "members_member.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_correction")),
        sa.UniqueConstraint(
            "asked_by_id", "once", name=op.f("uq_commitments_correction_asked_by_id_once")
        ),
    )
    op.create_index(
        "ix_commitments_correction_member_id", "commitments_correction", ["member_id", "asked_at"]
    )
    op.create_index(
        "ix_commitments_correction_subject", "commitments_correction", ["subject", "subject_id"]
    )
    op.create_index(
        "ix_commitments_correction_waiting",
        "commitments_correction",
        ["site_id", "asked_at", "id"],
        **_where(sa.text("state = 'asked'")),
    )
    op.create_index(
        "ix_commitments_correction_witness",
        "commitments_correction",
        ["witness_id", "asked_at", "id"],
        **_where(sa.text("state = 'asked'")),
    )


def _look() -> None:
    op.create_table(
        "commitments_look",
        _id("id"),
        _id("member_id"),
        _id("viewer_id"),
        _id("site_id", nullable=True),
        sa.Column("page", sa.String(length=24), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("viewer_id <> member_id", name=op.f("ck_commitments_look_two_people")),
        _key("commitments_look", "member_id", "members_member.id"),
        _key("commitments_look", "site_id", "sites_site.id"),
        _key("commitments_look", "viewer_id", "members_member.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_look")),
        sa.UniqueConstraint(
            "member_id",
            "viewer_id",
            "day",
            "page",
            name=op.f("uq_commitments_look_member_id_viewer_id_day_page"),
        ),
    )
    op.create_index("ix_commitments_look_member_id", "commitments_look", ["member_id", "at", "id"])


def _relief() -> None:
    op.create_table(
        "commitments_relief",
        _id("id"),
        _id("member_id"),
        sa.Column("kind", sa.String(length=8), nullable=False),
        _id("pct"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("private_reason", sa.String(length=500), nullable=False),
        sa.Column("release_signups", sa.Boolean(), nullable=False),
        sa.Column("may_still_give", sa.Boolean(), nullable=False),
        _id("site_id", nullable=True),
        _id("process_id", nullable=True),
        _id("asked_by_id"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        _id("decided_by_id", nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.Column("once", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "(state = 'requested') = (decided_at IS NULL)",
            name=op.f("ck_commitments_relief_decided"),
        ),
        sa.CheckConstraint(
            "kind IN ('leave', 'parental', 'sickness', 'role', 'hardship', 'other')",
            name=op.f("ck_commitments_relief_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'approved', 'refused', 'cancelled')",
            name=op.f("ck_commitments_relief_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'refused') OR decided_by_id <> member_id",
            name=op.f("ck_commitments_relief_other"),
        ),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_commitments_relief_order")),
        sa.CheckConstraint("pct BETWEEN 1 AND 100", name=op.f("ck_commitments_relief_pct")),
        _key("commitments_relief", "asked_by_id", "members_member.id"),
        _key("commitments_relief", "decided_by_id", "members_member.id"),
        _key("commitments_relief", "member_id", "members_member.id"),
        _key("commitments_relief", "site_id", "sites_site.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_relief")),
        sa.UniqueConstraint(
            "asked_by_id", "once", name=op.f("uq_commitments_relief_asked_by_id_once")
        ),
        sa.UniqueConstraint("process_id", name=op.f("uq_commitments_relief_process_id")),
    )
    op.create_index(
        "ix_commitments_relief_member_id", "commitments_relief", ["member_id", "starts_on"]
    )
    op.create_index(
        "ix_commitments_relief_waiting",
        "commitments_relief",
        ["site_id", "asked_at", "id"],
        **_where(sa.text("state = 'requested'")),
    )


def _obligation() -> None:
    op.create_table(
        "commitments_obligation",
        _id("id"),
        _id("member_id", nullable=True),
        _id("firm_id", nullable=True),
        _id("period_id"),
        _id("rev"),
        _id("minutes"),
        sa.Column("explanation", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(member_id IS NULL) <> (firm_id IS NULL)",
            name=op.f("ck_commitments_obligation_holder"),
        ),
        sa.CheckConstraint("minutes >= 0", name=op.f("ck_commitments_obligation_minutes")),
        _key("commitments_obligation", "firm_id", "members_firm.id"),
        _key("commitments_obligation", "member_id", "members_member.id"),
        _key("commitments_obligation", "period_id", "commitments_period.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_obligation")),
        sa.UniqueConstraint(
            "firm_id",
            "period_id",
            "rev",
            name=op.f("uq_commitments_obligation_firm_id_period_id_rev"),
        ),
        sa.UniqueConstraint(
            "member_id",
            "period_id",
            "rev",
            name=op.f("uq_commitments_obligation_member_id_period_id_rev"),
        ),
    )
    op.create_index("ix_commitments_obligation_period_id", "commitments_obligation", ["period_id"])


def _status() -> None:
    op.create_table(
        "commitments_status",
        _id("id"),
        _id("member_id"),
        _id("home_site_id", nullable=True),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        _id("cause_id", nullable=True),
        sa.Column("next_review_on", sa.Date(), nullable=True),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("plan_until_on", sa.Date(), nullable=True),
        _id("decided_by_id", nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "state <> 'paused' OR decided_by_id IS NOT NULL",
            name=op.f("ck_commitments_status_paused"),
        ),
        sa.CheckConstraint(
            "state <> 'plan' OR plan_until_on IS NOT NULL", name=op.f("ck_commitments_status_plan")
        ),
        sa.CheckConstraint(
            "state IN ('ok', 'watch', 'late', 'plan', 'paused', 'exiting', 'left')",
            name=op.f("ck_commitments_status_state"),
        ),
        sa.CheckConstraint("decided_by_id <> member_id", name=op.f("ck_commitments_status_other")),
        sa.CheckConstraint("until_at >= since_at", name=op.f("ck_commitments_status_order")),
        _key("commitments_status", "cause_id", "commitments_ledger.id"),
        _key("commitments_status", "decided_by_id", "members_member.id"),
        _key("commitments_status", "home_site_id", "sites_site.id"),
        _key("commitments_status", "member_id", "members_member.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_status")),
    )
    op.create_index(
        "ix_commitments_status_member_id", "commitments_status", ["member_id", "since_at"]
    )
    op.create_index(
        "ix_commitments_status_review",
        "commitments_status",
        ["next_review_on"],
        **_where(sa.text("until_at IS NULL")),
    )
    op.create_index(
        "ix_commitments_status_site",
        "commitments_status",
        ["home_site_id", "state", "since_at", "member_id"],
        **_where(sa.text("until_at IS NULL")),
    )
    op.create_index(
        "uq_commitments_status_now",
        "commitments_status",
        ["member_id"],
        unique=True,
        **_where(sa.text("until_at IS NULL")),
    )


def _choice() -> None:
    op.create_table(
        "commitments_choice",
        _id("member_id"),
        sa.Column("gives_surplus", sa.Boolean(), nullable=False),
        _id("reminder_days", nullable=True),
        sa.CheckConstraint(
            "reminder_days BETWEEN 0 AND 14", name=op.f("ck_commitments_choice_reminder_days")
        ),
        _key("commitments_choice", "member_id", "members_member.id"),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_commitments_choice")),
    )


def _firm_standing() -> None:
    op.create_table(
        "commitments_firm_standing",
        _id("firm_id"),
        _id("period_id"),
        _id("home_site_id", nullable=True),
        _id("carry_in"),
        _id("due"),
        _id("done"),
        _id("help"),
        _id("corrections"),
        _id("balance"),
        sa.Column(
            "planned",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            server_default="0",
            nullable=False,
        ),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        _key("commitments_firm_standing", "firm_id", "members_firm.id"),
        _key("commitments_firm_standing", "home_site_id", "sites_site.id"),
        _key("commitments_firm_standing", "period_id", "commitments_period.id"),
        sa.PrimaryKeyConstraint("firm_id", "period_id", name=op.f("pk_commitments_firm_standing")),
    )
    op.create_index(
        "ix_commitments_firm_standing_site",
        "commitments_firm_standing",
        ["period_id", "home_site_id", "balance", "firm_id"],
    )


def _gift() -> None:
    op.create_table(
        "commitments_gift",
        _id("id"),
        _id("giver_id", nullable=True),
        _id("receiver_id", nullable=True),
        _id("minutes"),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        _id("site_id", nullable=True),
        _id("asked_by_id"),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        _id("decided_by_id", nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=300), nullable=False),
        _id("group_id", nullable=True),
        sa.Column("once", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_at IS NULL)", name=op.f("ck_commitments_gift_decided")
        ),
        sa.CheckConstraint(
            "(state = 'granted') = (group_id IS NOT NULL)", name=op.f("ck_commitments_gift_lines")
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'granted', 'refused', 'withdrawn')",
            name=op.f("ck_commitments_gift_state"),
        ),
        sa.CheckConstraint("giver_id <> receiver_id", name=op.f("ck_commitments_gift_two_people")),
        sa.CheckConstraint(
            "giver_id IS NOT NULL OR receiver_id IS NOT NULL",
            name=op.f("ck_commitments_gift_somebody"),
        ),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_commitments_gift_minutes")),
        _key("commitments_gift", "asked_by_id", "members_member.id"),
        _key("commitments_gift", "decided_by_id", "members_member.id"),
        _key("commitments_gift", "giver_id", "members_member.id"),
        _key("commitments_gift", "group_id", "commitments_group.id"),
        _key("commitments_gift", "receiver_id", "members_member.id"),
        _key("commitments_gift", "site_id", "sites_site.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_gift")),
        sa.UniqueConstraint(
            "asked_by_id", "once", name=op.f("uq_commitments_gift_asked_by_id_once")
        ),
        sa.UniqueConstraint("group_id", name=op.f("uq_commitments_gift_group_id")),
    )
    op.create_index("ix_commitments_gift_giver_id", "commitments_gift", ["giver_id", "decided_at"])
    op.create_index(
        "ix_commitments_gift_receiver_id", "commitments_gift", ["receiver_id", "decided_at"]
    )
    op.create_index(
        "ix_commitments_gift_waiting",
        "commitments_gift",
        ["site_id", "asked_at", "id"],
        **_where(sa.text("state = 'asked'")),
    )


def _badge() -> None:
    op.create_table(
        "commitments_badge",
        _id("id"),
        _id("member_id"),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("hint", sa.String(length=4), nullable=False),
        _id("issued_by_id"),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        _id("revoked_by_id", nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('number', 'card', 'qr')", name=op.f("ck_commitments_badge_kind")
        ),
        _key("commitments_badge", "issued_by_id", "members_member.id"),
        _key("commitments_badge", "member_id", "members_member.id"),
        _key("commitments_badge", "revoked_by_id", "members_member.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_badge")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_commitments_badge_token_hash")),
    )
    op.create_index("ix_commitments_badge_member_id", "commitments_badge", ["member_id", "id"])


def _site_code() -> None:
    op.create_table(
        "commitments_site_code",
        _id("id"),
        _id("site_id"),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=True),
        _id("made_by_id"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        _id("revoked_by_id", nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'printed') = (token_hash IS NOT NULL)",
            name=op.f("ck_commitments_site_code_token"),
        ),
        sa.CheckConstraint(
            "(kind = 'rotating') = (salt IS NOT NULL)", name=op.f("ck_commitments_site_code_salt")
        ),
        sa.CheckConstraint(
            "kind IN ('printed', 'rotating')", name=op.f("ck_commitments_site_code_kind")
        ),
        _key("commitments_site_code", "made_by_id", "members_member.id"),
        _key("commitments_site_code", "revoked_by_id", "members_member.id"),
        _key("commitments_site_code", "site_id", "sites_site.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_site_code")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_commitments_site_code_token_hash")),
    )
    op.create_index(
        "ix_commitments_site_code_site_id",
        "commitments_site_code",
        ["site_id", "id"],
        **_where(sa.text("revoked_at IS NULL")),
    )


def _feed() -> None:
    op.create_table(
        "commitments_feed",
        _id("id"),
        _id("member_id"),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        _key("commitments_feed", "member_id", "members_member.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_commitments_feed_token_hash")),
    )
    op.create_index(
        "uq_commitments_feed_valid",
        "commitments_feed",
        ["member_id"],
        unique=True,
        **_where(sa.text("revoked_at IS NULL")),
    )


def _job_run() -> None:
    op.create_table(
        "commitments_job_run",
        _id("id"),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments_job_run")),
        sa.UniqueConstraint("key", name=op.f("uq_commitments_job_run_key")),
    )
    op.create_index("ix_commitments_job_run_name", "commitments_job_run", ["name", "started_at"])
