"""Errors as answers: the one place where a failure becomes a status and a sentence (RFC 9457)."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from tornado.web import HTTPError

from coursewright.records.errors import (
    Conflict,
    CoursewrightError,
    Denied,
    Invalid,
    NotFound,
    Stale,
    TooLarge,
    TooMany,
    Unavailable,
)

RETRY_AFTER = 5  # seconds; a restarted database answers again within this


class NotSignedIn(Denied):
    """Nobody is signed in, or the sign-in has expired."""


# The first branch that fits decides, so a branch stands after its twigs.
STATUSES: tuple[tuple[type[CoursewrightError], int], ...] = (
    (TooLarge, 413),
    (Invalid, 400),
    (NotSignedIn, 401),
    (Denied, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Stale, 412),
    (TooMany, 429),
    (Unavailable, 503),
)

SENTENCES = {
    400: "The request is not well formed.",
    401: "Sign in first.",
    403: "You may not do this.",
    404: "There is nothing at this address, or nothing that you may see.",
    405: "This address does not answer to this method.",
    413: "What was sent is too large.",
    503: "A part that this needs does not answer now. Nothing was stored; try again in a moment.",
}
UNFORESEEN = (
    "Something went wrong on our side. Tell the administrator this request id: {request_id}"
)


@dataclass(frozen=True)
class Problem:
    """What a failure tells to the outside: never more than the person may know."""

    status: int
    detail: str
    request_id: str
    wait: int | None = None

    @property
    def title(self) -> str:
        return HTTPStatus(self.status).phrase

    @property
    def headers(self) -> dict[str, str]:
        if self.wait is not None:
            return {"Retry-After": str(self.wait)}
        if self.status == 401:
            return {"WWW-Authenticate": 'Bearer realm="coursewright"'}
        return {}

    def to_json(self) -> dict[str, str | int]:
        return {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "request_id": self.request_id,
        }


def status_of(error: BaseException | None, otherwise: int = 500) -> int:
    """The status for an error; `otherwise` when there is none."""
    for branch, status in STATUSES:
        if isinstance(error, branch):
            return status
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        return 503
    if isinstance(error, HTTPError):
        return error.status_code
    return otherwise


def problem_of(error: BaseException | None, request_id: str, otherwise: int = 500) -> Problem:
    """Our own errors speak for themselves; of any other only the status is told."""
    status = status_of(error, otherwise)
    if isinstance(error, CoursewrightError) and str(error):
        detail = str(error)
    else:
        detail = SENTENCES.get(status, UNFORESEEN.format(request_id=request_id))
    wait = getattr(error, "wait", RETRY_AFTER if status in (429, 503) else None)
    return Problem(status, detail, request_id, wait)


def is_foreseen(error: BaseException | None) -> bool:
    """Whether the access log's line says enough about it."""
    return status_of(error) != 500
