"""Pages: routes in two languages that state who may call them, and how they answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, ValidationError

from incubator.edge.actor import viewer
from incubator.edge.state import state
from incubator.kernel.errors import NotAllowed

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.wrappers import Response

    from incubator.edge.access import Access

View = TypeVar("View", bound=Callable[..., Any])
ENGLISH = "__en"
ROW_BITS = 63


class RowId(IntegerConverter):
    """``<int:…>`` in addresses: a number no database can hold is no address."""

    def to_python(self, value: str) -> int:
        """The number; not found beyond 63 bits."""
        number = int(super().to_python(value))
        if number.bit_length() > ROW_BITS:
            raise ValidationError
        return number


@dataclass(frozen=True)
class Route:
    """One page: its endpoint, its address in each language and who may call it."""

    endpoint: str
    french: str
    english: str
    methods: tuple[str, ...]
    may: Access


class Pages:
    """The routes of a feature. None can be added without saying who may call it."""

    def __init__(self, name: str, import_name: str) -> None:
        self.name = name
        self.blueprint = Blueprint(name, import_name)
        self.routes: list[Route] = []

    def get(self, french: str, *, may: Access, en: str = "") -> Callable[[View], View]:
        """A page to read, at its French address and its English one (the same if not given)."""
        return self._route(french, en, may=may, methods=("GET",))

    def post(self, french: str, *, may: Access, en: str = "") -> Callable[[View], View]:
        """An act; answers by a redirection."""
        return self._route(french, en, may=may, methods=("POST",))

    def form(self, french: str, *, may: Access, en: str = "") -> Callable[[View], View]:
        """A form: GET shows it, POST sends it."""
        return self._route(french, en, may=may, methods=("GET", "POST"))

    def moved(self, french: str, *, en: str, to: str, may: Access) -> None:
        """An earlier address of a page that now stands elsewhere; links to it are still kept."""

        def moved() -> ResponseReturnValue:
            query = request.query_string.decode("ascii", "ignore")
            return redirect(f"{url(to)}?{query}" if query else url(to), 303)

        moved.__name__ = f"once_{to.partition('.')[2]}"
        self.get(french, en=en, may=may)(moved)

    def _route(
        self, french: str, english: str, *, may: Access, methods: Iterable[str]
    ) -> Callable[[View], View]:
        def register(view: View) -> View:
            name = view.__name__
            guarded = _guard(view, may)
            route = Route(f"{self.name}.{name}", french, english or french, tuple(methods), may)
            self.routes.append(route)
            self.blueprint.add_url_rule(french, name, guarded, methods=list(methods))
            if route.english != french:
                self.blueprint.add_url_rule(
                    route.english, name + ENGLISH, guarded, methods=list(methods)
                )
            return view

        return register


def _guard(view: Callable[..., Any], may: Access) -> Callable[..., Any]:
    @wraps(view)
    def guarded(**values: object) -> ResponseReturnValue:
        reader = viewer()
        if may.allows(reader):
            answer: ResponseReturnValue = view(**values)
            return answer
        if reader is None and request.method == "GET":
            return redirect(url("auth.sign_in", next=request.full_path.rstrip("?")), 302)
        raise NotAllowed("edge.sign_in" if reader is None else "edge.not_for_you")

    return guarded


def url(endpoint: str, **values: Any) -> str:
    """The address of a page in the reader's language."""
    spelled = endpoint + ENGLISH
    english = str(get_locale() or "")[:2] == "en" and spelled in state().access
    return url_for(spelled if english else endpoint, **values)


def in_language(path: str, code: str) -> str:
    """The address of the same page in a language; as it is when it leads to no page of ours."""
    parts = urlsplit(path)
    page = page_at(parts.path)
    if page is None:
        return path
    plain, values = page
    english = code == "en" and plain + ENGLISH in state().access
    found = url_for(plain + ENGLISH if english else plain, **values)
    return f"{found}?{parts.query}" if parts.query else found


def page_at(path: str) -> tuple[str, Mapping[str, Any]] | None:
    """The endpoint of a path in either language and the values in it; None of no page to read."""
    try:
        endpoint, values = state().addresses.bind("").match(path, method="GET")
    except HTTPException:
        return None
    return endpoint.removesuffix(ENGLISH), values


def page_endpoint() -> str:
    """The endpoint of the page being read, whatever its language."""
    return (request.endpoint or "").removesuffix(ENGLISH)


def render(template: str, **values: Any) -> str:
    """The page of a template."""
    return render_template(template, **values)


def redirect_to(endpoint: str, **values: Any) -> Response:
    """Send the browser to a page after an act (303: it must GET)."""
    return redirect(url(endpoint, **values), 303)


def back_or(endpoint: str, **values: Any) -> Response:
    """Send the browser back to the page it came from when that is ours, else to ``endpoint``."""
    return redirect(came_from() or url(endpoint, **values), 303)


def came_from() -> str | None:
    """The path of the page that sent the request, if it is ours."""
    return own_path(request.form.get("back") or request.referrer or "")


def own_path(target: str) -> str | None:
    """The path of an address inside the product; None for any other: no open redirection."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    if parts.netloc and parts.netloc != request.host:
        return None
    path = parts.path
    if not path.startswith("/") or path.startswith("//") or "\\" in target or "\n" in target:
        return None
    return f"{path}?{parts.query}" if parts.query else path


def toast(words: str, kind: str = "done") -> None:
    """Say on the next page what was done («done») or why not («sorry»)."""
    flash(words, kind)
