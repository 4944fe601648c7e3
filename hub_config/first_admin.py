"""`coursewright first-admin`: the link that sets the first administrator's password, once.

For a site in a cluster, run where the Hub runs; `coursewright up` prints its own.
"""

from __future__ import annotations

import sys

from traitlets.config import Application

from coursewright.hub_config.cluster import first_admin
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
        sys.stdout.write(f"{first_admin(self.extra_args[0])}\n")
