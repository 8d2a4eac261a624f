"""The rules of the house, for administrators: a new version with a dry run first, and kinds."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.commitments import board_words
from incubator.blueprints.commitments.board_forms import KindForm, RuleForm
from incubator.blueprints.commitments.looking import noted
from incubator.blueprints.commitments.routes import pages
from incubator.domain.commitments import kind_preview, rule_preview, rule_versions
from incubator.domain.commitments.periods import rule_on
from incubator.edge.access import administrators
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import Refusal
from incubator.network.sites import queries as sites

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.commitments.rule_preview import Preview
    from incubator.network.members.actor import Actor


@pages.get("/heures/regles", en="/hours/rules", may=administrators)
def house_rules() -> ResponseReturnValue:
    """The rules as they are, versions before and to come, kinds, and what sites decide."""
    return render(
        "commitments/rules.html",
        rule=rule_on(now().date()),
        versions=rule_versions.versions(),
        kinds=rule_versions.kinds(),
        shown=sites.open_sites(),
        today=now().date(),
        views=board_words.network_views("rules"),
    )


@pages.form("/heures/regles/nouvelle", en="/hours/rules/new", may=administrators)
def rule_new() -> ResponseReturnValue:
    """A new version: first what it would do, then to hold from a coming period on."""
    reader, instant = actor(), now()
    beginnings = rule_versions.beginnings(instant)
    form = RuleForm.of(rule_versions.versions()[0], beginnings)
    if "preview" in request.form:
        found = _dry_run(reader, form)
        if found is None:
            return form.page("commitments/rule_form.html", preview=None)
        return render("commitments/rule_form.html", form=form, preview=found)
    made = attempt(
        form,
        lambda: rule_versions.add_version(
            reader,
            form.terms(),
            valid_from=_day(form.valid_from.data),
            note=form.note.data or "",
            now=instant,
        ),
    )
    if made is None:
        return form.page("commitments/rule_form.html", preview=None)
    toast(_("Version %(number)s holds from the chosen day on.", number=made.version))
    return redirect_to("commitments.house_rules")


def _dry_run(reader: Actor, form: RuleForm) -> Preview | None:
    """What these rules would do; None when they are no rules. The looks are written."""
    if not form.validate_on_submit():
        return None
    try:
        rule_versions.check(form.terms())
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    found = rule_preview.preview(form.terms())
    noted(reader, [one.member_id for one in found.changes], page="preview", site_id=None)
    return found


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        raise Refusal("commitments.rule_begins", field="valid_from") from None


@pages.post(
    "/heures/regles/<int:rule_id>/retirer",
    en="/hours/rules/<int:rule_id>/withdraw",
    may=administrators,
)
def rule_withdraw(rule_id: int) -> ResponseReturnValue:
    """Take back a version that has not begun."""
    act(lambda: rule_versions.withdraw(actor(), rule_id, now=now()))
    toast(_("The version is taken back."))
    return redirect_to("commitments.house_rules")


@pages.form("/heures/regles/activites/<code>", en="/hours/rules/kinds/<code>", may=administrators)
def kind_edit(code: str) -> ResponseReturnValue:
    """What counts of a way of giving time: what it would do can be seen first."""
    reader = actor()
    form = KindForm.of(rule_versions.kind(code))
    if "preview" in request.form:
        return _kind_page(form, code, _kind_dry_run(reader, form, code))
    kept = attempt(form, lambda: rule_versions.change_kind(reader, code, form.terms()))
    if kept is None:
        return _kind_page(form, code, None)
    name = rule_versions.kind(code).name_in(reader.language)
    toast(_("“%(name)s” is up to date; balances follow in a moment.", name=name))
    return redirect_to("commitments.house_rules")


def _kind_page(form: KindForm, code: str, found: Preview | None) -> ResponseReturnValue:
    values = {"kind": rule_versions.kind(code), "closed_until": rule_versions.closed_until()}
    if found is None:
        return form.page("commitments/kind_form.html", preview=None, **values)
    return render("commitments/kind_form.html", form=form, preview=found, **values)


def _kind_dry_run(reader: Actor, form: KindForm, code: str) -> Preview | None:
    """What the kind as typed would do; None when it cannot be. The looks are written."""
    if not form.validate_on_submit():
        return None
    try:
        rule_versions.check_kind(form.terms())
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    found = kind_preview.preview_kind(code, form.terms())
    noted(reader, [one.member_id for one in found.changes], page="preview", site_id=None)
    return found
