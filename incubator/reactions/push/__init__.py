"""Web push: browsers that members let be told, and what goes to them once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.reactions.push.sending import KEY

if TYPE_CHECKING:
    from flask import Flask

    from incubator.kernel.settings import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Give the jobs the settings of their application."""
    app.extensions[KEY] = settings
