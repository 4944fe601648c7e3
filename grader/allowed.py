"""What the keeper of the sandboxes is given, and what it takes of a worker: no more than is needed.

So who holds a worker's end of the socket gains no place to write and no network by it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache

from coursewright.grader.binds import inside, python_binds, standard_library_binds, system_binds
from coursewright.grader.kernelspecs import OPTIONAL
from coursewright.grader.nursery import INSIDE
from coursewright.grader.orders import Order
from coursewright.records.errors import Denied
from coursewright.records.logs import OWN

LOWEST_UID = 200_000  # from here up no user of the image has a number
HIGHEST = 1000  # of a descriptor's number; more are seldom allowed


def secrets_of(environ: Mapping[str, str]) -> list[str]:
    """The names of the variables that the keeper must not be given."""
    return sorted(
        name
        for name in environ
        if OWN.search(name)
        or name.endswith("DATABASE_URL")
        or name.startswith("COURSEWRIGHT_LLM_")
        or name == "PGPASSWORD"
    )


def check(order: Order) -> None:
    """Raises Denied for what grading never needs."""
    confined = order.confinement
    if not order.argv:
        raise Denied("there is no program")
    if any(not 2 < number < HIGHEST for number in order.numbers):
        raise Denied("a descriptor's number is out of range")
    if confined.share_network or not confined.die_with_parent:
        raise Denied("a sandbox of the keeper has no network, and ends with it")
    if confined.uid < LOWEST_UID:
        raise Denied(f"the user {confined.uid} may be one of this system's")
    for bind in (*confined.binds, *(confined.system or ())):
        if bind.kind == "writable":
            raise Denied(f"{bind.target} would be writable")
        if bind.kind == "read-only" and not inside(os.path.normpath(bind.source), shown()):
            raise Denied(f"{bind.source} is shown to no sandbox")


@cache
def shown() -> tuple[str, ...]:
    """The system, this Python, the files of ours that run inside, and where other kernels lie."""
    python = python_binds(rooms=(), modules=(*INSIDE, "grader.foreign_driver"))
    binds = (*system_binds(), *standard_library_binds(), *python)
    return (*(bind.source for bind in binds if bind.kind == "read-only"), OPTIONAL)
