"""The data directory: where everything that `coursewright up` keeps lies, and who holds it."""

from __future__ import annotations

import fcntl
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from coursewright.records.errors import Conflict, Invalid


def default_path() -> Path:
    """Root keeps it in /var/lib, since another user's programs must be able to enter it."""
    if os.geteuid() == 0:
        return Path("/var/lib/coursewright")
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "coursewright"


@dataclass(frozen=True)
class DataDirectory:
    """The folders below one root.

    The root may be entered but not listed by others: the database server and the students'
    servers run as users of their own. What is secret lies in folders that only we may enter.
    """

    root: Path

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def homes(self) -> Path:
        return self.root / "homes"

    @property
    def hub(self) -> Path:
        return self.root / "hub"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def server_logs(self) -> Path:
        return self.logs / "servers"

    def prepare(self) -> None:
        """Make what is missing. Raises Invalid when the place cannot be written."""
        try:
            self.root.mkdir(mode=0o711, parents=True, exist_ok=True)
            for private in (self.hub, self.logs, self.server_logs):
                private.mkdir(mode=0o700, exist_ok=True)
            self.homes.mkdir(mode=0o711, exist_ok=True)
            probe = self.hub / ".writable"
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise Invalid(
                f"The data directory {self.root} cannot be used: {error.strerror}"
                f" ({error.filename}). Nothing was changed."
                " Choose another one with --data-dir, or mend its permissions."
            ) from error
        self._refuse_strangers()

    def _refuse_strangers(self) -> None:
        about = self.root.stat()
        if about.st_uid != os.geteuid() or about.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise Invalid(
                f"The data directory {self.root} belongs to somebody else, or others may write"
                " to it; grades would not be safe there. Nothing was changed."
                " Choose another one with --data-dir."
            )

    def lock(self) -> int:
        """Hold the directory until this process ends; gives the open descriptor.

        Raises Conflict when another `coursewright up` holds it.
        """
        descriptor = os.open(self.hub / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise Conflict(
                f"Another coursewright up is using {self.root}."
                " Stop it with Ctrl-C in its terminal, or choose another --data-dir."
            ) from None
        return descriptor
