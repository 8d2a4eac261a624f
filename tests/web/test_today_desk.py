"""The first page of who runs a site or the network, and of who does both."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from incubator.edge import clock
from incubator.edge.state import state_of
from incubator.kernel.backups import MARK, last_backup, note_backup
from incubator.kernel.db import db, transaction
from incubator.kernel.jobs import Job
from tests.factories_slots import a_slot, signed_up
from tests.web.test_today import read, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def lyon(make):
    return make.site()


@pytest.fixture
def sophie(make, lyon):
    return make.member(lyon, name="Sophie Lambert", role="manager")


@pytest.fixture
def gaelle(make, lyon):
    return make.member(lyon, name="Gaëlle Riou", role="administrator")


@pytest.fixture
def saved(settings) -> Iterator[None]:
    """A backup of this moment, whose mark is taken away afterwards."""
    note_backup(settings)
    yield
    (settings.instance_dir / MARK).unlink()


def tile(page: str, label: str) -> str:
    """The figure of a tile."""
    found = re.search(rf'<b class="num">([^<]*)(?:<small>([^<]*)</small>)?</b><span>{label}', page)
    assert found, label
    return found[1].strip() + (found[2] or "")


def a_stopped_task() -> None:
    with transaction():
        past = clock.now() - timedelta(hours=1)
        db.session.add(
            Job(kind="mail.send", payload={}, state="dead", due_at=past, created_at=past)
        )


def of_today(make, sophie, lyon, **more):
    return a_slot(make, sophie, lyon, day=make.now.date(), duration=60, **more)


def test_a_manager_sees_the_day_of_their_site(make, sophie, lyon, sign_in):
    of_today(make, sophie, lyon, title="Fermeture", local_start=1080)
    full = of_today(make, sophie, lyon, title="Salon", local_start=900)
    signed_up(make, make.member(lyon), full)
    of_today(make, sophie, lyon, title="Midi", local_start=660)
    with clock.stopped_at(make.now + timedelta(hours=4)):
        page = read(sign_in(sophie))
    assert tile(page, "Créneaux couverts") == "1 sur 3"
    assert tile(page, "Feuilles à verrouiller") == "1"
    assert tile(page, "À appeler") == "0"
    card = page[page.index("site-day-panel") : page.index("part-waiting")]
    assert "Fermeture" in card
    assert "Salon" not in card
    assert "Midi" not in card  # it is over: nobody can come any more


def test_a_slot_of_today_for_which_nobody_comes_is_their_sentence(make, sophie, lyon, sign_in):
    of_today(make, sophie, lyon, title="Fermeture", local_start=1080)
    wanted = "Personne n’est encore inscrit pour Fermeture, aujourd’hui à 18 h 00."
    assert sentence(sign_in(sophie)) == wanted


def test_a_resident_has_no_desk(make, lyon, sophie, sign_in):
    of_today(make, sophie, lyon, local_start=1080)
    page = read(sign_in(make.member(lyon)))
    for key in ("site-day", "waiting", "machine", "sites-health"):
        assert f'id="part-{key}"' not in page


def test_a_manager_sees_nothing_of_a_site_they_do_not_run(make, sophie, sign_in):
    nantes = make.site("Nantes")
    elsewhere = make.member(nantes, role="manager")
    of_today(make, elsewhere, nantes, title="Fermeture", local_start=1080)
    page = read(sign_in(sophie))
    assert "Fermeture" not in page
    assert "machine-panel" not in page


def test_an_administrator_hears_first_of_a_task_that_stopped(gaelle, sign_in):
    a_stopped_task()
    browser = sign_in(gaelle)
    assert sentence(browser) == "L’outil a besoin de vous : Réseau (1)."
    assert tile(read(browser), "Réseau") == "1"


def test_an_administrator_sees_whether_all_was_saved(gaelle, sign_in, settings, saved):
    page = read(sign_in(gaelle))
    assert "Dernière sauvegarde" in page
    assert "aucune connue" not in page
    assert ">à faire<" not in page
    long_ago = (clock.now() - timedelta(days=8)).timestamp()
    os.utime(settings.instance_dir / MARK, (long_ago, long_ago))
    assert "à faire" in read(sign_in(gaelle))


def test_without_a_backup_the_page_says_so(gaelle, sign_in, settings):
    assert last_backup(settings) is None
    assert "aucune connue" in read(sign_in(gaelle))


def test_who_is_manager_and_resident_has_both(make, sophie, lyon, sign_in):
    page = read(sign_in(sophie))
    for key in ("site-day", "presence", "chat", "hours"):
        assert f'id="part-{key}"' in page


def test_of_the_parts_that_a_desk_asks_anew_each_fails_alone(
    app, make, sophie, lyon, sign_in, monkeypatch
):
    def broken(*_any):
        raise RuntimeError

    of_today(make, sophie, lyon, title="Fermeture", local_start=1080)
    state, browser = state_of(app), sign_in(sophie)
    wanted = ("site-day", "waiting", "chat")
    headers = {"X-Swap": " ".join(f"#part-{key}" for key in (*wanted, "none"))}
    for key in wanted:
        damaged = [replace(p, load=broken) if p.key == key else p for p in state_of(app).panels]
        with monkeypatch.context() as patch:
            patch.setattr(state, "panels", damaged)
            answered = browser.get("/", headers=headers)
        assert answered.status_code == 200
        assert answered.text.count("n’a pas pu être chargée") == 1
        assert ("Fermeture" in answered.text) is (key != "site-day")
