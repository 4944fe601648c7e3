"""What a worker orders of the keeper of the sandboxes: a program, its confinement, descriptors.

Both speak over one connection for each sandbox (unix, SOCK_SEQPACKET):

    worker   one byte; with it the order, standard input, output, error, and the numbered ones
    keeper   {"started": true}, or {"refused": why}
    keeper   {"status": …, "ooms": …} when every process of the sandbox is dead

The sandbox is killed when the worker closes its side. An order is JSON in a descriptor of its own:
it may be long.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from coursewright.grader.binds import Bind
from coursewright.grader.confinement import Confinement, Rlimits
from coursewright.records.errors import Invalid

LARGEST = 8 << 20  # bytes of an order; a snippet's source is the longest part of one
DESCRIPTORS = 16  # handed over at once, the order itself included
ANSWER = 4096  # bytes of the keeper's longest word


@dataclass(frozen=True)
class Order:
    """`numbers` are those by which `argv` speaks of the descriptors after standard error."""

    argv: tuple[str, ...]
    confinement: Confinement
    numbers: tuple[int, ...] = ()

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def read(cls, descriptor: int) -> Order:
        """Raises Invalid."""
        try:
            if os.fstat(descriptor).st_size > LARGEST:
                raise ValueError("it is too long")
            told = json.loads(os.pread(descriptor, LARGEST, 0))
            confined = told["confinement"]
            system = confined["system"]
            confined |= {
                "binds": _binds(confined["binds"]),
                "limits": Rlimits(**confined["limits"]),
                "system": None if system is None else _binds(system),
            }
            numbers = tuple(map(int, told["numbers"]))
            return cls(tuple(map(str, told["argv"])), Confinement(**confined), numbers)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise Invalid(f"The order cannot be read: {error}") from None


def _binds(told: Iterable[Mapping[str, Any]]) -> tuple[Bind, ...]:
    return tuple(Bind(**bind) for bind in told)
