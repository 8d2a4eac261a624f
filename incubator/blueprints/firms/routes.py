"""The routes of the firms, filled by their views."""

from incubator.edge.pages import Pages

pages = Pages("firms", "incubator.blueprints.firms")
