"""The routes of the hours."""

from incubator.edge.pages import Pages

pages = Pages("commitments", __name__)
