"""The directory, profiles and one's own profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.members import firm_views
from incubator.blueprints.members.forms import ProfileForm, profile_form
from incubator.blueprints.members.routes import pages
from incubator.blueprints.members.words import LEVELS, first_names, siren_groups, spoken
from incubator.edge.access import members, signed_in
from incubator.edge.actor import actor
from incubator.edge.clock import now, today
from incubator.edge.formats import clock
from incubator.edge.forms import attempt
from incubator.edge.locale import clocks_differ, language
from incubator.edge.pages import redirect_to, render, toast
from incubator.edge.panels import page_panels_for
from incubator.kernel.keyset import Cursor
from incubator.network.members import commands, directory, merged_rows, policy, queries
from incubator.network.members.absence import back_days
from incubator.network.members.vocabulary import vocabulary
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from incubator.network.members.models import FirmRole

__all__ = ["firm_views", "pages"]


@pages.get("/annuaire", en="/directory", may=members)
def index() -> ResponseReturnValue:
    """Active members, found by name, firm, skill and site."""
    reader, asked = actor(), request.args
    known, places = vocabulary(language()), sites.open_sites()
    skill = known.with_slug(asked.get("skill", ""))
    site = next((each for each in places if each.slug == asked.get("site")), None)
    filters = directory.Filters(
        words=directory.search_words(asked.get("q", "")[:200]),
        skill_ids=tuple(known.below(skill)) if skill else (),
        site_id=site.id if site else None,
        newest_first=asked.get("sort") == "newest",
    )
    cursor = Cursor(asked.get("after"), asked.get("before"), directory.PAGE_SIZE)
    page = directory.members_page(filters, cursor, today(reader.time_zone))
    return render(
        "members/index.html",
        page=page,
        away=back_days(card.id for card in page.rows),
        known=known,
        sites={each.id: each for each in places},
        clocks={each.id: _clock(each.time_zone) for each in places},
        places=tuple((each.id, each.slug, each.city, each.hue) for each in places),
        q=asked.get("q", "").strip()[:200],
        skill=skill,
        site=site,
        newest_first=filters.newest_first,
        wished=directory.wanted_by(reader.id),
        firms=first_names,
    )


def _clock(zone: str) -> str:
    """The time it is there, if it is another than the reader's."""
    return clock(now(), zone) if clocks_differ(zone) else ""


@pages.get("/annuaire/<slug>", en="/directory/<slug>", may=signed_in)
def show(slug: str) -> ResponseReturnValue:
    """A member's profile, as far as the reader may see it."""
    reader = actor()
    if kept := merged_rows.kept_slug(slug):
        return redirect_to("members.show", slug=kept)
    member = queries.profile(reader, slug)
    whole = policy.may_see_all(reader, member.id)
    return render(
        "members/show.html",
        member=member,
        whole=whole,
        mine=policy.may_edit(reader, member.id),
        roles=queries.roles_of(member.id, today(reader.time_zone)) if whole else (),
        offered=[each for each in member.skills if not each.wanted],
        wanted=[each for each in member.skills if each.wanted],
        levels=LEVELS,
        wished=directory.wanted_by(reader.id),
        spoken=spoken(member.speaks),
        registration=siren_groups,
        instant=now(),
        far=member.home_site is not None and clocks_differ(member.home_site.time_zone),
        panels=page_panels_for("member", reader, member.id),
    )


@pages.form("/moi", en="/me", may=signed_in)
def edit_me() -> ResponseReturnValue:
    """One's own profile."""
    reader = actor()
    member = queries.own_profile(reader)
    roles = queries.roles_of(member.id, today(reader.time_zone))
    form = profile_form(member, roles)
    titles = [f"title_{role.id}" for role in roles]

    def save() -> bool:
        _save(form, roles)
        return True

    if attempt(form, save) is None:
        known = vocabulary(language())
        return form.page(
            "members/edit.html",
            member=member,
            titles=titles,
            families=known.families(),
        )
    toast(_("Your profile is up to date."))
    return redirect_to("members.show", slug=member.slug)


def _save(form: ProfileForm, roles: Sequence[FirmRole]) -> None:
    reader = actor()
    commands.edit_profile(
        reader,
        member_id=reader.id,
        name=form.name.data or "",
        headline=form.headline.data or "",
        about=form.about_md.data or "",
        phone=form.phone.data or "",
        languages=form.languages.data or (),
    )
    best_first = sorted(form.offered.data.items(), key=lambda pair: -pair[1])
    commands.set_skills(
        reader, member_id=reader.id, offered=dict(best_first), wanted=form.wanted.data
    )
    for role in roles:
        title = form[f"title_{role.id}"].data
        commands.set_role_title(reader, role_id=role.id, title=title or "")
