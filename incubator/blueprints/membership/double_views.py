"""Two rows that are one person: found, compared, merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.membership import life_words as words
from incubator.blueprints.membership.life_forms import MergeForm
from incubator.blueprints.membership.routes import pages
from incubator.domain.commitments.merging import own_word
from incubator.edge.access import managers
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import attempt
from incubator.edge.numbers import natural
from incubator.edge.pages import redirect_to, toast
from incubator.kernel.errors import Refusal
from incubator.kernel.keyset import Cursor
from incubator.network.accounts import merging
from incubator.network.accounts.queries import People, people_for, visible_to
from incubator.network.members import queries as members
from incubator.network.members.merging import counts

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

SHOWN = 8


@pages.form("/annuaire/<slug>/doublon", en="/directory/<slug>/double", may=managers)
def double(slug: str) -> ResponseReturnValue:
    """Look for the other row of this person, compare, and merge the other into this one."""
    kept_id = members.profile(actor(), slug).id
    visible_to(actor(), kept_id)
    form = MergeForm(formdata=None) if request.method == "GET" else MergeForm()
    other_id = _other(form)
    if other_id and attempt(form, lambda: _merge(kept_id, other_id)):
        toast(_("The two are one. The address of the other one leads here."))
        return redirect_to("members.show", slug=slug)
    return form.page("membership/life/double.html", **_shown(form, kept_id, other_id))


def _other(form: MergeForm) -> int | None:
    return natural(form.other.data or request.args.get("other"))


def _merge(kept_id: int, gone_id: int) -> bool:
    merging.merge(actor(), kept_id=kept_id, gone_id=gone_id, now=now())
    return True


def _shown(form: MergeForm, kept_id: int, other_id: int | None) -> dict[str, Any]:
    """Who may be meant, or what each of the two has."""
    kept = visible_to(actor(), kept_id)
    if not other_id:
        text = request.args.get("q", "").strip()[:100] or kept.member.name
        found = people_for(actor(), People(text=text), Cursor(size=SHOWN + 1)).rows
        others = [each for each in found if each.id != kept_id]
        return {"kept": kept, "other": None, "q": text, "found": others}
    if request.method == "GET":
        try:
            merging.check(actor(), kept_id=kept_id, gone_id=other_id)
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form.refuse(refusal)
    form.other.data = str(other_id)
    return {
        "kept": kept,
        "other": visible_to(actor(), other_id),
        "rows": words.counted(counts(kept_id), counts(other_id)),
        "own_word": own_word(kept_id, other_id),
    }
