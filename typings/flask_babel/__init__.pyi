from collections.abc import Callable
from contextlib import AbstractContextManager

from babel.core import Locale
from flask import Flask
from flask_babel.speaklater import LazyString as LazyString

class Domain:
    cache: dict[tuple[str, str], object]

class Babel:
    @property
    def domain_instance(self) -> Domain: ...
    def init_app(
        self,
        app: Flask,
        default_locale: str = ...,
        *,
        locale_selector: Callable[[], str | None] | None = ...,
        timezone_selector: Callable[[], str | None] | None = ...,
    ) -> None: ...

def get_locale() -> Locale | None: ...
def force_locale(locale: str) -> AbstractContextManager[None]: ...
def gettext(string: str, **variables: object) -> str: ...
def ngettext(singular: str, plural: str, num: int, **variables: object) -> str: ...
def lazy_gettext(string: str, **variables: object) -> LazyString: ...
def lazy_ngettext(singular: str, plural: str, num: int, **variables: object) -> LazyString: ...
