"""The routes of a membership's life, filled by its views."""

from incubator.edge.pages import Pages

pages = Pages("membership", "incubator.blueprints.membership")
