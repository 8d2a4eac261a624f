"""The list of settings, and the look of the product in this browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField

from incubator.edge import appearance as looks
from incubator.edge.access import signed_in
from incubator.edge.forms import Form, choice
from incubator.edge.pages import Pages, redirect_to, render, toast

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Pages("preferences", __name__)
THEMES = {"auto": _l("As my device"), "light": _l("Light"), "dark": _l("Dark")}


class AppearanceForm(Form):
    """Colours, movement and keys in this browser."""

    theme = RadioField(_l("Theme"))
    less_motion = BooleanField(_l("Less movement"))
    keys_on = BooleanField(_l("Shortcuts of a single key"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theme.choices = [choice(code, str(words)) for code, words in THEMES.items()]


@pages.get("/moi/reglages", en="/me/settings", may=signed_in)
def index() -> ResponseReturnValue:
    """Everything that I can set, by page."""
    return render("preferences/index.html")


@pages.form("/moi/reglages/apparence", en="/me/settings/appearance", may=signed_in)
def appearance() -> ResponseReturnValue:
    """Light or dark, movement and single keys: kept in this browser."""
    form = AppearanceForm(
        theme=looks.chosen("theme"),
        less_motion=looks.chosen("motion") == "less",
        keys_on=looks.chosen("keys") != "off",
    )
    if not form.validate_on_submit():
        return form.page("preferences/appearance.html")
    toast(_("Your choices are kept."))
    answer = redirect_to("preferences.appearance")
    looks.keep(answer, "theme", form.theme.data)
    looks.keep(answer, "motion", "less" if form.less_motion.data else "auto")
    looks.keep(answer, "keys", "auto" if form.keys_on.data else "off")
    return answer


@pages.get("/raccourcis", en="/shortcuts", may=signed_in)
def shortcuts() -> ResponseReturnValue:
    """What single keys do; a script shows the same over any page."""
    return render("preferences/shortcuts.html")
