"""Does memory grow? Many submissions through warm workers; what these and their sandboxes hold.

The course and the workers are grading.py's. Memory is proportional (PSS): what several processes
share is counted once. The ratio is what is held at the end to what was held after the first part.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil
from grading import COURSE, course, platform, prepare, submit, wait, wait_for_workers
from meter import Meter

from coursewright.records import courses

MEGABYTE = 1 << 20
PARTS = (0.1, 0.4, 0.7, 1.0)  # of the submissions, after which it is looked
AT_ONCE = 50  # in the queue


def held() -> float:
    """Megabytes of the workers and all below them."""
    total = 0
    for worker in psutil.Process().children():
        if "worker" not in " ".join(worker.cmdline()):
            continue
        for process in [worker, *worker.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                total += process.memory_full_info().pss
    return total / MEGABYTE


def run(directory: Path, students: Sequence[str], many: int) -> list[tuple[int, float]]:
    """Pairs of submissions graded so far and megabytes held."""
    files = [directory / "submitted" / name / "ps1" / "ps1.ipynb" for name in students]
    looks = [round(part * many) for part in PARTS]
    found = []
    with Meter("endurance") as meter, platform(directory, meter) as make:
        with make.begin() as session:
            courses.publish(session, course(directory), "", None)
        wait_for_workers(make)
        for number in range(1, many + 1):
            person = f"person-{number % 100}"
            submit(make, person, files[number % len(files)], f"submission-{number}")
            if number % AT_ONCE == 0 or number in looks:
                wait(make)
            if number in looks:
                found.append((number, held()))
                print(f"after {number:5} submissions {found[-1][1]:8.1f} MB", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--course", type=Path, default=COURSE, help="writes the course")
    parser.add_argument("--many", type=int, default=1000, help="submissions")
    arguments = parser.parse_args()
    base = Path(tempfile.mkdtemp(prefix="cw-endurance-", dir="/tmp"))
    base.chmod(0o711)
    began = time.perf_counter()
    try:
        students = prepare(arguments.course.resolve(), base)
        found = run(base, students, arguments.many)
    finally:
        shutil.rmtree(base, ignore_errors=True)
    result = {
        "name": "endurance",
        "ratios": {"memory": round(found[-1][1] / found[0][1], 4)},
        "figures": {
            "megabytes": {str(number): round(size, 1) for number, size in found},
            "seconds": round(time.perf_counter() - began, 1),
        },
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
