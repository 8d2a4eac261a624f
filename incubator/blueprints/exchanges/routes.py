"""The routes of the exchanges: other modules of this feature add theirs."""

from incubator.edge.pages import Pages

pages = Pages("exchanges", __name__)
