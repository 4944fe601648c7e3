"""`coursewright first-admin`: the link that sets the first administrator's password, once.

Run it where the Hub runs, in a cluster or under Docker Compose; `coursewright up` prints its own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from traitlets.config import Application

from coursewright.hub_config.accounts import PATH, write_ticket
from coursewright.records.errors import Invalid


class FirstAdminApp(Application):
    """Print the one-time link that sets the first administrator's password."""

    name = "coursewright first-admin"
    description = __doc__ or ""
    examples = """
        coursewright first-admin https://school.example/

    A new link voids the one before.
    """

    def start(self) -> None:
        super().start()
        if len(self.extra_args) != 1:
            raise Invalid("Say where the Hub is reached: coursewright first-admin https://…/")
        sys.stdout.write(f"{link(self.extra_args[0], ticket_file(os.environ))}\n")


def link(hub_url: str, file: Path) -> str:
    """A new link; its ticket is in `file`, which the Hub reads."""
    return f"{hub_url.rstrip('/')}/hub/{PATH}?token={write_ticket(file)}"


def ticket_file(environ: Mapping[str, str]) -> Path:
    """Where the Hub of this environment looks. Each site loads only its own spawner."""
    from coursewright.hub_config import compose

    if any(name.startswith(compose.PREFIX) for name in environ):
        return compose.Compose.from_environ(environ).ticket_file

    from coursewright.hub_config.cluster import Cluster

    return Cluster.from_environ(environ).ticket_file
