"""CPU time and peak memory of a group of processes, whoever their parents are.

A control group counts what every process in it used, those included that are killed before anyone
waits for them, as a grader's sandboxes are. It needs root; both versions of the kernel's interface
are known.
"""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")


class Meter:
    """A control group; use it as a context, and put processes in by their pid."""

    def __init__(self, name: str) -> None:
        unified = (ROOT / "cgroup.controllers").exists()
        name = f"coursewright-{name}-{os.getpid()}"
        self.cpu = ROOT / ("" if unified else "cpuacct") / name
        self.memory = ROOT / ("" if unified else "memory") / name
        self.unified = unified

    def __enter__(self) -> Meter:
        for group in (self.cpu, self.memory):
            group.mkdir(exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        for group in {self.cpu, self.memory}:
            group.rmdir()

    def add(self, pid: int) -> None:
        """Count this process, and what it starts from now on."""
        for group in {self.cpu, self.memory}:
            (group / "cgroup.procs").write_text(str(pid))

    def prefix(self) -> list[str]:
        """Put this before a command, to count it and all that it starts."""
        files = [str(group / "cgroup.procs") for group in {self.cpu, self.memory}]
        joins = " && ".join(f"echo $$ > {file}" for file in files)
        return ["sh", "-c", f'{joins} && exec "$@"', "sh"]

    def cpu_seconds(self) -> float:
        if self.unified:
            lines = (self.cpu / "cpu.stat").read_text().split()
            return int(lines[lines.index("usage_usec") + 1]) / 1e6
        return int((self.cpu / "cpuacct.usage").read_text()) / 1e9

    def peak_megabytes(self) -> float:
        file = "memory.peak" if self.unified else "memory.max_usage_in_bytes"
        return int((self.memory / file).read_text()) / 1e6
