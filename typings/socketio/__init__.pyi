from collections.abc import Callable, Iterable
from typing import Any

class Manager:
    server: Any
    rooms: dict[str, dict[str | None, Any]]
    callbacks: dict[str, Any]
    pending_connect: dict[str, list[str]]
    pending_disconnect: dict[str, list[str]]
    def emit(
        self,
        event: str,
        data: Any,
        namespace: str,
        room: Any = None,
        skip_sid: str | Iterable[str] | None = None,
        callback: Callable[..., Any] | None = None,
        to: Any = None,
        **kwargs: Any,
    ) -> None: ...
    def eio_sid_from_sid(self, sid: str, namespace: str) -> str | None: ...
    def basic_enter_room(
        self, sid: str, namespace: str, room: str | None, eio_sid: str | None = None
    ) -> None: ...
    def basic_leave_room(self, sid: str, namespace: str, room: str | None) -> None: ...
    def basic_disconnect(self, sid: str, namespace: str, **kwargs: Any) -> None: ...
