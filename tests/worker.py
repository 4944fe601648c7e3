"""A worker process for tests: each job says on stdout that it began, and waits for a line.

    python worker.py <database url> <pace as JSON>

The line says how the job goes on: `go` records a grading, `fail` raises.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from coursewright.records import submissions
from coursewright.records.database import make_engine, sessions
from coursewright.records.queue import Pace, run_worker


@dataclass(frozen=True)
class Graded:
    score: float = 1
    max_score: float = 1
    cells: tuple[()] = ()
    mode: str = "isolated"
    repairs: tuple[()] = ()
    seconds: float = 0
    outputs: Mapping[str, Any] = field(default_factory=dict)


def main(url: str, pace: str) -> None:
    logging.basicConfig(stream=sys.stdout, format="%(message)s", level=logging.INFO)
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)
    engine = make_engine(url)

    def grade(submission_id: int) -> None:
        sys.stdout.write(f"began {submission_id}\n")
        sys.stdout.flush()
        if sys.stdin.readline().strip() == "fail":
            raise RuntimeError("told to fail")
        with sessions(engine).begin() as session:
            stored = submissions.record_grading(session, submission_id, Graded(), b"<p>ok</p>")
        sys.stdout.write(f"stored {stored}\n")
        sys.stdout.flush()

    run_worker("grade", url, {"grade": grade}, pace=Pace(**json.loads(pace)))


if __name__ == "__main__":
    main(*sys.argv[1:])
