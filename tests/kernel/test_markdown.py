"""Markdown as CommonMark has it, for the syntax that members may use; and names that become links.

Our own examples, by chapter of the specification. What is switched off (raw HTML, pictures,
headings of the first rank) is at the end.
"""

from __future__ import annotations

import pytest

from incubator.kernel.text import markdown_to_html, names_in

LINK = ' rel="noopener noreferrer nofollow">'
TABLE = "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n"
MIEL = f'<a href="/entreprises/miel"{LINK}Miel &amp; fils</a>'
DEEP = "https://a.example/@camille-dervaux"
CASES = (
    # Tabs and precedence: blocks before inlines
    ("-\tpain\n\n\tbeurre", "<ul>\n<li>\n<p>pain</p>\n<p>beurre</p>\n</li>\n</ul>"),
    ("- `un\n- deux`", "<ul>\n<li>`un</li>\n<li>deux`</li>\n</ul>"),
    # Thematic breaks
    ("Avant\n\n***\n\nAprès", "<p>Avant</p>\n<hr>\n<p>Après</p>"),
    ("_ _ _", "<hr>"),
    ("--", "<p>--</p>"),
    # Headings: ranks three and four in our pages
    ("# Un", "<h3>Un</h3>"),
    ("## Deux ##", "<h3>Deux</h3>"),
    ("### Trois", "<h4>Trois</h4>"),
    ("###### Six", "<h4>Six</h4>"),
    ("####### Sept", "<p>####### Sept</p>"),
    ("#hashtag", "<p>#hashtag</p>"),
    (r"\# Pas un titre", "<p># Pas un titre</p>"),
    ("Titre\n=====", "<h3>Titre</h3>"),
    ("Titre\n---", "<h3>Titre</h3>"),
    # Code blocks
    ("    x = 1\n    y = 2", "<pre><code>x = 1\ny = 2\n</code></pre>"),
    ("```\n<b> & *x*\n```", "<pre><code>&lt;b&gt; &amp; *x*\n</code></pre>"),
    ("~~~\na\n```\nb\n~~~", "<pre><code>a\n```\nb\n</code></pre>"),
    ("````\n```\n````", "<pre><code>```\n</code></pre>"),
    ("```python\nx\n```", "<pre><code>x\n</code></pre>"),
    ("```\nnon fermé\n", "<pre><code>non fermé\n</code></pre>"),
    # Paragraphs; a line break is one
    ("un\ndeux", "<p>un<br>\ndeux</p>"),
    ("un\n\n\ndeux", "<p>un</p>\n<p>deux</p>"),
    ("un\\\ndeux", "<p>un<br>\ndeux</p>"),
    # Quotations
    ("> un\n> deux", "<blockquote>\n<p>un<br>\ndeux</p>\n</blockquote>"),
    ("> un\nsuite", "<blockquote>\n<p>un<br>\nsuite</p>\n</blockquote>"),
    (
        "> > dedans",
        "<blockquote>\n<blockquote>\n<p>dedans</p>\n</blockquote>\n</blockquote>",
    ),
    ("> - point", "<blockquote>\n<ul>\n<li>point</li>\n</ul>\n</blockquote>"),
    # Lists
    ("- un\n- deux", "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>"),
    ("* un\n+ deux", "<ul>\n<li>un</li>\n</ul>\n<ul>\n<li>deux</li>\n</ul>"),
    ("1. un\n2. deux", "<ol>\n<li>un</li>\n<li>deux</li>\n</ol>"),
    ("4) quatre", '<ol start="4">\n<li>quatre</li>\n</ol>'),
    ("1234567890. trop", "<p>1234567890. trop</p>"),
    (
        "- un\n  - dedans",
        "<ul>\n<li>un\n<ul>\n<li>dedans</li>\n</ul>\n</li>\n</ul>",
    ),
    ("- un\n\n- deux", "<ul>\n<li>\n<p>un</p>\n</li>\n<li>\n<p>deux</p>\n</li>\n</ul>"),
    ("Le prix :\n14. rue Basse", "<p>Le prix :<br>\n14. rue Basse</p>"),
    # Escapes and entities
    (r"\*pas penché\*", "<p>*pas penché*</p>"),
    (r"\a \« \é", r"<p>\a \« \é</p>"),
    ("&eacute; &copy; &#65;", "<p>é © A</p>"),
    ("&inconnue; & 3 < 4", "<p>&amp;inconnue; &amp; 3 &lt; 4</p>"),
    # Code in a line
    ("`a`", "<p><code>a</code></p>"),
    ("`` a`b ``", "<p><code>a`b</code></p>"),
    ("`*a*`", "<p><code>*a*</code></p>"),
    ("`seul", "<p>`seul</p>"),
    # Emphasis
    ("*un* _deux_", "<p><em>un</em> <em>deux</em></p>"),
    ("**un** __deux__", "<p><strong>un</strong> <strong>deux</strong></p>"),
    ("***les deux***", "<p><em><strong>les deux</strong></em></p>"),
    ("nom_de_fichier", "<p>nom_de_fichier</p>"),
    ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
    ("*ouvert", "<p>*ouvert</p>"),
    ("~~barré~~", "<p><s>barré</s></p>"),
    # Links
    ("[mot](https://a.example)", f'<p><a href="https://a.example"{LINK}mot</a></p>'),
    ("[mot](/annuaire)", f'<p><a href="/annuaire"{LINK}mot</a></p>'),
    (
        '[mot](https://a.example "Titre")',
        f'<p><a href="https://a.example" title="Titre"{LINK}mot</a></p>',
    ),
    ("[mot](<https://a.example/b c>)", f'<p><a href="https://a.example/b%20c"{LINK}mot</a></p>'),
    ("[mot][n]\n\n[n]: https://a.example", f'<p><a href="https://a.example"{LINK}mot</a></p>'),
    ("[**gras**](/x)", f'<p><a href="/x"{LINK}<strong>gras</strong></a></p>'),
    ("[pas un lien]", "<p>[pas un lien]</p>"),
    ("[un [deux](/d)](/u)", f'<p>[un <a href="/d"{LINK}deux</a>](/u)</p>'),
    ("<https://a.example>", f'<p><a href="https://a.example"{LINK}https://a.example</a></p>'),
    ("<a@b.example>", f'<p><a href="mailto:a@b.example"{LINK}a@b.example</a></p>'),
    (
        "Voir https://a.example.",
        f'<p>Voir <a href="https://a.example"{LINK}https://a.example</a>.</p>',
    ),
    # Tables
    (
        "| a | b |\n|---|---|\n| 1 | **2** |",
        f"{TABLE}<td>1</td>\n<td><strong>2</strong></td>\n</tr>\n</tbody>\n</table>",
    ),
    # Switched off
    ("<b>gras</b>", "<p>&lt;b&gt;gras&lt;/b&gt;</p>"),
    ("![photo](/x.png)", f'<p>!<a href="/x.png"{LINK}photo</a></p>'),
    ("[x](javascript:alert)", "<p>[x](javascript:alert)</p>"),
)


