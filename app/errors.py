"""What a person can understand and act on. Anything else that is raised is a bug and may crash."""

from typing import Any


class ShopError(Exception):
    """One friendly sentence with a stable code; becomes a problem document (RFC 9457) or a page.

    The sentence is an English message with `{placeholders}`, translated when it is shown.
    `state` is the current state of the thing, attached to a conflict so that a client can go on.
    """

    status = 400
    code = "cannot-do-that"
    recorded = False
    """Kept as the outcome of a command: the transaction that raises it is committed all the same."""

    def __init__(
        self,
        sentence: str,
        *,
        code: str | None = None,
        state: Any = None,
        retry_after_s: int | None = None,
        **values: object,
    ) -> None:
        super().__init__(sentence.format(**values) if values else sentence)
        self.sentence = sentence
        self.values = values
        self.state = state
        self.retry_after_s = retry_after_s
        if code is not None:
            self.code = code


class Malformed(ShopError):
    status = 400
    code = "malformed"


class NotSignedIn(ShopError):
    status = 401
    code = "not-signed-in"


class NotAllowed(ShopError):
    status = 403
    code = "not-allowed"


class NotFound(ShopError):
    status = 404
    code = "not-found"


class Conflict(ShopError):
    status = 409
    code = "conflict"


class Gone(ShopError):
    status = 410
    code = "retired"


class TooLarge(ShopError):
    status = 413
    code = "too-large"


class WrongMediaType(ShopError):
    status = 415
    code = "wrong-media-type"


class MisdirectedRequest(ShopError):
    status = 421
    code = "wrong-host"


class Unprocessable(ShopError):
    status = 422
    code = "unprocessable"


class TooMany(ShopError):
    status = 429
    code = "too-many-requests"


class Busy(ShopError):
    """Nothing is wrong with the request: try again, with the same command id, a little later."""

    status = 503
    code = "busy"
