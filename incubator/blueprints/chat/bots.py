"""The page of a room's machines: who looks after it makes, changes and revokes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from incubator.blueprints.chat.about import EN, ROOM
from incubator.blueprints.chat.beside import beside
from incubator.blueprints.chat.forms import BotForm
from incubator.blueprints.chat.views import pages
from incubator.domain.chat import policy, queries
from incubator.domain.chat.bots import keeping, rules
from incubator.edge.access import members
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act, attempt
from incubator.edge.pages import redirect_to, render, toast, url
from incubator.edge.state import settings
from incubator.kernel.errors import NotAllowed, NotFound

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.domain.chat.bot_models import Bot

# How a call ended that was not taken; see kernel/outward.py and reactions/machines.py.
TROUBLES = {
    "host": _l("its name is known nowhere"),
    "closed": _l("it leads to a closed network"),
    "https": _l("it is not encrypted"),
    "connection": _l("nobody is there"),
    "silence": _l("no answer in time"),
    "long": _l("the answer is too long"),
    "pace": _l("it answers too often"),
}
BOT, EN_BOT = f"{ROOM}/robots/<int:bot>", f"{EN}/bots/<int:bot>"


@pages.form(f"{ROOM}/robots", en=f"{EN}/bots", may=members)
def bots(id: int) -> ResponseReturnValue:
    """The machines of a room, and a form for one more; its secrets are shown once."""
    shown = _shown(id)
    form = BotForm()
    made = attempt(form, lambda: keeping.make(actor(), id, _wanted(form), now=now()))
    if made is None:
        return form.page("chat/bots.html", **shown)
    again = _shown(id, made=made.bot, token=made.token)
    return render("chat/bots.html", form=BotForm(formdata=None), **again)


@pages.form(f"{BOT}/changer", en=f"{EN_BOT}/change", may=members)
def change_bot(id: int, bot: int) -> ResponseReturnValue:
    """Another name, another address to tell, or another right."""
    shown = _shown(id)
    found = next((each.bot for each in shown["robots"] if each.bot.id == bot), None)
    if found is None:
        raise NotFound("chat.bot")
    form = BotForm(obj=found)
    done = attempt(form, lambda: keeping.change(actor(), id, bot, wanted=_wanted(form)))
    if done is None:
        return form.page("chat/bots.html", **shown | {"changing": found})
    toast(_("Noted."))
    if not done:
        return redirect_to("chat.bots", id=id)
    again = _shown(id) | _secrets(found, "")
    return render("chat/bots.html", form=BotForm(formdata=None), **again)


@pages.post(f"{BOT}/retirer", en=f"{EN_BOT}/revoke", may=members)
def revoke_bot(id: int, bot: int) -> ResponseReturnValue:
    """It speaks no more."""
    act(lambda: keeping.revoke(actor(), id, bot, now=now()))
    toast(_("This bot speaks no more, and is told nothing."))
    return redirect_to("chat.bots", id=id)


def _wanted(form: BotForm) -> keeping.Wanted:
    return keeping.Wanted(
        name=form.name.data or "",
        url=form.url.data or "",
        to_all=bool(form.to_all.data),
        local=settings().hooks_on_loopback,
    )


def _shown(id: int, *, made: Bot | None = None, token: str = "") -> dict[str, Any]:
    reader = actor()
    room = queries.visible_to(reader, id)
    if not policy.may_run(reader, room):
        raise NotAllowed("chat.not_yours")
    return {
        "room": room,
        "robots": keeping.shown(room),
        "changing": None,
        "trouble_of": trouble_of,
        "most": rules.BOTS_MOST,
        **(_secrets(made, token) if made else {"address": "", "secret": ""}),
        **beside(reader),
    }


def trouble_of(bot: Bot) -> str:
    """How its last call ended, in words; empty when well."""
    what, _space, more = bot.trouble.partition(" ")
    if what == "status":
        return _("it answered %(status)s", status=more)
    if what == "refused":
        return _("the room does not take its answer")
    return str(TROUBLES.get(what, what))


def _secrets(bot: Bot, token: str) -> dict[str, str]:
    """What is shown once: the address by which it speaks, and what signs the calls it gets."""
    address = request.host_url.rstrip("/") + url("chat.hook", token=token) if token else ""
    secret = rules.secret_of(bot.salt, settings().secret_key) if bot.url else ""
    return {"address": address, "secret": secret}
