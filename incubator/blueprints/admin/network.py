"""The network at a glance, and the tasks that were given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from incubator.blueprints.admin.routes import pages
from incubator.blueprints.admin.words import JOBS, ROLES
from incubator.edge.access import administrators
from incubator.edge.actor import actor
from incubator.edge.clock import now
from incubator.edge.forms import act
from incubator.edge.pages import redirect_to, render, toast
from incubator.kernel import jobs as work
from incubator.kernel.errors import Refusal
from incubator.network.accounts.queries import guests_for, managers_by_site, sites_of
from incubator.network.members.reader import Counter

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

SHOWN = 5

# How many tasks wait for an administrator, as the menu counts them.
STOPPED_JOBS = Counter(work.GIVEN_UP, work.MOST_COUNTED)


@pages.get("/reseau", en="/network", may=administrators)
def index() -> ResponseReturnValue:
    """Sites and who runs them, guests to admit, tasks that stopped."""
    return render(
        "admin/index.html",
        sites=sites_of(actor()),
        managers=managers_by_site(),
        guests=guests_for(actor()),
        dead=work.dead_letters(SHOWN),
        jobs=JOBS,
        roles=ROLES,
    )


@pages.get("/reseau/taches", en="/network/tasks", may=administrators)
def jobs() -> ResponseReturnValue:
    """Tasks that were given up after their last try. Their content may be secret: not shown."""
    return render("admin/jobs.html", dead=work.dead_letters(), jobs=JOBS)


@pages.post(
    "/reseau/taches/<int:job_id>/relancer",
    en="/network/tasks/<int:job_id>/retry",
    may=administrators,
)
def retry_job(job_id: int) -> ResponseReturnValue:
    """Give a task a new life."""

    def retry() -> None:
        if not work.retry(job_id, now()):
            raise Refusal("admin.job_not_dead")

    act(retry)
    toast(_("The task will be tried again within a few seconds."))
    return redirect_to("admin.jobs")
