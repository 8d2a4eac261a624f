"""The routes of the help threads gather here."""

from typing import Final

from incubator.edge.pages import Pages

# What fits a 64-bit column: a larger number in an address is no page.
ID: Final = "<int(max=9223372036854775807):id>"

pages = Pages("help", "incubator.blueprints.help")
