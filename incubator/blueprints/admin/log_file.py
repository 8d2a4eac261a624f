"""The log as a file: every entry on a line, its details as they are written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.blueprints.admin.words import action_words
from incubator.edge import spreadsheets
from incubator.edge.locale import time_zone
from incubator.network.sites.queries import open_places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from flask import Response

    from incubator.network.members.models import Member
    from incubator.reactions.audit.models import AuditEntry


def answer(rows: Sequence[AuditEntry], named: Mapping[int, Member], *, kind: str) -> Response:
    """These entries as a file; ``kind`` as in ``edge.spreadsheets``."""
    header = (
        _("Number"),
        _("When"),
        _("Who"),
        _("Action"),
        _("Name of the action"),
        _("For whom"),
        _("Where"),
        _("Details"),
    )
    return spreadsheets.answer(_("log"), header, _cells(rows, named), kind=kind, zone=time_zone())


def _cells(
    rows: Sequence[AuditEntry], named: Mapping[int, Member]
) -> Iterator[Sequence[spreadsheets.Cell]]:
    sites = {site.id: site.name for site in open_places()}
    names = {member_id: member.name for member_id, member in named.items()}
    for row in rows:
        yield (
            row.id,
            row.at,
            names.get(row.actor_id or 0, ""),
            action_words(row.action),
            row.action,
            names.get(row.member_id or 0, ""),
            sites.get(row.site_id or 0, ""),
            json.dumps(row.data, ensure_ascii=False, sort_keys=True),
        )
