"""A worker that does checks, for tests; it finds out quickly that another has died.

python checking.py <database url>
"""

from __future__ import annotations

import functools
import sys

from making import FAST

from coursewright.generator import checking
from coursewright.hub_config.worker import AT_A_TIME
from coursewright.records.database import make_engine, sessions
from coursewright.records.queue import run_worker


def main(url: str) -> None:
    handle = functools.partial(checking.handle, sessions=sessions(make_engine(url)), jobs=1)
    found = {"check": handle, "generate": lambda **_: sys.stdin.readline()}
    run_worker("generate", url, found, pace=FAST, at_a_time=AT_A_TIME["generate"])


if __name__ == "__main__":
    main(sys.argv[1])
