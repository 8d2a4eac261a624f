"""import-members: tables as people export them, a fault per line, all or nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from incubator.domain.chat.models import Seat
from incubator.kernel.db import db, transaction
from incubator.network.accounts import importing
from incubator.network.accounts.csv_members import MOST_LINES, Line, read_table
from incubator.network.accounts.models import Account, Grant
from incubator.network.members.firm_models import Firm, FirmRole
from incubator.network.members.models import Member
from tests.cli.rows import emails, rows

SITES = {"lyon": 1, "lyon, croix-rousse": 1, "dakar": 2}
FRENCH = """Prénom;Nom;Courriel;Pépinière;Rôle;Langue;Métier;Téléphone;Société
Élise;Nguyen;Elise@Example.org;Lyon;responsable;français;Savons d’été;+33 6 12 34 56 78;Bulle
Ousmane;Bâ;ousmane@example.org;DAKAR;;;;;
"""
ENGLISH = """name,email,city,role,language,headline,phone,company
Élise Nguyen,elise@example.org,Lyon,manager,fr,Savons d’été,+33 6 12 34 56 78,Bulle
Ousmane Bâ,ousmane@example.org,dakar,,,,,
"""


def faults(text: str) -> list[tuple[int, str]]:
    """Line and column of each fault."""
    return [(fault.line, fault.column) for fault in read_table(text.encode(), SITES).faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("text", [FRENCH, ENGLISH], ids=["french", "english"])
def test_a_table_reads_alike_however_it_was_exported(encoding, end, text):
    table = read_table(text.replace("\n", end).encode(encoding), SITES)
    assert not table.faults
    elise, ousmane = table.lines
    assert (elise.name, elise.email, elise.site_id) == ("Élise Nguyen", "elise@example.org", 1)
    assert (elise.role, elise.language, elise.firm) == ("manager", "fr", "Bulle")
    assert elise.headline == "Savons d’été"
    assert (ousmane.name, ousmane.site_id, ousmane.role, ousmane.language) == (
        "Ousmane Bâ",
        2,
        "",
        "",
    )


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ("Zoé,zoe,Lyon,,,", "email"),
        ("Zoé,zoé@example.org,Lyon,,,", "email"),
        (",zoe@example.org,Lyon,,,", "name"),
        ("Zoé,zoe@example.org,Paris,,,", "site"),
        ("Zoé,zoe@example.org,,,,", "site"),
        ("Zoé,zoe@example.org,Lyon,queen,,", "role"),
        ("Zoé,zoe@example.org,Lyon,,elvish,", "language"),
        ("Zoé,zoe@example.org,Lyon,,,call me", "phone"),
        ("Z" * 121 + ",zoe@example.org,Lyon,,,", "name"),
        ("Zo\x07é,zoe@example.org,Lyon,,,", "name"),
        ("\u202eéoZ,zoe@example.org,Lyon,,,", "name"),
        ("Zo\u200bé,zoe@example.org,Lyon,,,", "name"),
        ("Zoé,zoe@example.org,Lyon,,,,,", ""),
        ("Ada,ADA@example.org,Lyon,,,", "email"),
    ],
)
def test_a_faulty_line_is_named_with_its_number_and_column(cells, column):
    head = "name,email,site,role,language,phone\nAda,ada@example.org,Lyon,,,\n\n"
    assert faults(head + cells) == [(4, column)]


def test_the_blanks_of_a_name_become_one_space():
    table = read_table("name,email,site\nZoé\u00a0  Petit,zoe@example.org,Lyon".encode(), SITES)
    assert [line.name for line in table.lines] == ["Zoé Petit"]


def test_every_fault_of_a_table_is_told_at_once():
    text = "name,email,site\n,bad,Paris\nAda,ada@example.org,Lyon\nZoé,zoe,Lyon\n"
    assert faults(text) == [(2, "email"), (2, "name"), (2, "site"), (4, "email")]


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("nom,ville", ["email"]),
        ("email,prénom", ["site", "name"]),
        ("email,site,nom,name", ["name"]),
        ("", ["email", "site", "name"]),
        ("n'importe quoi", ["email", "site", "name"]),
    ],
)
def test_a_header_without_what_is_needed_is_told(header, columns):
    assert faults(header + "\nx,y\n") == [(1, column) for column in columns]


@pytest.mark.parametrize(
    ("row", "columns"),
    [("Ada;Lyon", ["email"]), ("Ada", ["email", "site"]), (";;a@b.fr", ["name", "site"])],
)
def test_a_row_that_ends_too_early_is_a_fault_with_its_line(row, columns):
    assert faults(f"name;site;email\n{row}\n") == [(2, column) for column in columns]


def test_two_rows_without_an_address_do_not_have_the_same_one():
    assert faults("name;site;email\nAda;Lyon\nZoé;Lyon\n") == [(2, "email"), (3, "email")]


def test_a_cell_may_hold_the_separator_and_the_end_of_a_line():
    text = 'name;email;site;headline\n"Ada";a@b.fr;"Lyon, Croix-Rousse";"one; two"\nZoé;zoe;Lyon;\n'
    table = read_table(text.encode(), SITES)
    assert table.lines[0].headline == "one; two"
    assert [fault.line for fault in table.faults] == [3]


def test_a_quote_that_never_ends_is_told_with_the_line_where_it_began():
    assert faults('name,email,site\nAda,a@b.fr,Lyon\n"Zoé,z@b.fr,Lyon\n\n') == [(3, "")]


def test_a_byte_that_no_encoding_knows_is_a_fault():
    table = read_table(
        "name,email,site\nZoé,z@b.fr,Lyon\n".encode("cp1252") + b"\x81,y@b.fr,Lyon", SITES
    )
    assert [(fault.line, fault.column) for fault in table.faults] == [(3, "name")]


def test_a_table_of_five_thousand_lines_is_read_and_a_huge_one_refused():
    lines = [f"Member {n},member{n}@example.org,Lyon" for n in range(MOST_LINES)]
    table = read_table("\n".join(["name,email,site", *lines[:5000]]).encode(), SITES)
    assert len(table.lines) == 5000
    assert faults("\n".join(["name,email,site", *lines])) == [(MOST_LINES + 1, "")]


HOUSE = importing.House(time_zone="Europe/Paris", language="fr")


def given(make, *lines: Line) -> importing.Outcome:
    with transaction():
        return importing.apply(lines, HOUSE, now=make.now)


def roles(email: str) -> set[tuple[str, int | None]]:
    query = select(Grant.role, Grant.site_id).join(Account, Account.id == Grant.account_id)
    found = db.session.execute(query.where(Account.email == email, Grant.ended_at.is_(None)))
    return {(role, site_id) for role, site_id in found}


def test_an_import_makes_members_with_their_roles_and_firms(make):
    site = make.site("Dakar", time_zone="Africa/Dakar")
    one = Line(number=2, email="a@b.fr", name="Ada", site_id=site.id, role="manager", firm="Bulle")
    two = Line(
        number=3, email="z@b.fr", name="Zoé", site_id=site.id, firm="Bulle", phone="+221 33 1"
    )
    assert given(make, one, two) == importing.Outcome(created=2)
    assert roles("a@b.fr") == {("manager", site.id), ("resident", site.id)}
    assert roles("z@b.fr") == {("resident", site.id)}
    account = db.session.scalars(select(Account).where(Account.email == "z@b.fr")).one()
    assert (account.time_zone, account.password_hash) == ("Africa/Dakar", None)
    assert db.session.scalar(select(func.count()).select_from(Firm)) == 1
    kept = db.session.execute(select(FirmRole.keeper).order_by(FirmRole.id)).scalars().all()
    assert kept == [True, False]


def crowd(site_id: int, size: int, first: int = 0) -> list[Line]:
    numbers = range(first, first + size)
    return [Line(number=n, email=f"a{n}@b.fr", name="Ada Martin", site_id=site_id) for n in numbers]


def test_people_of_one_name_get_addresses_of_their_own(make):
    site = make.site()
    given(make, *crowd(site.id, 2))
    given(make, *crowd(site.id, 2, first=2))
    slugs = set(db.session.scalars(select(Member.slug)))
    assert slugs == {"ada-martin", "ada-martin-2", "ada-martin-3", "ada-martin-4"}


def test_a_crowd_is_imported_with_the_questions_of_a_few(make, count_queries):
    site = make.site()
    with count_queries() as few:
        given(make, *crowd(site.id, 2))
    with count_queries() as many:
        given(make, *crowd(site.id, 200, first=2))
    reads = [sum(line.startswith("SELECT") for line in asked) for asked in (few, many)]
    assert reads[1] <= reads[0] + 2
    seats = select(func.count()).select_from(Seat).where(Seat.left_at.is_(None))
    assert db.session.scalar(seats) == 2 * 202


def test_an_import_again_changes_nothing(make):
    site = make.site()
    line = Line(
        number=2, email="a@b.fr", name="Ada", site_id=site.id, firm="Bulle", phone="0102030405"
    )
    given(make, line)
    assert given(make, line) == importing.Outcome(unchanged=1)


def test_an_import_again_updates_by_address_and_empty_cells_keep_what_is_there(make):
    site = make.site()
    line = {"number": 2, "email": "a@b.fr", "site_id": site.id}
    given(make, Line(name="Ada", headline="Savons", language="en", role="manager", **line))
    assert given(make, Line(name="Ada Martin", phone="01 02 03 04 05", **line)).updated == 1
    member = db.session.scalars(select(Member)).one()
    assert (member.name, member.headline) == ("Ada Martin", "Savons")
    assert member.phone == "01 02 03 04 05"
    assert db.session.scalars(select(Account.language)).one() == "en"
    assert roles("a@b.fr") == {("manager", site.id), ("resident", site.id)}


def test_a_resident_who_moves_is_resident_of_the_new_site_alone(make):
    lyon, dakar = make.site("Lyon"), make.site("Dakar")
    given(make, Line(number=2, email="a@b.fr", name="Ada", site_id=lyon.id))
    assert given(make, Line(number=2, email="a@b.fr", name="Ada", site_id=dakar.id)).updated == 1
    assert roles("a@b.fr") == {("resident", dakar.id)}
    assert db.session.scalars(select(Member.home_site_id)).one() == dakar.id


def test_a_guest_becomes_a_resident_and_no_table_makes_a_resident_a_guest(make):
    site = make.site()
    for role in ("guest", "resident", "guest"):
        given(make, Line(number=2, email="a@b.fr", name="Ada", site_id=site.id, role=role))
    assert roles("a@b.fr") == {("resident", site.id)}


def test_the_command_imports_after_a_preview_and_a_yes(installed, tmp_path):
    table = tmp_path / "members.csv"
    table.write_bytes(FRENCH.encode("cp1252"))
    assert installed("import-members", table, typed="n\n").code == 1
    assert emails(installed.database) == {"ada@example.org"}
    done = installed("import-members", table, typed="y\n")
    assert "line    2  create  Élise Nguyen <elise@example.org>, manager" in done.out
    assert "2 created, 0 updated, 0 unchanged" in done.out
    again = installed("import-members", table, "--yes")
    assert "line    3  update  Ousmane Bâ" in again.out
    assert "0 created, 0 updated, 2 unchanged" in again.out


def test_the_command_imports_nothing_when_one_line_is_wrong(installed, tmp_path):
    table = tmp_path / "members.csv"
    table.write_text(ENGLISH + "Zoé,zoe,Paris,,,,,\n", "utf-8")
    before = rows(installed.database, "SELECT count(*) FROM members_member")
    done = installed("import-members", table, "--yes")
    assert "2 fault(s): nothing was imported" in done.sentence
    assert "line 4, email: «zoe» is not an e-mail address." in done.out
    assert "line 4, site: No site is called «Paris»." in done.out
    assert rows(installed.database, "SELECT count(*) FROM members_member") == before


def test_the_command_says_which_row_ends_too_early(installed, tmp_path):
    table = tmp_path / "members.csv"
    table.write_text("name;site;email\nAda;Lyon\n", "utf-8")
    done = installed("import-members", table, "--yes")
    assert "1 fault(s): nothing was imported" in done.sentence
    assert "line 2, email: The e-mail address is missing." in done.out


def test_a_member_whose_row_names_no_language_reads_that_of_the_network(installed, tmp_path):
    table = tmp_path / "members.csv"
    table.write_text("name,email,site,language\nZoé,z@b.fr,Lyon,\nÉva,e@b.fr,Lyon,fr\n", "utf-8")
    english = {"INCUBATOR_DEFAULT_LANGUAGE": "en"}
    assert installed("import-members", table, "--yes", **english).code == 0
    query = "SELECT email, language FROM accounts_account WHERE email LIKE '%@b.fr' ORDER BY email"
    assert rows(installed.database, query) == [("e@b.fr", "fr"), ("z@b.fr", "en")]


def test_the_command_says_that_a_file_is_missing(installed, tmp_path):
    missing = tmp_path / "none.csv"
    assert f"{missing}: No such file" in installed("import-members", missing).sentence
