"""How much a submission may use before it is stopped."""

from __future__ import annotations

from dataclasses import dataclass

from traitlets import Float, Integer
from traitlets.config import Configurable


@dataclass(frozen=True)
class Limits:
    """Seconds are of wall time, sizes in bytes.

    `memory` is what a whole sandbox may take, its files included, where control groups can be
    made; everywhere it is the address space that one process may have. `hash_seed` is the
    interpreters' PYTHONHASHSEED; Python draws one where there is none.
    """

    cell_seconds: float = 10.0
    total_seconds: float = 60.0
    memory: int = 1 << 30
    processes: int = 64
    open_files: int = 256
    output: int = 1 << 20
    file_size: int = 16 << 20
    disk: int = 64 << 20
    hash_seed: str | None = None


DEFAULT = Limits()
QUICK = Limits(
    cell_seconds=5.0,
    total_seconds=5.0,
    memory=50 << 20,
    processes=16,
    open_files=64,
    output=1 << 16,
    disk=16 << 20,
)


class GradingLimits(Configurable):
    """How much a submission may use; the same for every command that grades."""

    cell_seconds = Float(
        DEFAULT.cell_seconds, min=0.01, config=True, help="Wall time for one cell, in seconds."
    )
    total_seconds = Float(
        DEFAULT.total_seconds, min=0.01, config=True, help="Wall time for a submission, in seconds."
    )
    memory = Integer(
        DEFAULT.memory,
        min=64 << 20,
        config=True,
        help="Bytes of memory for a sandbox with its files, where control groups can be made;"
        " everywhere the address space of each process.",
    )
    processes = Integer(
        DEFAULT.processes, min=4, config=True, help="Processes and threads at once, in a sandbox."
    )
    open_files = Integer(
        DEFAULT.open_files, min=32, config=True, help="Open files at once, in each process."
    )
    output = Integer(
        DEFAULT.output, min=1024, config=True, help="Bytes of what a cell prints that are kept."
    )
    file_size = Integer(
        DEFAULT.file_size, min=1024, config=True, help="Bytes that one file may have."
    )
    disk = Integer(
        DEFAULT.disk, min=1 << 20, config=True, help="Bytes of all files in the temporary folder."
    )

    def limits(self) -> Limits:
        return Limits(**{name: getattr(self, name) for name in self.names()})

    @classmethod
    def names(cls) -> list[str]:
        """The limits that a person may set."""
        return list(cls.class_own_traits(config=True))
