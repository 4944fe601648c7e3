"""A keeper of the sandboxes for tests: the program itself, where that is possible as another user.

Root's tests run it as a user of its own, in the group of the tests; an ordinary user's as the same.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = os.geteuid() == 0
UID = 61_001 if ROOT else os.geteuid()
COMMAND = (sys.executable, "-m", "coursewright.hub_config.command", "sandboxes")


def as_user(uid: int, gid: int, argv: Sequence[str]) -> list[str]:
    other = str(Path(__file__).with_name("other_user.py"))
    become = ["unshare", "--mount", sys.executable, other, str(uid), str(gid)]
    return [*become, *argv] if ROOT else list(argv)


class Keeper:
    """The running program; its log's lines as they come."""

    def __init__(self, path: Path, process: subprocess.Popen[str]) -> None:
        self.path, self.process = path, process
        self.lines: list[str] = []
        self._told = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def wait_for(self, event: str, times: int = 1) -> None:
        def there() -> bool:
            return len(self.heard(event)) >= times

        with self._told:
            assert self._told.wait_for(lambda: there() or self.process.poll() is not None, 60)
        assert there(), self.lines

    def heard(self, event: str) -> list[str]:
        return [line for line in self.lines if f'"event": "{event}"' in line]

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._told:
                self.lines.append(line)
                self._told.notify_all()
        self.process.wait()
        with self._told:
            self._told.notify_all()


@contextmanager
def keeper(path: Path, *options: str) -> Iterator[Keeper]:
    argv = [*COMMAND, "--socket", str(path), "--log-level=DEBUG", *options]
    line = as_user(UID, os.getegid(), argv)
    with subprocess.Popen(line, stderr=subprocess.PIPE, text=True) as process:
        started = Keeper(path, process)
        try:
            started.wait_for("ready")
            yield started
        finally:
            started.end()


def descendants(pid: int) -> list[int]:
    """The processes below one, as /proc has them."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *descendants(child)]
    return found


def owner(pid: int) -> int:
    return Path(f"/proc/{pid}").stat().st_uid
