"""Coming in, going out, and one's own account."""

from incubator.blueprints.auth import account, doors, links
from incubator.blueprints.auth.refusals import REFUSALS
from incubator.blueprints.auth.routes import pages
from incubator.edge.feature import Feature
from incubator.network.accounts import personal

__all__ = ["FEATURE", "account", "doors", "links"]

FEATURE = Feature(
    name="auth",
    pages=pages,
    refusals=REFUSALS,
    personal_data=personal.personal_data,
    forget=personal.forget,
)
