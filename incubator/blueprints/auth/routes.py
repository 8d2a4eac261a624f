"""The pages of accounts: the doors of the product and each member's own account."""

from incubator.edge.pages import Pages

pages = Pages("auth", __name__)
