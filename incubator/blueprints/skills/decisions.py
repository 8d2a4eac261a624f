"""What becomes of proposed terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.blueprints.skills.forms import DeclineForm, JoinForm, SkillForm, terms_of
from incubator.blueprints.skills.routes import pages
from incubator.edge.access import administrators
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import attempt
from incubator.edge.locale import language
from incubator.edge.pages import redirect_to, toast
from incubator.network.members import proposals
from incubator.network.members.suggesting import suggested
from incubator.network.members.vocabulary import vocabulary

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

BASE = "/reseau/competences/propositions/<int:proposal_id>"
BASE_EN = "/network/skills/proposals/<int:proposal_id>"


@pages.form(f"{BASE}/accepter", en=f"{BASE_EN}/accept", may=administrators)
def accept(proposal_id: int) -> ResponseReturnValue:
    """Take a proposal into the vocabulary."""
    row = proposals.open_one(actor(), proposal_id)
    form = SkillForm(data={"name_fr": row.name, "name_en": row.name})
    form.place_in(vocabulary(language()))
    added = attempt(
        form,
        lambda: proposals.accept(
            actor(),
            proposal_id,
            name_fr=form.name_fr.data or "",
            name_en=form.name_en.data or "",
            parent_id=form.parent_id,
            now=now(),
        ),
    )
    if added is None:
        return form.page("skills/accept.html", proposal=row)
    toast(_("%(skill)s is in the vocabulary.", skill=added.name_in(language())))
    return redirect_to("skills.index")


@pages.form(f"{BASE}/rattacher", en=f"{BASE_EN}/join", may=administrators)
def join(proposal_id: int) -> ResponseReturnValue:
    """Let the proposed word mean a term that exists."""
    row = proposals.open_one(actor(), proposal_id)
    near = suggested(row.name, language())
    form = JoinForm(data={"skill": str(near[0].id) if near else ""})
    form.skill.choices = terms_of(vocabulary(language()))
    joined = attempt(
        form,
        lambda: proposals.join(actor(), proposal_id, skill_id=int(form.skill.data), now=now()),
    )
    if joined is None:
        return form.page("skills/join.html", proposal=row)
    toast(_("“%(word)s” now means %(skill)s.", word=row.name, skill=joined.name_in(language())))
    return redirect_to("skills.index")


@pages.form(f"{BASE}/decliner", en=f"{BASE_EN}/decline", may=administrators)
def decline(proposal_id: int) -> ResponseReturnValue:
    """Turn a proposal down, with a word to who made it."""
    row = proposals.open_one(actor(), proposal_id)
    form = DeclineForm()
    done = attempt(
        form,
        lambda: proposals.decline(actor(), proposal_id, word=form.word.data or "", now=now()),
    )
    if done is None:
        return form.page("skills/decline.html", proposal=row)
    toast(_("The proposal was turned down; your word stands beside it."))
    return redirect_to("skills.index")
