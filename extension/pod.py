"""What the handlers of one student's server share."""

from __future__ import annotations

from dataclasses import dataclass

from coursewright.extension.client import ServiceClient
from coursewright.extension.shelf import Shelf
from coursewright.extension.work import Work


@dataclass
class Pod:
    """The course service as this student's token reaches it, and the student's own files."""

    service: ServiceClient
    work: Work

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.work)
