"""A step of the loader: circles, who is in them, and what they ask among themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from incubator.demo.content import email_of
from incubator.demo.stage import key_of
from incubator.domain.circles import commands as circles
from incubator.domain.circles.commands import Details
from incubator.domain.help import bumps, commands
from incubator.kernel.db import as_of

if TYPE_CHECKING:
    from datetime import datetime

    from incubator.demo.stage import Stage

OPENED_DAYS_AGO: Final = 40


class Group(NamedTuple):
    """A circle: who runs it, who is in it, who asks to come in, who is invited."""

    name: str
    description: str
    owner: str
    members: tuple[str, ...]
    asks: str
    invited: str
    joining: str = "request"
    of_a_site: bool = False


EXPORT: Final = Group(
    name="Vendre de l’autre côté de l’eau",
    description="Celles et ceux qui expédient déjà : prix, transitaires, clients qui paient. "
    "On y donne les vrais chiffres.",
    owner="aminata.sow",
    members=("guillaume.roy", "camille.dervaux", "olivier.fortin", "khady.fall", "anais.delorme"),
    asks="alexandre.bouchard",
    invited="mariama.sarr",
)
GROUPS: Final = (
    EXPORT,
    Group(
        name="Premiers salaires",
        description="Lyon seulement : on emploie depuis peu, on se dit ce qui coince.",
        owner="karim.benali",
        members=("fatou.ndiaye", "rachid.ouali", "hugo.marchetti"),
        asks="",
        invited="camille.dervaux",
        joining="invitation",
        of_a_site=True,
    ),
    Group(
        name="Ateliers ouverts",
        description="Nous recevons du public et nous nous prêtons nos listes : assurances, "
        "affiches, horaires.",
        owner="damien.rousseau",
        members=("lucie.fayard", "ibrahima.cisse"),
        asks="",
        invited="",
    ),
)
QUESTION: Final = "À quel client avez-vous refusé de vendre, et comment ?"
BODY: Final = (
    "Une boutique de Boston me demande 90 jours pour payer 4 000 € de bois. Je n’ai pas envie de "
    "dire non, ni de dormir mal. Qu’avez-vous **répondu**, avec quels mots ?"
)
ANSWER: Final = (
    "Moitié à la commande, moitié avant le départ du bateau, et je l’écris dès le devis. Deux sur "
    "trois disent oui ; le troisième m’aurait payé en retard.\n\n"
    "> « Je suis une petite maison : j’achète mon bois avant de vous l’envoyer. »"
)


def gather(stage: Stage) -> str:
    """Open circles, let people in, and let one of them ask."""
    with bumps.without_letters():
        opened = [_open(stage, group) for group in GROUPS]
        _ask(stage, opened[GROUPS.index(EXPORT)])
    return f"{len(GROUPS)} circles"


def _open(stage: Stage, group: Group) -> int:
    owner, at = stage.actors[email_of(group.owner)], stage.now - timedelta(days=OPENED_DAYS_AGO)
    details = Details(
        name=group.name,
        description=group.description,
        joining=group.joining,
        site_id=owner.home_site_id if group.of_a_site else None,
    )
    with as_of(at):
        circle_id = circles.make(owner, details, once=key_of("circle", group.name), now=at).id
    _is_in(stage, group.owner, circle_id)
    for days, who in enumerate(group.members, start=1):
        _let_in(stage, group, circle_id, who=who, at=at + timedelta(days=days))
    _at_the_door(stage, group, circle_id, now=stage.now - timedelta(hours=7))
    return circle_id


def _let_in(stage: Stage, group: Group, circle_id: int, *, who: str, at: datetime) -> None:
    owner, member = stage.actors[email_of(group.owner)], stage.actors[email_of(who)]
    with as_of(at):
        circles.invite(owner, circle_id, member.id, now=at)
        circles.ask(member, circle_id, now=at)
    _is_in(stage, who, circle_id)


def _is_in(stage: Stage, who: str, circle_id: int) -> None:
    """From now on they act as somebody of the circle."""
    email = email_of(who)
    actor = stage.actors[email]
    stage.actors[email] = replace(actor, circle_ids=actor.circle_ids | {circle_id})


def _at_the_door(stage: Stage, group: Group, circle_id: int, *, now: datetime) -> None:
    """One asks to come in, one is invited; neither has come in yet."""
    with as_of(now):
        if group.asks:
            circles.ask(stage.actors[email_of(group.asks)], circle_id, now=now)
        if group.invited:
            owner, guest = (stage.actors[email_of(who)] for who in (group.owner, group.invited))
            circles.invite(owner, circle_id, guest.id, now=now)


def _ask(stage: Stage, circle_id: int) -> None:
    with as_of(at := stage.now - timedelta(hours=4, minutes=30)):
        asked = commands.ask(
            stage.actors[email_of("guillaume.roy")],
            title=QUESTION,
            body=BODY,
            skill_ids=[stage.skills["negociation"], stage.skills["export-canada"]],
            once=key_of("thread", QUESTION),
            audience=f"circle:{circle_id}",
            now=at,
        )
    with as_of(stage.now):
        commands.answer(
            stage.actors[email_of("aminata.sow")],
            asked.id,
            body=ANSWER,
            once=key_of("answer", QUESTION),
            now=stage.now,
        )
