"""What managers and administrators choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectField
from wtforms.validators import Length

from incubator.blueprints.admin.words import ROLES
from incubator.edge.forms import Form
from incubator.network.accounts.policy import grantable_roles
from incubator.network.accounts.rules import MOST_EMAIL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.network.members.actor import Actor
    from incubator.network.sites.models import Site


def _languages() -> list[tuple[str, str]]:
    return [("fr", "Français"), ("en", "English")]


class RoleForm(Form):
    """A role, and the site where it holds."""

    role = SelectField(_l("Role"), default="resident")
    site_id = SelectField(_l("Site"))

    def offer(self, actor: Actor, sites: Sequence[Site]) -> None:
        """Offer what ``actor`` may give: roles, and the sites they run."""
        self.role.choices = [(role, str(ROLES[role])) for role in grantable_roles(actor)]
        chosen = [(str(site.id), site.name) for site in sites]
        network = [("", _("The whole network"))] if actor.is_administrator else []
        self.site_id.choices = [*chosen, *network]

    @property
    def site(self) -> int | None:
        """The id of the chosen site; None for the whole network."""
        return int(self.site_id.data) if self.site_id.data else None


class InviteForm(RoleForm):
    """Whom to invite, and to what."""

    email = EmailField(
        _l("E-mail address"), [Length(max=MOST_EMAIL, message=_l("This is too long."))]
    )
    language = SelectField(_l("Language"), choices=_languages)
