"""A member's profile, their card for address books, and their picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response

from incubator.blueprints.members.hints import hint_of
from incubator.blueprints.members.routes import pages
from incubator.blueprints.members.vcard import vcard
from incubator.blueprints.members.words import (
    AVAILABILITY,
    LEVELS,
    WAYS,
    language_names,
)
from incubator.edge.access import signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.locale import clocks_differ
from incubator.edge.pages import redirect_to, render, url
from incubator.edge.panels import page_panels_for
from incubator.edge.state import settings
from incubator.edge.uploads import A_DAY, picture
from incubator.kernel.errors import NotFound
from incubator.network.accounts.profiles import profile_for
from incubator.network.accounts.queries import members_among
from incubator.network.members import directory, merged_rows, policy, queries
from incubator.network.members.proofs import proofs_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.network.accounts.profiles import Profile
    from incubator.network.members.models import Member


@pages.get("/annuaire/<slug>", en="/directory/<slug>", may=signed_in)
def show(slug: str) -> ResponseReturnValue:
    """A member's profile, as far as the reader may see it."""
    reader = actor()
    try:
        person, row = _seen(slug)
    except NotFound:
        if kept := merged_rows.kept_slug(slug):
            return redirect_to("members.show", slug=kept)
        raise
    if not person.active and (kept := merged_rows.kept_slug(slug)):
        return redirect_to("members.show", slug=kept)
    mine = policy.may_edit(reader, person.id)
    return render(
        "members/show.html",
        person=person,
        mine=mine,
        reached=members_among([row.id]),
        levels=LEVELS,
        ways=WAYS,
        states=AVAILABILITY,
        wished=directory.wanted_by(reader.id),
        proofs=proofs_of(person.id) if "offers" in person.seen else {},
        spoken=language_names(person.speaks),
        instant=now(),
        far=person.home_site is not None and clocks_differ(person.home_site.time_zone),
        clocks_differ=clocks_differ,
        address=_address(person),
        hint=hint_of(reader) if mine else None,
        panels=page_panels_for("member", reader, row.id),
    )


@pages.get("/annuaire/<slug>/carte.vcf", en="/directory/<slug>/card.vcf", may=signed_in)
def card(slug: str) -> ResponseReturnValue:
    """What the reader sees of a member, for their address book."""
    person, _row = _seen(slug)
    response = Response(vcard(person, _address(person)), content_type="text/vcard; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{person.slug}.vcf"'
    return response


@pages.get("/portraits/<slug>/<key>-<int:width>.webp", may=signed_in)
def portrait(slug: str, key: str, width: int) -> ResponseReturnValue:
    """The picture of a member, for who may see it.

    A new picture has a new key, so browsers may keep it; not for ever, because its audience
    may become narrower.
    """
    queries.check_portrait(actor(), slug, key)
    return picture(key, width, missing="members.portrait", keep=A_DAY)


def _seen(slug: str) -> tuple[Profile, Member]:
    """A profile as the reader sees it, and its row: the session forgets one that nobody holds."""
    reader = actor()
    row = queries.profile(reader, slug)
    return profile_for(reader, row, today(reader.time_zone)), row


def _address(person: Profile) -> str:
    return settings().base_url.rstrip("/") + url("members.show", slug=person.slug)
