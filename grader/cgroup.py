"""Memory control groups: what all processes of a sandbox, and its files in memory, take together.

A group is made below the group that this process is in itself, so that every limit above goes on
to count; under version 2 of the kernel's interface a group that has processes may have no others
below it that count memory, and the parent is taken instead. Root may make them, and whoever was
given a part of the tree, as systemd gives every person who is signed in (`Delegate=` for services).
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Self

PREFIX = "coursewright-sandbox-"
END_SECONDS = 5.0  # for killed processes to be gone
ATTEMPT_SECONDS = 0.002
# The shell moves itself and then becomes the program; what it adds to the environment goes again.
JOIN = 'echo 0 > "$0" && exec env -u SHLVL -u OLDPWD -u _ "$@"'
# Bytes; enough for `true`, to see whether a group can be made.
LITTLE = 16 << 20

_numbers = count(1)


@dataclass
class Group:
    """One sandbox's group; made by `Home.group`. `ooms` counts processes killed for memory."""

    folder: Path
    unified: bool
    ooms: int = field(default=0, init=False)

    def joining(self, argv: list[str]) -> list[str]:
        """A command that starts `argv` in the group."""
        return ["/bin/sh", "-c", JOIN, str(self.folder / "cgroup.procs"), *argv]

    def end(self) -> None:
        """Kill what is left in it, see it dead, and remove the group."""
        deadline = time.monotonic() + END_SECONDS
        while time.monotonic() < deadline:
            try:
                self.ooms = self._killed_for_memory()
                self._kill()
                self.folder.rmdir()
            except FileNotFoundError:
                return
            except OSError:  # a process that is dead may be in it for a moment
                time.sleep(ATTEMPT_SECONDS)

    def _kill(self) -> None:
        # The number of a process may be another's by now, so the group is read again.
        with ExitStack() as stack:
            ends = {}
            for pid in self._pids():
                with suppress(ProcessLookupError):
                    ends[pid] = os.pidfd_open(pid)
                    stack.callback(os.close, ends[pid])
            for pid in self._pids() & ends.keys():
                with suppress(ProcessLookupError):
                    signal.pidfd_send_signal(ends[pid], signal.SIGKILL)
                    select.select([ends[pid]], [], [], END_SECONDS)

    def _pids(self) -> set[int]:
        return {int(pid) for pid in (self.folder / "cgroup.procs").read_text().split()}

    def _killed_for_memory(self) -> int:
        name = "memory.events" if self.unified else "memory.oom_control"
        lines = (self.folder / name).read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))


@dataclass(frozen=True)
class Home:
    """The folder in which groups are made."""

    folder: Path
    unified: bool

    @classmethod
    def find(cls) -> Self | None:
        """Where a process can really be put into a group, or None; sweeps what is left there."""
        for folder, unified in _places():
            home = cls(folder, unified)
            home.sweep()
            if home.works():
                return home
        return None

    def works(self) -> bool:
        try:
            group = self.group(LITTLE)
        except OSError:
            return False
        try:
            line = group.joining(["true"])
            return not subprocess.run(line, capture_output=True, check=False).returncode
        finally:
            group.end()

    def group(self, memory: int) -> Group:
        """A new group; `memory` in bytes, of which none may be swapped. Raises OSError."""
        folder = self.folder / f"{PREFIX}{os.getpid()}-{next(_numbers)}"
        folder.mkdir()
        limits = ["memory.limit_in_bytes", "memory.memsw.limit_in_bytes"]
        values = [memory, memory]
        if self.unified:
            limits, values = ["memory.max", "memory.swap.max", "memory.oom.group"], [memory, 0, 1]
        try:
            (folder / limits[0]).write_text(str(values[0]))
            for name, value in zip(limits[1:], values[1:], strict=True):
                # A kernel that does not count swap has no such file.
                with suppress(FileNotFoundError, PermissionError):
                    (folder / name).write_text(str(value))
        except OSError:
            folder.rmdir()
            raise
        return Group(folder, self.unified)

    def sweep(self) -> None:
        """Remove the groups of processes that were killed before they could do it themselves."""
        for folder in self.folder.glob(f"{PREFIX}*"):
            owner = folder.name.removeprefix(PREFIX).partition("-")[0]
            if not Path("/proc", owner).exists():
                with suppress(OSError):  # somebody else did, or something runs in it yet
                    folder.rmdir()


def _places() -> Iterator[tuple[Path, bool]]:
    """Folders to try, each with whether it is of version 2."""
    with suppress(OSError):
        groups = [line.split(":", 2) for line in Path("/proc/self/cgroup").read_text().splitlines()]
        for _, controllers, path in groups:
            if "memory" in controllers.split(","):
                yield from ((folder, False) for folder in _mounted("cgroup", path))
        for number, controllers, path in groups:
            if (number, controllers) == ("0", ""):
                for folder in _mounted("cgroup2", path):
                    yield from ((place, True) for place in (folder, folder.parent))


def _mounted(kind: str, path: str) -> Iterator[Path]:
    """Where the group `path` of the memory controller stands in the file system."""
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        mount, _, source = line.partition(" - ")
        _, _, _, root, place, *_ = mount.split()
        found, _, options = source.split()[:3]
        if found != kind or (kind == "cgroup" and "memory" not in options.split(",")):
            continue
        below = os.path.relpath(path, root)
        if not below.startswith(".."):
            yield Path(place, below)
