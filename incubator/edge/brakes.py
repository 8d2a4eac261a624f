"""Slowing down who tries again and again: counted first, and kept when the try fails."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from flask import request

from incubator.edge.clock import now
from incubator.edge.forms import act
from incubator.edge.pages import render
from incubator.kernel.errors import TooMany
from incubator.network.accounts import limits

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from incubator.edge.forms import Form
    from incubator.network.accounts.rules import Limit


def here() -> str:
    """Where the request comes from, as far as tries are counted."""
    return limits.origin(request.remote_addr)


def around_here() -> str:
    """The wider net of the request, for limits that a change of address must not escape."""
    return limits.neighbourhood(request.remote_addr)


def braked(
    form: Form, template: str, *counted: tuple[Limit, str], **values: Any
) -> ResponseReturnValue | None:
    """Count one try of a sent form for each limit and subject.

    The form again with the time to wait, when a limit is reached; else None.
    """
    if request.method != "POST":
        return None
    wait = act(lambda: max(limits.spend(limit, who, now=now()) for limit, who in counted))
    if not wait:
        return None
    form.refuse(TooMany("accounts.too_many", retry_after=wait, minutes=ceil(wait / 60)))
    return render(template, form=form, **values), 429, {"Retry-After": str(wait)}
