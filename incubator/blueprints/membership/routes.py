"""The routes of the membership, filled by its views."""

from incubator.edge.pages import Pages

pages = Pages("membership", "incubator.blueprints.membership")
