"""The vocabulary as administrators keep it: the tree, one term, merging two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _

from incubator.blueprints.skills.forms import MergeForm, SkillForm, terms_of
from incubator.blueprints.skills.routes import pages
from incubator.domain.help.proof import questions_about
from incubator.edge.access import administrators
from incubator.edge.actor import actor
from incubator.edge.forms import attempt
from incubator.edge.locale import language
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel.errors import Refusal
from incubator.kernel.text import slugify
from incubator.network.members import proposals, skill_uses, skills
from incubator.network.members.vocabulary import vocabulary

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.network.members.models import Skill


@pages.get("/reseau/competences", en="/network/skills", may=administrators)
def index() -> ResponseReturnValue:
    """The tree with how many use each term, and what members propose."""
    offered, wanted = skill_uses.uses()
    return render(
        "skills/index.html",
        families=vocabulary(language()).families(),
        offered=offered,
        wanted=wanted,
        firms=skill_uses.uses_by_firms(),
        waiting=proposals.waiting(actor()),
    )


@pages.form("/reseau/competences/nouvelle", en="/network/skills/new", may=administrators)
def new() -> ResponseReturnValue:
    """Add a term."""
    form = SkillForm().place_in(vocabulary(language()))
    added = attempt(form, lambda: _added(form))
    if added is None:
        return form.page("skills/edit.html", skill=None)
    toast(_("%(skill)s is in the vocabulary.", skill=added.name_in(language())))
    return redirect_to("skills.index")


def _added(form: SkillForm) -> Skill:
    return skills.add_skill(
        actor(),
        slug=slugify(form.name_fr.data or ""),
        name_fr=form.name_fr.data or "",
        name_en=form.name_en.data or "",
        parent_id=form.parent_id,
        synonyms=[(code, word) for code, words in form.synonyms.items() for word in words if word],
    )


@pages.form(
    "/reseau/competences/<int:skill_id>", en="/network/skills/<int:skill_id>", may=administrators
)
def edit(skill_id: int) -> ResponseReturnValue:
    """Rename a term, move it, say by which words else it is meant."""
    skill = skills.skill_of(actor(), skill_id)
    known = vocabulary(language())
    words = skills.synonyms_of(skill_id)
    form = SkillForm(
        data={
            "name_fr": skill.name_fr,
            "name_en": skill.name_en,
            "parent": str(skill.parent_id or ""),
            "synonyms_fr": "\n".join(words["fr"]),
            "synonyms_en": "\n".join(words["en"]),
        }
    ).place_in(known, known.below(known.terms[skill_id]))
    saved = attempt(form, lambda: _saved(form, skill_id))
    if saved is None:
        return form.page("skills/edit.html", skill=skill)
    toast(_("The skill is up to date."))
    return redirect_to("skills.index")


def _saved(form: SkillForm, skill_id: int) -> Skill:
    words = skills.Words(
        name_fr=form.name_fr.data or "", name_en=form.name_en.data or "", synonyms=form.synonyms
    )
    return skills.edit_skill(actor(), skill_id=skill_id, words=words, parent_id=form.parent_id)


@pages.form(
    "/reseau/competences/<int:skill_id>/fusionner",
    en="/network/skills/<int:skill_id>/merge",
    may=administrators,
)
def merge(skill_id: int) -> ResponseReturnValue:
    """Merge a term into another: choose it, see what would happen, confirm."""
    reader = actor()
    skill = skills.skill_of(reader, skill_id)
    form = MergeForm(data={"into": request.args.get("into", "")})
    terms = terms_of(vocabulary(language()), {skill_id})
    form.into.choices = terms
    kept = attempt(
        form,
        lambda: skills.merge_skills(reader, gone_id=skill_id, kept_id=int(form.into.data)),
    )
    if kept is not None:
        toast(_("Merged: everything about it now says %(skill)s.", skill=kept.name_in(language())))
        return redirect_to("skills.index")
    return form.page("skills/merge.html", skill=skill, preview=_preview(form, skill_id, terms))


def _preview(form: MergeForm, skill_id: int, terms: list[Any]) -> dict[str, object] | None:
    """What the chosen merge would do; None when none is chosen or it cannot be."""
    chosen = form.into.data
    if request.method != "GET" or chosen not in {one.value for one in terms}:
        return None
    try:
        told = skills.preview_merge(actor(), gone_id=skill_id, kept_id=int(chosen))
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    return {"told": told, "questions": questions_about(skill_id)}
