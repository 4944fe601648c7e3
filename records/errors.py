"""The one tree of errors; each door (HTTP, command line) maps its branches once.

CoursewrightError
├── Invalid        what was sent is not acceptable
│   └── TooLarge   … because of its size
├── Denied         the person may not do this
├── TooMany        they have tried it too often for now
├── NotFound       no such thing, or none that this person may know of
├── Conflict       it contradicts what is stored
│   └── Busy       … for the moment: the same is under way
├── Stale          it was meant for a state that is no longer the newest
└── Unavailable    a part that this needs is not there now; trying again may help
"""


class CoursewrightError(Exception):
    """A failure that Coursewright foresaw; its text is written for the person who meets it."""


class Invalid(CoursewrightError):
    """What was sent is not acceptable."""


class TooLarge(Invalid):
    """What was sent is larger than the limit."""


class Denied(CoursewrightError):
    """The person may not do this."""


class TooMany(CoursewrightError):
    """It was tried too often; `wait` is how many seconds to wait before it may be tried again."""

    def __init__(self, sentence: str, wait: int) -> None:
        super().__init__(sentence)
        self.wait = wait


class NotFound(CoursewrightError):
    """There is no such thing, or none that this person may know of."""


class Conflict(CoursewrightError):
    """What was asked contradicts what is stored."""


class Busy(Conflict):
    """The same is under way; `wait` is how many seconds to wait before asking again."""

    def __init__(self, sentence: str, wait: int = 1) -> None:
        super().__init__(sentence)
        self.wait = wait


class Stale(CoursewrightError):
    """It was meant for a state that is no longer the newest."""


class Unavailable(CoursewrightError):
    """A part that this needs is not there now; trying again may help."""
