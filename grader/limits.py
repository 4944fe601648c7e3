"""How much a submission may use before it is stopped."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Seconds are of wall time, sizes in bytes. `memory` is address space, per process."""

    cell_seconds: float = 10.0
    total_seconds: float = 60.0
    memory: int = 1 << 30
    processes: int = 64
    open_files: int = 256
    output: int = 1 << 20
    file_size: int = 16 << 20
    disk: int = 64 << 20


DEFAULT = Limits()
