"""What can go wrong while a model makes a course, in words for the person who asked for it.

Unavailable
├── Unreachable     the endpoint does not answer, or not now
│   └── TimedOut    … in time; it may have taken tokens all the same
└── Misconfigured   it answers, and these settings are wrong for it
Invalid
└── Abstained       one piece could not be made; the others can
    └── Rejected    … because the endpoint refuses the request itself
Conflict
└── Spent           the course's budget is used up
"""

from __future__ import annotations

from coursewright.records.errors import Conflict, Invalid, Unavailable

# The end of every sentence about a call that failed: nothing that was paid for is lost.
KEPT = "What was finished is kept; the same command with --resume goes on from there."


class Unreachable(Unavailable):
    """The endpoint gave no usable answer after all retries."""


class TimedOut(Unreachable):
    """The endpoint took the question and did not answer in time."""


class Misconfigured(Unavailable):
    """The endpoint answers, but not to this key, this model or this address."""


class Abstained(Invalid):
    """One piece could not be made; `reason` is one word for a report's table."""

    def __init__(self, message: str, reason: str = "unusable"):
        super().__init__(message)
        self.reason = reason


class Rejected(Abstained):
    """The endpoint refuses the request itself (400, 413, 422); `about` is the parameter, if named.

    `said` is the endpoint's own text, without the key.
    """

    def __init__(self, message: str, said: str, about: str = ""):
        super().__init__(message, "rejected")
        self.said = said
        self.about = about


class Spent(Conflict):
    """The budget of this course does not cover the next call."""
