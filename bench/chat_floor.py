"""What the chat is compared with: a bare loop over WebSockets, and the stock Flask-SocketIO.

Both pass on what they are told to everybody and store nothing.
"""

from __future__ import annotations

import os
import select
import socket
from typing import Any

from flask import Flask
from flask_socketio import SocketIO, join_room

from incubator.reactions.live.fast.framing import TEXT, Reader, answer_to, frame

CHUNK = 64 * 1024
BACKLOG = 4_000


def bare() -> None:
    """Answer handshakes, frame each text once, write it to each socket: no less is possible."""
    listener = socket.create_server(
        ("127.0.0.1", int(os.environ["BENCH_PORT"])), backlog=BACKLOG, reuse_port=False
    )
    poll = select.epoll()
    poll.register(listener, select.EPOLLIN)
    clients: dict[int, tuple[socket.socket, Reader | None]] = {}
    while True:
        for number, _ in poll.poll():
            if number == listener.fileno():
                client, _address = listener.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                clients[client.fileno()] = (client, None)
                poll.register(client, select.EPOLLIN)
                continue
            client, reader = clients[number]
            data = client.recv(CHUNK)
            if not data:
                del clients[number]
                poll.unregister(client)
                client.close()
            elif reader is None:
                client.sendall(_handshake(data))
                clients[number] = (client, Reader(CHUNK))
            else:
                _pass_on(reader.feed(data), [one for one, _ in clients.values()])


def _handshake(request: bytes) -> bytes:
    key = request.partition(b"Sec-WebSocket-Key: ")[2].partition(b"\r\n")[0].decode()
    head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    return f"{head}Sec-WebSocket-Accept: {answer_to(key)}\r\n\r\n".encode()


def _pass_on(messages: Any, clients: list[socket.socket]) -> None:
    for opcode, text in messages:
        if opcode == TEXT:
            made = frame(TEXT, text.encode())
            for client in clients:
                client.send(made)


def stock() -> Flask:
    """Flask-SocketIO as its documentation says, for gunicorn's gevent worker."""
    app = Flask(__name__)
    sockets = SocketIO(app, async_mode="gevent", transports=["websocket"])

    @sockets.on("connect", namespace="/chat")
    def connect(_auth: object = None) -> None:
        join_room("all")

    @sockets.on("say", namespace="/chat")
    def say(text: str) -> None:
        sockets.emit("ev", text, to="all", namespace="/chat")

    return app
