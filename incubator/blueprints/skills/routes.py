"""The routes of the vocabulary, filled by its views."""

from incubator.edge.pages import Pages

pages = Pages("skills", "incubator.blueprints.skills")
