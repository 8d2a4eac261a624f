"""Firms: sector, place, logo, offers; dated roles with keepers; requests; words to search by."""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from incubator.kernel.text import fold, words

revision = "0007"
down_revision = "0006"

INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHOLE = 4
LASTING = sa.text("until_on IS NULL")
OPEN = sa.text("state = 'open'")

# The first sector one of whose beginnings stands in the free text is taken; a word of up to
# four letters must stand there whole.
SECTORS = (
    ("accounting", "comptab expert-comptable paie gestion_sociale account bookkeep payroll"),
    ("legal", "jurid droit avocat notaire legal law"),
    ("hr", "recrut ressources_humaines recruit hiring human_resources mobilite_internationale"),
    ("translation", "tradu interpret translat langue"),
    ("training", "formation formateur enseign pedagog training teach coaching"),
    ("design", "design graphis illustrat"),
    ("communication", "communic presse marketing referenc publicit seo press"),
    ("media", "audiovisuel photo video sonore son film podcast music musique"),
    ("software", "logiciel developpement web donnees informatique cyber software data it numeri"),
    ("energy", "energie solaire environnement carbone energy solar"),
    ("building", "renovation batiment travaux plomberie electricit maconn build architect"),
    ("wood", "menuis bois ameublement agencement ebenist wood joiner furniture"),
    ("textile", "textile couture tricot vetement teinture broderie maroquin mode cuir fashion"),
    ("crafts", "ceramique artisan poterie bijou craft potter jewel"),
    ("beauty", "cosmet savon beaute bien_etre coiff soap beauty hair"),
    ("farming", "agric paysage maraich acericult jardin farm garden landscap"),
    ("hospitality", "traiteur restaura caviste torrefact cafe hotel touris cater bar"),
    ("food", "aliment biscuit boisson brasserie condiment conserv boulang food brewer drink baker"),
    ("repair", "repar reemploi recycl repair reuse cycles"),
    ("logistics", "logist transport transit livraison douane courtage messag deliver freight"),
    ("retail", "commerce negoce import export boutique vente detail retail shop trade"),
    ("manufacturing", "fabrication industri usinage additive prototyp manufactur machin"),
    ("culture", "culture edition jeux jeu jouet spectacle theatre livre publish game games art"),
    ("health", "sante soin soins medic therap aide_a_domicile health care"),
    ("consulting", "conseil etude accompagnement cooperat ingenier consult engineer"),
)


