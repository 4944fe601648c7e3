"""`coursewright sandboxes`: build a grading worker's sandboxes, as a user without any secret."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import cast

from traitlets import Bool, Integer, Unicode, default
from traitlets.config import Application

from coursewright.grader import kept
from coursewright.grader.allowed import secrets_of
from coursewright.grader.keeper import AT_ONCE, Keeper
from coursewright.records import logs
from coursewright.records.errors import Invalid

LOOK = 2.0  # seconds that --probe waits


class SandboxesApp(Application):
    """Build the sandboxes of the worker that asks at a socket (COURSEWRIGHT_SANDBOXES names it).

    Runs as another user than the worker, in the same group, and is given no secret. It does not
    start where no sandbox can be built; submissions wait then.
    """

    name = "coursewright sandboxes"
    description = __doc__ or ""
    examples = """
        coursewright sandboxes --socket /run/coursewright/sandboxes.sock
        coursewright sandboxes --socket /run/coursewright/sandboxes.sock --probe
    """

    socket = Unicode(config=True, help="Where to listen; its folder has to be there.")
    at_once = Integer(AT_ONCE, min=1, config=True, help="The most sandboxes at the same time.")
    probe = Bool(False, config=True, help="Only see whether a keeper listens there.")

    aliases = {
        "socket": "SandboxesApp.socket",
        "at-once": "SandboxesApp.at_once",
        "log-level": "Application.log_level",
    }
    flags = {"probe": ({"SandboxesApp": {"probe": True}}, "See whether a keeper listens there.")}

    @default("log_level")
    def _log_level(self) -> int:
        return logging.INFO

    def start(self) -> None:
        super().start()
        if self.extra_args or not self.socket:
            raise Invalid("Say where to listen: coursewright sandboxes --socket PATH")
        if self.probe:
            return kept.reach(self.socket, LOOK).close()
        logs.configure(cast(int, self.log_level))
        found = secrets_of(os.environ)
        if found:
            raise Invalid(
                f"The sandboxes are kept apart from every secret, but {', '.join(found)} is set"
                " here. Give it to the worker alone."
            )
        with Keeper(Path(self.socket), self.at_once) as keeper:
            keeper.run()
        return None
