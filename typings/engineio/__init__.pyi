from collections.abc import Callable
from typing import Any

class Server:
    handlers: dict[str, Callable[..., Any]]
    sockets: dict[str, Any]
    reason: Any
    ping_interval: float
    ping_timeout: float
    max_http_buffer_size: int
    start_service_task: bool
    def generate_id(self) -> str: ...
    def _handle_connect(
        self,
        environ: dict[str, Any],
        start_response: Callable[..., Any],
        transport: str,
        jsonp_index: int | None = None,
    ) -> Any: ...
