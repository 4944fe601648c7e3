"""Programs that live and die with `coursewright up`."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

# The kernel ends a leashed program when the process that started it is gone, even by kill -9. One
# that is gone before the leash is on is noticed by its number, which comes first.
LEASH = ("setpriv", "--pdeathsig", "KILL", "--")
UNLESS_ORPHANED = ("sh", "-c", 'test "$PPID" = "$0" && exec "$@"')

# A program that ends at once is tried again after 1, 2, 4 … seconds, at most this long apart.
LONGEST_PAUSE = 30.0
# A program that ran this many seconds is taken to have started well.
STEADY = 30.0


def leash() -> tuple[str, ...]:
    """What stands before the words of a program that this process itself starts."""
    return (*LEASH, *UNLESS_ORPHANED, str(os.getpid()))


@dataclass
class Program:
    """One child process: what to run, and where its output goes."""

    name: str
    argv: Sequence[str]
    environ: Mapping[str, str]
    log: Path
    grace: float = 20.0
    process: asyncio.subprocess.Process | None = field(default=None, init=False)

    async def start(self) -> None:
        """Start it in a session of its own, so that the terminal's Ctrl-C reaches only us."""
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            self.process = await asyncio.create_subprocess_exec(
                *leash(),
                *self.argv,
                env=dict(self.environ),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                start_new_session=True,
            )
        finally:
            os.close(descriptor)

    async def ended(self) -> int:
        """Wait for the end; gives the exit status."""
        if self.process is None:
            raise RuntimeError(f"{self.name} was not started")
        return await self.process.wait()

    async def keep(self) -> None:
        """Run it for ever: start it again when it ends, more slowly when it ends at once."""
        loop = asyncio.get_running_loop()
        pause = 1.0
        while True:
            began = loop.time()
            await self.start()
            await self.ended()
            pause = 1.0 if loop.time() - began > STEADY else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause)

    async def stop(self) -> None:
        """Ask it to end, and end it when it does not within its grace (seconds)."""
        process = self.process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), self.grace)
        except TimeoutError:
            process.kill()
            await process.wait()

    def last_lines(self, count: int = 12) -> str:
        """The end of its log, for an error message."""
        try:
            text = self.log.read_text(errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-count:])
