"""A worker of the queue `generate` for tests, which finds out quickly that another has died.

    python making.py <database url>

It makes one call at a time: what is on its way at the moment of its death cannot be known.
"""

from __future__ import annotations

import functools
import sys
import threading

from coursewright.generator import worker
from coursewright.records.database import make_engine, sessions
from coursewright.records.queue import Pace, run_worker

FAST = Pace(heartbeat=0.2, dead=1.5, sweep=0.2, poll=0.2, backoff=0, patience=30, reconnect=0.1)


def main(url: str) -> None:
    stopping = threading.Event()
    handle = functools.partial(
        worker.handle,
        sessions=sessions(make_engine(url)),
        look=0.05,
        concurrent=1,
        stopping=stopping,
    )
    run_worker("generate", url, {"generate": handle}, pace=FAST, stopping=stopping)


if __name__ == "__main__":
    main(sys.argv[1])
