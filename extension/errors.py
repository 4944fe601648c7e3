"""What can go wrong in a pod, each with the HTTP status that the panel is answered with.

PodError
├── Refused         the course service said no; its own status and sentence
│   └── SignedOut   … for it does not know this server's token (any more)
├── Garbled    502  it answered something that is not an answer
├── Unreachable 503 it is not there, or says that it cannot serve now
├── TooSlow    504  it did not answer in time
└── WorkError       the student's files do not allow it (400, 404, 409, 413, 507 …)
"""

from __future__ import annotations

from http import HTTPStatus


class PodError(Exception):
    """A foreseen failure; its text is one sentence for the student."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR

    def __init__(self, sentence: str, status: int | None = None) -> None:
        super().__init__(sentence)
        if status is not None:
            self.status = HTTPStatus(status)


class Refused(PodError):
    """The course service refused; `status` and text are the service's own."""


class SignedOut(Refused):
    """The service does not know the server's token; another one may be let in."""

    status = HTTPStatus.FORBIDDEN


class Garbled(PodError):
    """The course service answered something that cannot be used."""

    status = HTTPStatus.BAD_GATEWAY


class Unreachable(PodError):
    """The course service is not there now; nothing was lost and trying again may help."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class TooSlow(PodError):
    """The course service did not answer in time; whether it acted is not known."""

    status = HTTPStatus.GATEWAY_TIMEOUT


class WorkError(PodError):
    """The student's own files do not allow what was asked."""

    status = HTTPStatus.CONFLICT