@pytest.mark.parametrize(("source", "html"), CASES, ids=[repr(case[0]) for case in CASES])
def test_what_members_write_is_drawn_as_commonmark_says(source: str, html: str) -> None:
    assert markdown_to_html(source) == html


KNOWN = {
    "@camille-dervaux": ("@Camille <b>Dervaux</b>", "/annuaire/camille-dervaux"),
    "/entreprises/miel": ("Miel & fils", "/entreprises/miel"),
}
CAMILLE = f'<a href="/annuaire/camille-dervaux"{LINK}@Camille &lt;b&gt;Dervaux&lt;/b&gt;</a>'


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("Bonjour @camille-dervaux, merci", f"<p>Bonjour {CAMILLE}, merci</p>"),
        ("(**@camille-dervaux**)", f"<p>(<strong>{CAMILLE}</strong>)</p>"),
        ("@camille-dervaux @camille-dervaux", f"<p>{CAMILLE} {CAMILLE}</p>"),
        (
            "Chez /entreprises/miel.",
            f"<p>Chez {MIEL}.</p>",
        ),
        # A stranger's name, an address, a longer name and code stay what they are.
        ("@paul", "<p>@paul</p>"),
        ("a@camille-dervaux", "<p>a@camille-dervaux</p>"),
        ("@camille-dervaux-fils", "<p>@camille-dervaux-fils</p>"),
        ("x/entreprises/miel /entreprises/miel/y", "<p>x/entreprises/miel /entreprises/miel/y</p>"),
        ("`@camille-dervaux`", "<p><code>@camille-dervaux</code></p>"),
        ("    @camille-dervaux", "<pre><code>@camille-dervaux\n</code></pre>"),
        ("[@camille-dervaux](/x)", f'<p><a href="/x"{LINK}@camille-dervaux</a></p>'),
        (
            DEEP,
            f'<p><a href="{DEEP}"{LINK}{DEEP}</a></p>',
        ),
    ],
)
def test_what_is_known_by_name_becomes_a_link(source: str, html: str) -> None:
    assert markdown_to_html(source, KNOWN) == html


def test_names_are_found_in_order_and_once_outside_code_and_links() -> None:
    source = "@b @a @b\n\n> /annuaire/c\n\n`@d` [@e](/x)\n\n```\n@f\n```"
    assert names_in(source) == ["@b", "@a", "/annuaire/c"]
