"""What the handlers of one student's server share."""

from __future__ import annotations

from dataclasses import dataclass, field

from coursewright.extension.client import ServiceClient
from coursewright.extension.feed import Feed
from coursewright.extension.safekeeping import Safekeeping
from coursewright.extension.shelf import Shelf
from coursewright.extension.work import Work


@dataclass
class Pod:
    """The course service as this student's token reaches it, and the student's own files."""

    service: ServiceClient
    work: Work
    safety: Safekeeping = field(init=False)

    def __post_init__(self) -> None:
        self.live = Feed(self.service)
        self.safety = Safekeeping(self.service, self.work)
        self.shelf = Shelf(self.work)
