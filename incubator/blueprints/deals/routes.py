"""The addresses of deals."""

from incubator.edge.pages import Pages

pages = Pages("deals", __name__)
DEAL = "<int:deal_id>"
