"""The rules of the house for templates, each a function from text to findings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2 import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment

SAFE_HOME = "ui/rich_text.html"
INLINE = {
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=|<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\ssrc=)|javascript:", re.IGNORECASE),
}
# Programs that read mail know no style sheet.
MAIL = ("mail/", "layouts/mail")


def markup(tree: nodes.Template) -> str:
    """The HTML that stands in a template, with a word for each expression."""
    return "".join(
        node.data if isinstance(node, nodes.TemplateData) else "expression"
        for output in tree.find_all(nodes.Output)
        for node in output.nodes
    )


def inline(name: str, tree: nodes.Template) -> Iterator[str]:
    """Scripts, styles and handlers inside the page: the content security policy blocks them."""
    text = markup(tree)
    for what, pattern in INLINE.items():
        styled_mail = name.startswith(MAIL) and "style" in what
        if not styled_mail and (found := pattern.search(text)):
            yield f"{name}: {what}: {found[0][-60:]}"


def unescaped(name: str, tree: nodes.Template) -> Iterator[str]:
    """Text that goes to the page as it is, outside the one macro that may."""
    if name == SAFE_HOME:
        return
    for one in tree.find_all(nodes.Filter):
        if one.name in {"safe", "forceescape"}:
            yield f"{name}:{one.lineno}: the filter {one.name}"
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "Markup":
            yield f"{name}:{call.lineno}: Markup()"
    for switch in tree.find_all((nodes.ScopedEvalContextModifier, nodes.EvalContextModifier)):
        yield f"{name}:{switch.lineno}: autoescape is switched"


def broken(environment: Environment, name: str, source: str) -> Iterator[str]:
    """Why a template does not compile: syntax, an unknown filter, test or tag."""
    try:
        environment.compile(source, name, name)
    except Exception as error:  # noqa: BLE001 - whatever Jinja says is the finding
        yield f"{name}: {type(error).__name__}: {error}"


def missing(environment: Environment, name: str, tree: nodes.Template) -> Iterator[str]:
    """Templates that are named by another but do not exist."""
    known = set(environment.list_templates())
    for kind in (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport):
        for node in tree.find_all(kind):
            target = node.template
            if isinstance(target, nodes.Const) and target.value not in known:
                yield f"{name}:{node.lineno}: there is no {target.value}"
