"""Who did what, when and where: a log that only grows."""

from incubator.reactions.audit.reactions import subscribe as subscribe
