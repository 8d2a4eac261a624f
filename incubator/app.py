"""The application: extensions, edge, then every feature of the table of contents."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from jinja2 import StrictUndefined

from incubator.edge import (
    actor,
    context,
    errors,
    formats,
    fragments,
    locale,
    offline,
    security,
    templates,
)
from incubator.edge.access import anybody
from incubator.edge.assets import Assets
from incubator.edge.pages import ENGLISH, RowId
from incubator.edge.personal import Keeper
from incubator.edge.state import KEY, State
from incubator.features import FEATURES, REACTIONS, SOCKETS
from incubator.kernel.db import db
from incubator.kernel.engines import options_for, prepare
from incubator.kernel.settings import Settings
from incubator.reactions import machines, mail, push
from incubator.reactions.live import service as live

if TYPE_CHECKING:
    from collections.abc import Mapping

    from incubator.edge.feature import Feature

BESIDE_THE_CODE = Path(__file__).parent.parent / "instance"


def instance_dir() -> Path:
    """The instance folder: beside the code unless INCUBATOR_INSTANCE_DIR names another."""
    return Path(os.environ.get("INCUBATOR_INSTANCE_DIR") or BESIDE_THE_CODE).resolve()


def create_app(settings: Settings, config: Mapping[str, object] | None = None) -> Flask:
    """Build the application. ``config`` adds to Flask's own configuration (tests)."""
    app = Flask("incubator", static_folder=None, instance_path=str(settings.instance_dir.resolve()))
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database,
        SQLALCHEMY_ENGINE_OPTIONS=options_for(settings.database),
    )
    app.config.update(config or {})
    # There are more templates than Jinja keeps compiled by itself.
    app.jinja_options = {"cache_size": -1}
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.url_map.converters["int"] = RowId
    state = State(settings=settings, assets=Assets(), addresses=app.url_map)
    app.extensions[KEY] = state
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
    security.init_app(app, settings)
    for part in (actor, locale, formats, fragments, context, errors, offline):
        part.init_app(app)
    mail.init_app(app, settings, locale.LOCALES)
    machines.init_app(app, settings)
    push.init_app(app, settings)
    app.add_url_rule("/static/<build>/<path:name>", "static", state.assets.serve)
    state.access["static"] = anybody
    for subscribe in REACTIONS:
        subscribe()
    for feature in FEATURES:
        _add(app, state, feature)
    _refuse_unguarded(app, state)
    templates.hold(app)
    live.Live(app, settings, SOCKETS)
    return app


def from_environment() -> Flask:
    """The application of this installation, as a server loads it; a bad setting ends it."""
    settings = Settings.load(instance_dir())
    log_to_stderr(settings.log_level)
    return create_app(settings)


def ring_elsewhere(app: Flask) -> None:
    """Carry what this process rings to the servers, by Redis where there is one."""
    live.of(app).doorbell.start()


def log_to_stderr(level: str) -> None:
    """One line an event with the id of its request."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(security.RequestIdFilter())
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(request_id)s %(name)s: %(message)s")
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)


def _add(app: Flask, state: State, feature: Feature) -> None:
    feature.subscribe()
    keeper = Keeper(
        name=feature.name,
        data=feature.personal_data,
        files=feature.personal_files,
        forget=feature.forget,
    )
    state.keepers.append(keeper)
    state.navigation.extend(feature.navigation)
    state.navigation.sort(key=lambda entry: entry.order)
    state.settings_pages.extend(feature.settings)
    state.settings_pages.sort(key=lambda entry: entry.order)
    state.kept_offline.update(feature.kept_offline)
    state.guide[feature.name] = feature.guide
    state.panels.extend(feature.panels)
    state.day.extend(feature.day)
    state.suggestions.extend(feature.suggestions)
    state.page_panels.extend(feature.page_panels)
    state.titles.update({name: each for each in feature.titles for name in each.endpoints})
    state.search_sources.extend(feature.search)
    state.refusals.update(feature.refusals)
    if feature.pages is None:
        return
    app.register_blueprint(feature.pages.blueprint)
    for route in feature.pages.routes:
        state.access[route.endpoint] = route.may
        if route.english != route.french:
            state.access[route.endpoint + ENGLISH] = route.may


def _refuse_unguarded(app: Flask, state: State) -> None:
    """Default deny: an address that does not say who may call it stops the start."""
    unguarded = {rule.endpoint for rule in app.url_map.iter_rules()} - state.access.keys()
    if unguarded:
        msg = f"no access rule for {', '.join(sorted(unguarded))}"
        raise RuntimeError(msg)
