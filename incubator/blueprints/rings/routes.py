"""The addresses of rings."""

from incubator.edge.pages import Pages

pages = Pages("rings", __name__)
RING = "<int:ring_id>"
