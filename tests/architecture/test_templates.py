"""Templates: they compile, are short, and hold nothing that the browser must not run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.architecture import template_rules as rules
from tests.architecture.tree import TEMPLATES, nothing, percentile

if TYPE_CHECKING:
    from flask import Flask
    from jinja2 import Environment

SOURCES = {
    path.relative_to(TEMPLATES).as_posix(): path.read_text("utf-8")
    for path in sorted(TEMPLATES.rglob("*"))
    if path.suffix in {".html", ".txt", ".svg", ".xml"}
}


@pytest.fixture
def environment(app: Flask) -> Environment:
    return app.jinja_env


def test_every_template_compiles(environment: Environment) -> None:
    assert SOURCES
    nothing(
        found for name, text in SOURCES.items() for found in rules.broken(environment, name, text)
    )


def test_every_template_that_is_named_exists(environment: Environment) -> None:
    nothing(
        found
        for name, text in SOURCES.items()
        for found in rules.missing(environment, name, environment.parse(text))
    )


def test_a_template_has_at_most_150_lines_and_most_have_80() -> None:
    sizes = {name: len(text.splitlines()) for name, text in SOURCES.items()}
    assert not {name: size for name, size in sizes.items() if size > 150}
    assert percentile(list(sizes.values()), 0.9) <= 80


def test_nothing_inline(environment: Environment) -> None:
    nothing(
        found
        for name, text in SOURCES.items()
        for found in rules.inline(name, environment.parse(text))
    )


def test_only_rich_text_goes_to_the_page_unescaped(environment: Environment) -> None:
    nothing(
        found
        for name, text in SOURCES.items()
        for found in rules.unescaped(name, environment.parse(text))
    )


@pytest.mark.parametrize(
    "text",
    [
        '<a href="#" onclick="go()">x</a>',
        '<p\n  style="color: {{ x }}">x</p>',
        '<p class="{{ x }}" style="{{ y }}">x</p>',
        "<style>p { color: red }</style>",
        "<script>go()</script>",
        '<script type="module">go()</script>',
        '<a href="javascript:go()">x</a>',
    ],
)
def test_the_rules_see_what_is_inline(environment: Environment, text: str) -> None:
    assert list(rules.inline("x.html", environment.parse(text)))


@pytest.mark.parametrize(
    "text",
    [
        '<script type="module" src="{{ x }}"></script>',
        '<a class="on" data-style="x" href="/style=1">on = off</a>',
    ],
)
def test_the_rules_let_the_rest_pass(environment: Environment, text: str) -> None:
    nothing(rules.inline("x.html", environment.parse(text)))


@pytest.mark.parametrize(
    "text",
    [
        "{{ x|safe }}",
        "{% autoescape false %}{{ x }}{% endautoescape %}",
        "{{ Markup(x) }}",
        "{% if y %}{{ x|upper|safe }}{% endif %}",
    ],
)
def test_the_rules_see_what_is_not_escaped(environment: Environment, text: str) -> None:
    assert list(rules.unescaped("x.html", environment.parse(text)))
    nothing(rules.unescaped(rules.SAFE_HOME, environment.parse(text)))


def test_the_rules_see_a_template_that_does_not_compile(environment: Environment) -> None:
    assert list(rules.broken(environment, "x.html", "{% if %}"))
    assert list(rules.broken(environment, "x.html", "{{ 1|no_such_filter }}"))
    tree = environment.parse('{% include "no/such.html" %}')
    assert list(rules.missing(environment, "x.html", tree)) == [
        "x.html:1: there is no no/such.html"
    ]
