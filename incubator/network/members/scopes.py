"""Who may search what: the marks of documents that say for whom they are. Pure.

«_n» is the network; «_s12» who lives at site 12; «_m12» who runs it; «_m» who runs everything.
A document that a fuller one replaces for some readers carries «_xs12» and the like for them, so
that each reader finds exactly one document of a member: the fullest they may read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from incubator.kernel.fulltext import Either, Query, Without, marked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from incubator.network.members.actor import Actor

NETWORK = "n"
# Closed accounts: found by name by those who look after them, by nobody in the directory.
CLOSED = "_g"


def scopes_of(actor: Actor) -> tuple[str, ...]:
    """The scopes a reader may search; a guest searches nothing."""
    if actor.is_guest:
        return ()
    found = [NETWORK]
    if actor.home_site_id is not None:
        found.append(f"s{actor.home_site_id}")
    if actor.is_administrator:
        found.append("m")
    found += [f"m{site_id}" for site_id in sorted(actor.managed_site_ids)]
    return tuple(found)


def readable(actor: Actor) -> Query:
    """The documents a reader may search, one a member."""
    scopes = scopes_of(actor)
    replaced = marked(*(f"_x{scope}" for scope in scopes if scope != NETWORK))
    mine = marked(*(f"_{scope}" for scope in scopes))
    return Without(mine, replaced) if len(scopes) > 1 else mine


def looked_after(actor: Actor) -> Query:
    """What managers search among accounts: the same, and the names of closed ones."""
    return Either((readable(actor), marked(CLOSED)))


def marks_of(levels: Sequence[Sequence[str]], number: int) -> set[str]:
    """The scope marks of a document: ``levels`` are the scopes of each one, the widest first."""
    later = (scope for level in levels[number + 1 :] for scope in level)
    return {f"_{scope}" for scope in levels[number]} | {f"_x{scope}" for scope in later}
