"""The texts of the guide: twins in both languages, links that lead somewhere, French as set."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from flit_core.buildapi import build_wheel

from incubator.blueprints.guide.topics import TOPICS
from incubator.edge.guide import FOLDER, GUIDES, HOUSE, Chapter, chapters, statement
from incubator.features import FEATURES
from incubator.kernel.settings import LANGUAGES
from tests.architecture.tree import ROOT, TEMPLATES, nothing
from tests.architecture.word_rules import SPACING

if TYPE_CHECKING:
    from pathlib import Path

LINK = re.compile(r"\]\(([^)]+)\)")
CODE = re.compile(r"`[^`\n]*`|\]\([^)]*\)|https?://\S*")
NAMED = re.compile(r'guide_key = "([\w-]+)"|how\("([\w-]+)"\)')


def outline(code: str, guide: str) -> list[list[str]]:
    """The keys of a guide, those of a chapter together."""
    return [[part.key for part in each.parts] for each in chapters(code) if each.guide == guide]


def keys(code: str) -> list[str]:
    return [part.key for chapter in chapters(code) for part in chapter.parts]


@pytest.mark.parametrize("guide", GUIDES)
def test_a_chapter_in_one_language_has_its_twin_in_the_other(guide: str) -> None:
    outlines = [outline(code, guide) for code in LANGUAGES]
    assert len(outlines[0]) > 10
    assert outlines[0] == outlines[1]


@pytest.mark.parametrize("key", ["accessibility", "privacy"])
def test_what_is_owed_to_everybody_says_the_same_in_both_languages(key: str) -> None:
    told = [[part.key for part in statement(code, key).parts] for code in LANGUAGES]
    assert len(told[0]) > 3
    assert told[0] == told[1]


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_heading_has_a_key_of_its_own(code: str) -> None:
    texts = [(FOLDER / code / f"{guide}.md").read_text("utf-8") for guide in GUIDES]
    headings = [line for text in texts for line in re.findall(r"^##+ .*", text, re.MULTILINE)]
    assert len(headings) == len(keys(code))
    assert [key for key, times in Counter(keys(code)).items() if times > 1] == []


def test_no_two_chapters_share_a_name_in_addresses() -> None:
    called: dict[str, set[str]] = {}
    for code in LANGUAGES:
        for chapter in chapters(code):
            called.setdefault(chapter.slug, set()).add(chapter.key)
            called.setdefault(chapter.key, set()).add(chapter.key)
    assert {name: found for name, found in called.items() if len(found) > 1} == {}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_chapter_begins_with_words(code: str) -> None:
    nothing(each.key for each in chapters(code) if len(each.parts[0].source) < 40)


def heading_of(path: str) -> set[str]:
    """The anchors of a file of the guide."""
    return set(re.findall(r'<a id="([\w-]+)">', (FOLDER / path).resolve().read_text("utf-8")))


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("guide", GUIDES)
def test_every_link_leads_to_a_heading_that_is_there(code: str, guide: str) -> None:
    wrong = []
    for link in LINK.findall((FOLDER / code / f"{guide}.md").read_text("utf-8")):
        file, _, key = link.partition("#")
        path = f"{code}/{file or f'{guide}.md'}"
        if not (FOLDER / path).is_file() or (key and key not in heading_of(path)):
            wrong.append(link)
    nothing(wrong)


def test_the_topics_of_the_first_page_hold_every_chapter_once_and_in_order() -> None:
    def key(chapter: Chapter) -> str:
        return chapter.key

    assert [name for topic in TOPICS for name in topic.icons] == [*map(key, chapters("fr"))]
    nothing(
        name
        for topic in TOPICS
        for name in topic.icons
        if topic.guide != next(each.guide for each in chapters("en") if each.key == name)
    )


def test_every_place_of_the_guide_that_pages_name_is_there() -> None:
    named = {feature.guide for feature in FEATURES} - {""}
    for path in TEMPLATES.rglob("*.html"):
        named |= {one or two for one, two in NAMED.findall(path.read_text("utf-8"))}
    assert len(named) > 20
    assert named - set(keys("fr")) == set()


@pytest.mark.parametrize("guide", [*GUIDES, HOUSE])
def test_the_french_is_set_as_french_is(guide: str) -> None:
    text = CODE.sub("x", (FOLDER / "fr" / f"{guide}.md").read_text("utf-8"))
    text = re.sub(r'<a id="[\w-]+"></a>|[*_]|^\(In English.*', "", text, flags=re.MULTILINE)
    lines = enumerate(text.splitlines(), 1)
    nothing(
        f"{number}: {what}: {line}"
        for number, line in lines
        for what, pattern in SPACING.items()
        if what != "two spaces" and pattern.search(line)
    )


def test_the_documents_lead_to_the_guide_and_there_is_no_other() -> None:
    assert not (ROOT / "docs" / "guide").exists()
    for page in ("README.md", "docs/README.md"):
        text = (ROOT / page).read_text("utf-8")
        assert text.count("incubator/guide/") == len(GUIDES) * len(LANGUAGES)


@pytest.mark.slow
def test_an_installed_package_holds_the_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    with ZipFile(tmp_path / build_wheel(str(tmp_path))) as wheel:
        for code in LANGUAGES:
            for guide in GUIDES:
                packed = wheel.read(f"incubator/guide/{code}/{guide}.md").decode()
                assert packed == (FOLDER / code / f"{guide}.md").read_text("utf-8")
