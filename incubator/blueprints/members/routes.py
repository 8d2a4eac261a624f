"""The routes of the directory, filled by its views."""

from incubator.edge.pages import Pages

pages = Pages("members", "incubator.blueprints.members")
