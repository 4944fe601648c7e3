"""A thousand hand-ins in a minute, by a hundred people, while a worker is killed every 5 seconds.

It runs `coursewright up` and two more workers; tests/acceptance/test_storm.py is a smaller one.
It ends with status 1 when a hand-in has no score, or two, or another's. There is no peer: figures
are of this machine, and only the counts are to be relied on.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from running import up
from storming import Storm, Weather


def percentile(values: list[float], share: int) -> float:
    return statistics.quantiles(values, n=100)[share - 1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--each", type=int, default=10, help="hand-ins of each client")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--every", type=float, default=5.0, help="seconds between two kills")
    weather = Weather(**vars(parser.parse_args()))
    base = Path(tempfile.mkdtemp(prefix="cw-storm-", dir="/tmp"))
    base.chmod(0o711)
    try:
        with up(base / "data") as run:
            storm = Storm(run, weather)
            storm.prepare(base / "course")
            began = time.perf_counter()
            asyncio.run(storm.blow())
            wall = time.perf_counter() - began
            rows = storm.gradings()
    finally:
        shutil.rmtree(base, ignore_errors=True)
    gradings = Counter(row.submission for row in rows if row.points is not None)
    points = {row.submission: row.points for row in rows if row.error is None}
    right = [one for one in storm.sent if [points.get(n) for n in set(one.receipts)] == [one.worth]]
    submits = [one.seconds for one in storm.sent]
    waits = [float(row.waited) for row in rows if row.waited is not None]
    figures = {
        "submits": len(storm.sent),
        "with_one_right_score": len([one for one in right if gradings[one.receipts[0]] == 1]),
        "kept": len({row.submission for row in rows}),
        "killed_workers": storm.killed,
        "retries": storm.retries,
        "submit_ms_p50": round(percentile(submits, 50) * 1000, 1),
        "submit_ms_p95": round(percentile(submits, 95) * 1000, 1),
        "score_seconds_p50": round(percentile(waits, 50), 2),
        "score_seconds_p95": round(percentile(waits, 95), 2),
        "seconds": round(wall, 1),
    }
    for name, value in figures.items():
        print(f"{name:24}{value}")
    print(json.dumps({"name": "storm", "ratios": {}, "figures": figures}))
    return 0 if figures["submits"] == figures["with_one_right_score"] == figures["kept"] else 1


if __name__ == "__main__":
    sys.exit(main())
