"""Care of the threads: reports, what managers do about them, threads moved and pinned."""

from incubator.blueprints.help.care import moving, pinning, queue, reporting

__all__ = ["moving", "pinning", "queue", "reporting"]
