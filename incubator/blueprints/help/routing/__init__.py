"""Routing in pages: what is asked of a member, what they do with it, how often they want it."""

from incubator.blueprints.help.routing import acts, asking, panel

__all__ = ["acts", "asking", "panel"]