def upgrade() -> None:
    _firm()
    _tables()
    _requests()
    _rewrite(op.get_bind())
    with op.batch_alter_table("members_firm_role") as role:
        role.add_column(
            sa.Column("keeper", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        role.create_check_constraint(op.f("ck_members_firm_role_order"), "until_on > since_on")
    # Until now whoever worked in a firm could change it: nobody loses that.
    op.execute("UPDATE members_firm_role SET keeper = true WHERE until_on IS NULL")
    op.create_index(
        "uq_members_firm_role_lasting",
        "members_firm_role",
        ["member_id", "firm_id"],
        unique=True,
        sqlite_where=LASTING,
        postgresql_where=LASTING,
    )


def _firm() -> None:
    text = {"server_default": "", "nullable": False}
    sort_name = sa.String(120).with_variant(sa.String(120, collation="C"), "postgresql")
    for column in (
        sa.Column("sort_name", sort_name, **text),
        sa.Column("country", sa.String(2), **text),
        sa.Column("city", sa.String(80), **text),
        sa.Column("registration_key", sa.String(48), nullable=True),
        sa.Column("activity", sa.String(80), **text),
        sa.Column("since_month", INTEGER, nullable=True),
        sa.Column("logo", sa.String(32), nullable=True),
    ):
        op.add_column("members_firm", column)
    op.drop_index("ix_members_firm_site_id", "members_firm")
    op.create_index("ix_members_firm_sort_name", "members_firm", ["sort_name", "id"])
    op.create_index("ix_members_firm_site", "members_firm", ["site_id", "sort_name", "id"])
    op.create_index("ix_members_firm_sector", "members_firm", ["sector", "sort_name", "id"])
    op.create_index(
        "ix_members_firm_registration_key", "members_firm", ["registration_key"], unique=True
    )


def _tables() -> None:
    word = sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql")
    op.create_table(
        "members_firm_word",
        sa.Column("word", word, nullable=False),
        sa.Column("firm_id", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id"],
            ["members_firm.id"],
            name=op.f("fk_members_firm_word_firm_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("word", "firm_id", name=op.f("pk_members_firm_word")),
    )
    op.create_index("ix_members_firm_word_firm_id", "members_firm_word", ["firm_id"])
    op.create_table(
        "members_firm_skill",
        sa.Column("firm_id", INTEGER, nullable=False),
        sa.Column("skill_id", INTEGER, nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("position", INTEGER, nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id"],
            ["members_firm.id"],
            name=op.f("fk_members_firm_skill_firm_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["skill_id"], ["members_skill.id"], name=op.f("fk_members_firm_skill_skill_id")
        ),
        sa.PrimaryKeyConstraint(
            "firm_id", "skill_id", "wanted", name=op.f("pk_members_firm_skill")
        ),
    )
    op.create_index(
        "ix_members_firm_skill_skill_id", "members_firm_skill", ["skill_id", "wanted", "firm_id"]
    )


def _requests() -> None:
    people = ("member_id", "asked_by_id", "decided_by_id")
    op.create_table(
        "members_firm_request",
        sa.Column("id", INTEGER, nullable=False),
        sa.Column("kind", sa.String(6), nullable=False),
        sa.Column("firm_id", INTEGER, nullable=False),
        sa.Column("member_id", INTEGER, nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("message", sa.String(500), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("asked_by_id", INTEGER, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", INTEGER, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('join', 'invite', 'claim')", name=op.f("ck_members_firm_request_kind")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'declined', 'withdrawn')",
            name=op.f("ck_members_firm_request_state"),
        ),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f("ck_members_firm_request_decided")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id"],
            ["members_firm.id"],
            name=op.f("fk_members_firm_request_firm_id"),
            ondelete="CASCADE",
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                ["members_member.id"],
                name=op.f(f"fk_members_firm_request_{column}"),
                ondelete="CASCADE" if column == "member_id" else None,
            )
            for column in people
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members_firm_request")),
    )
    op.create_index(
        "uq_members_firm_request_open",
        "members_firm_request",
        ["firm_id", "member_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_members_firm_request_member", "members_firm_request", ["member_id", "state", "id"]
    )


def _rewrite(bind: sa.Connection) -> None:
    """Give every firm what the new columns say; of two with one number the older one holds it."""
    rows = bind.execute(
        sa.text(
            "SELECT f.id, f.name, f.sector, f.registration, s.country FROM members_firm f"
            " LEFT JOIN sites_site s ON s.id = f.site_id ORDER BY f.id"
        )
    ).all()
    firm = sa.table(
        "members_firm",
        *map(sa.column, ("id", "sort_name", "country", "sector", "activity", "registration_key")),
    )
    word = sa.table("members_firm_word", sa.column("word"), sa.column("firm_id"))
    taken: dict[str, int] = defaultdict(int)
    for row in rows:
        key = registration_key(row.registration, row.country or "")
        taken[key] += 1
        bind.execute(
            sa.update(firm)
            .where(firm.c.id == row.id)
            .values(
                sort_name=fold(row.name)[:120],
                country=row.country or "",
                sector=sector_of(row.sector),
                activity=row.sector,
                registration_key=key if key and taken[key] == 1 else None,
            )
        )
        found = {each[:60] for text in (row.name, row.sector) for each in words(text)}
        for each in sorted(found):
            bind.execute(sa.insert(word).values(word=each, firm_id=row.id))


def registration_key(number: str, country: str) -> str:
    bare = "".join(each for each in number.upper() if each.isascii() and each.isalnum())
    return f"{country}:{bare}" if bare else ""


def sector_of(free: str) -> str:
    """The code of a sector written freely; «other» when no word is known, none for nothing."""
    text = words(free)
    if not text:
        return ""
    for code, beginnings in SECTORS:
        for beginning in beginnings.split():
            if len(beginning) <= WHOLE and beginning in text:
                return code
            if len(beginning) > WHOLE and any(
                "_".join(text[at:]).startswith(beginning) for at in range(len(text))
            ):
                return code
    return "other"


def downgrade() -> None:
    op.drop_index("uq_members_firm_role_lasting", "members_firm_role")
    with op.batch_alter_table("members_firm_role") as role:
        role.drop_constraint(op.f("ck_members_firm_role_order"), type_="check")
        role.drop_column("keeper")
    for table in ("members_firm_request", "members_firm_skill", "members_firm_word"):
        op.drop_table(table)
    op.execute("UPDATE members_firm SET sector = activity")
    for index in ("registration_key", "sector", "site", "sort_name"):
        op.drop_index(f"ix_members_firm_{index}", "members_firm")
    op.create_index("ix_members_firm_site_id", "members_firm", ["site_id"])
    for column in (
        "sort_name",
        "country",
        "city",
        "registration_key",
        "activity",
        "since_month",
        "logo",
    ):
        op.drop_column("members_firm", column)
