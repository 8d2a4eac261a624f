"""The application of the stock server. It imports nothing of ours: it starts at once."""

from __future__ import annotations

import os
import threading
from typing import Any

from flask import Flask, session
from flask_socketio import SocketIO

SPACE = "/chat"
BELL = "STOCK_MESSAGE_QUEUE"
# What «history» answers: as much as a page of long messages.
PAGE = "x" * 700_000
COOKIE = "session"


def make() -> Flask:
    """An application that signs in, talks and answers; called in the worker."""
    app = Flask(__name__)
    app.secret_key = "s" * 40
    sockets = SocketIO(app, message_queue=os.environ.get(BELL) or None)
    said: list[str] = []

    def sign_in() -> str:
        session["user"] = "Fatou"
        return "in"

    def sign_out() -> str:
        session.clear()
        return "out"

    def broken(_payload: object) -> None:
        raise LookupError

    def send(payload: dict[str, Any]) -> dict[str, Any]:
        # Storing some takes longer than storing others.
        threading.Event().wait(0.2 if payload["md"].endswith("0") else 0)
        said.append(payload["md"])
        sockets.emit("ev", {"seq": len(said), "md": payload["md"]}, namespace=SPACE)
        return {"seq": len(said)}

    app.add_url_rule("/health", view_func=lambda: "ok", endpoint="health")
    app.add_url_rule("/in", view_func=sign_in)
    app.add_url_rule("/out", view_func=sign_out, methods=["POST"])
    handlers = {
        "connect": lambda _auth=None: "user" in session,
        "hello": lambda _payload: {"user": session["user"]},
        "history": lambda _payload: {"messages": PAGE},
        "leave": lambda _payload: {"ok": True},
        "broken": broken,
        "send": send,
    }
    for name, handler in handlers.items():
        sockets.on_event(name, handler, namespace=SPACE)
    return app
