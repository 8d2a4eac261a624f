"""Texts that people write: what is shown of them can do nothing but be read."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from incubator.kernel import text
from incubator.kernel.text import (
    excerpt,
    fold,
    markdown_to_html,
    one_line,
    plain_text,
    slugify,
    words,
)
from tests.attacks import HTML_ATTACKS, MARKDOWN_ATTACKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from xml.etree.ElementTree import Element

ALLOWED = {"a": {"href", "title", "rel"}, "ol": {"start"}}
NORMAL = (
    "Un texte **gras**, *penché*, ~~barré~~ et du `code`.",
    "# Titre\n\n## Sous-titre\n\n- un\n- deux\n  1. trois\n  2. quatre",
    "3. Commencer à trois\n4. puis quatre",
    "> Une citation\n> sur deux lignes\n\n---\n\nSuite & fin, 3 < 4 > 2 «\u202fici\u202f»",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    '[notre fil](/entraide/3-x), [le site](https://example.org/?a=1&b=2 "titre"), x@example.org',
    "https://example.org/chemin?q=é#ancre",
    "```\nligne <1>\n  ligne 2\n```",
    "L’été à Montréal\ncoûte 3\u00a0€ 🙂",
)


def elements(html: str) -> Iterator[Element]:
    """What a browser would build of it."""
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return (each for each in tree.iter() if each.tag != "DOCUMENT_FRAGMENT")


def assert_inert(html: str) -> None:
    for each in elements(html):
        assert each.tag in text.TAGS, each.tag
        assert set(each.attrib) <= ALLOWED.get(each.tag, set()), each.attrib
        # Browsers drop these characters from an address before they read its scheme.
        target = re.sub(r"[\x00-\x20]", "", each.attrib.get("href", "/")).lower()
        assert re.match(r"https?://|mailto:|/(?![/\\])|#", target), target


@pytest.fixture
def raw(monkeypatch: pytest.MonkeyPatch) -> None:
    """A renderer that lets everything through: the walls stand alone."""

    class Broken:
        def render(self, source: str, env: object) -> str:
            del env
            return source

    monkeypatch.setattr(text, "_markdown", Broken())


class NoWall:
    """A sanitiser that does nothing."""

    def clean(self, html: str, **_options: Any) -> str:
        return html


@pytest.mark.parametrize("attack", [*HTML_ATTACKS, *MARKDOWN_ATTACKS])
def test_what_members_type_is_inert(attack: str) -> None:
    assert_inert(markdown_to_html(attack))
    assert_inert(markdown_to_html(f"Avant {attack} après"))


@pytest.mark.parametrize("attack", HTML_ATTACKS)
@pytest.mark.parametrize("fallen", ["none", "_cleaner", "nh3"])
def test_each_wall_holds_alone(
    raw: None, monkeypatch: pytest.MonkeyPatch, attack: str, fallen: str
) -> None:
    if fallen != "none":
        monkeypatch.setattr(text, fallen, NoWall())
    shown = markdown_to_html(attack)
    assert "<script" not in shown.lower()
    assert_inert(shown)


@pytest.mark.parametrize("wall", ["_cleaner", "nh3"])
def test_each_wall_is_really_there(raw: None, monkeypatch: pytest.MonkeyPatch, wall: str) -> None:
    asked = []
    real: Callable[..., str] = getattr(text, wall).clean

    class Witness:
        def clean(self, html: str, **options: Any) -> str:
            asked.append(html)
            return real(html, **options)

    monkeypatch.setattr(text, wall, Witness())
    markdown_to_html("<p>x</p>")
    assert asked == ["<p>x</p>"]


def test_without_walls_the_attacks_would_work(raw: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # The check itself is checked: it must see what the walls keep out.
    for wall in ("_cleaner", "nh3"):
        monkeypatch.setattr(text, wall, NoWall())
    with pytest.raises(AssertionError):
        assert_inert(markdown_to_html("<img src=x onerror=alert(1)>"))


@pytest.mark.parametrize("source", NORMAL)
def test_the_second_wall_changes_nothing_of_normal_texts(
    monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    both = markdown_to_html(source)
    monkeypatch.setattr(text, "nh3", NoWall())
    first = markdown_to_html(source)
    spelled = both.replace(' rel="noopener noreferrer nofollow"', "").replace("&nbsp;", "\u00a0")
    assert spelled == first


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("**a** *b* ~~c~~ `d`", "<p><strong>a</strong> <em>b</em> <s>c</s> <code>d</code></p>"),
        ("a\nb", "<p>a<br>\nb</p>"),
        ("# A\n## B\n### C\n###### D", "<h3>A</h3>\n<h3>B</h3>\n<h4>C</h4>\n<h4>D</h4>"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>'),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
        ("<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>"),
        ("[a](/b)", '<p><a href="/b" rel="noopener noreferrer nofollow">a</a></p>'),
        ("[a](#b)", '<p><a href="#b" rel="noopener noreferrer nofollow">a</a></p>'),
        ("", ""),
    ],
)
def test_markdown_becomes_html(source: str, shown: str) -> None:
    assert markdown_to_html(source) == shown


@given(st.text(max_size=200))
def test_any_text_is_inert(source: str) -> None:
    assert_inert(markdown_to_html(source))


def steps(source: str) -> int:
    """How many functions rendering a text calls: the same on every machine."""
    seen = 0

    def count(_frame: object, event: str, _detail: object) -> None:
        nonlocal seen
        seen += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        markdown_to_html(source)
    finally:
        sys.setprofile(None)
    return seen


@pytest.mark.parametrize("piece", ["[", "](", "> ", "*a ", "[a](b)", "`"])
def test_a_hostile_text_three_times_as_long_is_not_nine_times_the_work(piece: str) -> None:
    assert steps(piece * 1_800) < 5 * steps(piece * 600)


def test_a_table_does_not_grow_beyond_what_was_typed() -> None:
    bomb = "|" + "a|" * 300 + "\n|" + "-|" * 300 + "\n" + "|a\n" * 300
    assert len(markdown_to_html(bomb)) < 12 * len(bomb)


@pytest.mark.parametrize("piece", ["> ", "- ", "1. ", "*", "**_", "[", "[[x](", "((", "~~"])
def test_what_is_nested_deeply_is_drawn_and_inert(piece: str) -> None:
    shown = markdown_to_html(piece * (2_000 // len(piece)) + "fond")
    assert_inert(shown)
    assert max(depth(each) for each in parts(shown)) < 60


def parts(html: str) -> Iterator[Element]:
    yield from html5lib.parseFragment(html, namespaceHTMLElements=False)


def depth(element: Element) -> int:
    return 1 + max((depth(each) for each in element), default=0)


def test_a_mark_within_a_sentence_leaves_no_blank_in_plain_text() -> None:
    html = (
        '<p>Chacun pour <strong>soi</strong>. <a href="/x">Ici</a>, <code>oui</code>.</p><p>Fin</p>'
    )
    assert plain_text(html) == "Chacun pour soi. Ici, oui. Fin"


def test_plain_text_is_the_words_on_one_line() -> None:
    html = markdown_to_html("# Titre\n\n- un &amp; **deux**\n- <trois>")
    assert plain_text(html) == "Titre un & deux <trois>"


def test_an_excerpt_is_cut_at_a_word() -> None:
    assert excerpt("  court \n texte ") == "court texte"
    assert excerpt("un deux, trois quatre", 12) == "un deux…"
    assert excerpt("x" * 300) == "x" * 159 + "…"


@given(st.text(max_size=400), st.integers(10, 200))
def test_an_excerpt_is_never_longer_than_asked(source: str, length: int) -> None:
    assert len(excerpt(source, length)) <= length


@pytest.mark.parametrize(
    ("source", "folded"),
    [
        ("Cœur d’Élise", "coeur d'elise"),
        ("ÀÂÄ ÇÉÈÊË ÎÏ ÔÖ ÙÛÜ Ÿ", "aaa ceeee ii oo uuu y"),
        ("Straße, Łódź, Ærø", "strasse, lodz, aero"),
        ("ﬁn ① x²", "fin 1 x2"),
    ],
)
def test_folding_forgets_case_accents_and_ligatures(source: str, folded: str) -> None:
    assert fold(source) == folded


@given(st.text(max_size=200))
def test_words_are_what_an_index_can_hold(source: str) -> None:
    for word in words(source):
        assert re.fullmatch(r"[a-z0-9]+", word)
    assert words(" ".join(words(source))) == words(source)


def test_elisions_are_words_apart() -> None:
    assert words("L’atelier d'à côté, n°3 !") == ["l", "atelier", "d", "a", "cote", "n", "3"]


@pytest.mark.parametrize(
    ("source", "slug"),
    [
        ("Élise Nguyen", "elise-nguyen"),
        ("  --  ", "x"),
        ("日本", "x"),
        ("a" * 80, "a" * 60),
        ("un deux" * 20, None),
    ],
)
def test_a_slug_is_an_address_part(source: str, slug: str | None) -> None:
    assert slug is None or slugify(source) == slug
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slugify(source))
    assert len(slugify(source)) <= 60


def test_a_line_keeps_the_no_break_spaces_of_french() -> None:
    typed = "  Un artisan :\n\t par  où\u202f?\u00a0 "
    assert one_line(typed.replace(" :", "\u00a0:")) == "Un artisan\u00a0: par où\u202f?"
