"""A transport for many sockets in one process, under the public interface of Flask-SocketIO.

The stock one keeps three greenlets, a queue and a WebSocket state for each client and builds
each frame once a receiver. Here a frame is built once, a socket is a descriptor with a watcher of
the event loop, and all that is written in a turn of the loop leaves in one call. Decision 0018.
"""

from incubator.reactions.live.fast.engine import install
from incubator.reactions.live.fast.fanout import FanOut

__all__ = ["FanOut", "install"]
