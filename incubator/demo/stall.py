"""A step of the loader: a question with a drawing and a list of its own."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw, ImageFont

from incubator.demo.content import email_of
from incubator.demo.stage import key_of
from incubator.domain.help import attachments, bumps, commands
from incubator.domain.help.post_models import FOLDER
from incubator.edge.state import settings
from incubator.kernel.db import as_of
from incubator.kernel.files import picture_size, store_picture
from incubator.kernel.kept_files import Kept
from incubator.kernel.stored_files import store_file

if TYPE_CHECKING:
    from pathlib import Path

    from incubator.demo.stage import Stage

AUTHOR: Final = "clara.vidal"
TITLE: Final = "Un étal de trois mètres sur deux : où mettre la caisse ?"
BODY: Final = (
    "Samedi je vends ma vaisselle sous un barnum pour la première fois. J’ai dessiné le plan et "
    "fait la liste de ce que j’emporte : **les gens entrent par la gauche**, et le vent aussi.\n\n"
    "Caisse au fond (A), ou près du passage (B) ? Et qu’est-ce que j’oublie ?"
)
LIST: Final = (
    "Quoi;Combien;Où\n"
    "Assiettes de grès;120;table longue\n"
    "Bols;60;table longue\n"
    "Grands plats;12;rayons\n"
    "Papier de soie;2 rames;sous la caisse\n"
    "Lests de barnum;4;un par pied\n"
)
# Pixels: the sizes that a browser's upload is kept in, and the drawing itself.
WIDTHS: Final = (480, 1600)
SIZE: Final = (1200, 840)
MOST_BYTES: Final = 100_000
PAPER, INK, WOOD, LEAF = "#f7f3e8", "#22332b", "#e4cfa6", "#bcd9c6"
# What stands on the stall: its corners in pixels, its colour, its words. Pillow's letters have no
# accents.
THINGS: Final = (
    ((120, 130, 1080, 280), WOOD, "Table longue, 2,80 m"),
    ((880, 330, 1080, 700), WOOD, "Rayons"),
    ((120, 330, 420, 480), LEAF, "Caisse A"),
    ((480, 550, 780, 700), LEAF, "Caisse B"),
)


def ask_with_files(stage: Stage) -> str:
    """Ask, with a plan and a list."""
    clara, once = stage.actors[email_of(AUTHOR)], key_of("thread", TITLE)
    at = stage.now - timedelta(hours=4)
    with as_of(at), bumps.without_letters():
        for file in (_plan(settings().uploads_dir / FOLDER), _list()):
            attachments.add(clara, once, file, now=at)
        commands.ask(
            clara,
            title=TITLE,
            body=BODY,
            skill_ids=[stage.skills["salons"]],
            once=once,
            now=at,
        )
    return "1 question with files"


def _plan(folder: Path) -> Kept:
    data = _drawn()
    key = store_picture(data, folder, WIDTHS)
    width, height = picture_size(key, WIDTHS[-1], folder)
    return Kept(
        key=key, name="plan-de-l-etal.webp", kind="webp", size=len(data), width=width, height=height
    )


def _list() -> Kept:
    folder = settings().uploads_dir / FOLDER
    file = store_file(LIST.encode(), "ce-que-j-emporte.csv", folder, most_bytes=MOST_BYTES)
    return Kept(key=file.key, name=file.name, kind=file.kind, size=file.size)


def _drawn() -> bytes:
    """The plan, seen from above."""
    picture, out = Image.new("RGB", SIZE, PAPER), io.BytesIO()
    pen, words = ImageDraw.Draw(picture), ImageFont.load_default(size=34)
    pen.rectangle((70, 80, 1130, 750), outline=INK, width=6)
    for corners, colour, said in THINGS:
        pen.rectangle(corners, fill=colour, outline=INK, width=4)
        middle = ((corners[0] + corners[2]) / 2, (corners[1] + corners[3]) / 2)
        pen.text(middle, said, fill=INK, font=words, anchor="mm")
    pen.text((600, 795), "Passage, 3 m", fill=INK, font=words, anchor="mm")
    picture.save(out, "PNG")
    return out.getvalue()
