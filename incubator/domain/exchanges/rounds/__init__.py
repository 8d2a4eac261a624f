"""Rounds of netting: what firms owe in a circle is settled without money, once each agrees."""
