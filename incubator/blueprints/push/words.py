"""Words about pushes: refusals, and why one did not arrive."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "push.browser": _l("This browser is not told anything, or its address cannot be used."),
    "push.brief": _l(
        "You are signed in here only until the browser closes: news would go on coming after you."
    ),
    "push.key": _l("This network has no key for pushes yet."),
}
# How a push ended that was not taken; see kernel/outward.py and reactions/push/sending.py.
TROUBLES = {
    "host": _l("the name of its push service leads nowhere"),
    "closed": _l("the address of its push service is not in the open net"),
    "https": _l("the address of its push service is not in the open net"),
    "connection": _l("its push service cannot be reached"),
    "silence": _l("its push service did not answer"),
    "long": _l("its push service did not answer"),
}
OTHER = _l("its push service refused it (%(said)s)")
