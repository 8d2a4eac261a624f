"""The three ways in which the product says no; the edge turns their codes into words."""


class Refusal(Exception):
    """A rule of the house says no (HTTP 422).

    ``code`` is ``feature.reason``; ``field`` names the form field at fault, if any;
    ``details`` fill the placeholders of the words shown for the code.
    """

    status = 422

    def __init__(self, code: str, *, field: str | None = None, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.details = details


class NotAllowed(Refusal):
    """The person may see the thing but not do this to it (HTTP 403)."""

    status = 403


class NotFound(Refusal):
    """There is no such thing for this person, be it absent or hidden (HTTP 404)."""

    status = 404


class Conflict(Refusal):
    """Somebody else changed the thing meanwhile (HTTP 409)."""

    status = 409


class TooMany(Refusal):
    """A rate limit was reached (HTTP 429); ``retry_after`` is in seconds."""

    status = 429

    def __init__(self, code: str, *, retry_after: int, **details: object) -> None:
        super().__init__(code)
        self.details = {"retry_after": retry_after, **details}
        self.retry_after = retry_after
