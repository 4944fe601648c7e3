"""The course service in a process of its own, so that its time and memory can be told apart."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace

import psutil
from school import PREFIX, Running

from coursewright.records.database import make_engine


@dataclass(frozen=True)
class Service:
    port: int
    process: psutil.Process

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{PREFIX}"

    def cpu(self) -> float:
        """Seconds of a processor that it has taken so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def memory(self) -> float:
        """Megabytes."""
        return float(self.process.memory_info().rss) / 2**20


@contextmanager
def serving(address: str, hub: str) -> Iterator[Service]:
    """`address` of the database; `hub` is a URL."""
    command = [sys.executable, __file__, address, hub]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdin
        yield Service(int(process.stdout.readline()), psutil.Process(process.pid))
        process.stdin.close()


def serve(address: str, hub: str) -> None:
    """Until the standard input ends."""
    engine = make_engine(address)
    running = Running(SimpleNamespace(url=hub), engine)  # type: ignore[arg-type]
    sys.stdout.write(f"{running.port}\n")
    sys.stdout.flush()
    sys.stdin.read()
    running.stop()
    engine.dispose()


if __name__ == "__main__":
    serve(*sys.argv[1:])
