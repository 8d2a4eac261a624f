"""The templates of the version that was started, whatever lies on the disk since."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from jinja2 import BaseLoader, TemplateNotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from jinja2 import Environment

    Source = tuple[str, str | None, Callable[[], bool] | None]


class Held(BaseLoader):
    """Every template as it is now, in memory; compiled when first drawn, as ever."""

    def __init__(self, environment: Environment) -> None:
        from_disk = cast("BaseLoader", environment.loader)
        self._sources: dict[str, Source] = {
            name: from_disk.get_source(environment, name) for name in environment.list_templates()
        }

    def get_source(self, environment: Environment, template: str) -> Source:
        """The text of a template and where it lay; raise TemplateNotFound."""
        del environment
        if template not in self._sources:
            raise TemplateNotFound(template)
        return self._sources[template]

    def list_templates(self) -> list[str]:
        """The names of all, in order."""
        return sorted(self._sources)


def hold(app: Flask) -> None:
    """Read all templates once every feature is there: old code must not draw newer ones."""
    app.jinja_env.loader = Held(app.jinja_env)
