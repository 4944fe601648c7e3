"""Grading: nbgrader and Coursewright over the same course and submissions, in one run.

The course is the one that the script named by --course writes (it is called with a folder, then
with the folder and `subs`): eight autograded cells, one manual, thirty submissions. One of them
never ends; it is measured apart. nbgrader's autograde and generate_feedback are set against two
warm workers that take jobs from PostgreSQL and write scores and feedback back; ours is the median
of several rounds. The floor is what the same cells cost in a bare fork of a warm IPython.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import floor
from meter import Meter
from nbgrader.api import Gradebook
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses, database, schema, submissions
from coursewright.records.course import Course, Lesson, Module
from coursewright.records.gradebook import gradebook
from coursewright.records.postgres import EmbeddedPostgres
from coursewright.records.tables import Submission

COURSE = Path(__file__).parents[2] / "shared" / "bench" / "nbgrader_course.py"
ENDLESS = "s28"
CELL_SECONDS = 5
WORKERS = 2
WARM = 16  # submissions before any is counted: each worker settles the mode and warms up


@dataclass(frozen=True)
class Cost:
    """Seconds and megabytes of one side; scores by student."""

    cpu: float
    wall: float
    peak: float
    scores: dict[str, float]


# nbgrader calls alembic by its bare name.
ENVIRON = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


def run(directory: Path, *command: str | Path) -> None:
    subprocess.run(command, cwd=directory, env=ENVIRON, capture_output=True, check=True)


def nbgrader(directory: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "nbgrader", *arguments, f"--course-dir={directory}"]


def prepare(builder: Path, directory: Path) -> list[str]:
    """The course, released by nbgrader, and its submissions; gives the students' names."""
    run(directory, sys.executable, builder, directory)
    run(directory, *nbgrader(directory, "generate_assignment", "ps1"))
    run(directory, sys.executable, builder, directory, "subs")
    students = sorted(path.name for path in (directory / "submitted").iterdir())
    shutil.move(directory / "submitted" / ENDLESS, directory / ENDLESS)
    return [name for name in students if name != ENDLESS]


def peer(directory: Path) -> Cost:
    """nbgrader over all submissions, as an instructor runs it."""
    limit = f"--ExecutePreprocessor.timeout={CELL_SECONDS}"
    commands = [
        nbgrader(directory, "autograde", "ps1", limit),
        nbgrader(directory, "generate_feedback", "ps1"),
    ]
    with Meter("nbgrader") as meter:
        began = time.perf_counter()
        for command in commands:
            # It exits with 1 when a submission's tests fail to run, which some do here.
            metered = [*meter.prefix(), *command]
            subprocess.run(metered, check=False, capture_output=True, cwd=directory, env=ENVIRON)
        wall = time.perf_counter() - began
        cpu, peak = meter.cpu_seconds(), meter.peak_megabytes()
    with Gradebook(f"sqlite:///{directory / 'gradebook.db'}") as book:
        scores = {one.student.id: one.score for one in book.assignment_submissions("ps1")}
    return Cost(cpu, wall, peak, scores)


def course(directory: Path) -> Course:
    source = json.loads((directory / "source" / "ps1" / "ps1.ipynb").read_text())
    lesson = Lesson.from_notebook(source, key="ps1", title="Problem set 1")
    return Course("bench", "Benchmark", (Module("only", "Only", (lesson,)),))


@contextmanager
def platform(directory: Path, meter: Meter) -> Iterator[sessionmaker[Session]]:
    """PostgreSQL and the workers, counted by the meter from now on."""
    postgres = EmbeddedPostgres(directory / "postgres")
    url = postgres.start()
    schema.upgrade(url)
    engine = database.make_engine(url)
    for process in postgres_processes(directory):
        meter.add(process)
    environment = {**os.environ, "COURSEWRIGHT_DATABASE_URL": url}
    command = [sys.executable, "-m", "coursewright.hub_config.command", "worker", "grade"]
    workers = [
        subprocess.Popen([*meter.prefix(), *command], env=environment) for _ in range(WORKERS)
    ]
    try:
        yield database.sessions(engine)
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        for worker in workers:
            worker.wait(30)
        engine.dispose()
        postgres.stop()


def postgres_processes(directory: Path) -> list[int]:
    place = str((directory / "postgres" / "data").resolve())
    found = []
    for path in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if os.readlink(path) == place:
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def submit(make: sessionmaker[Session], student: str, file: Path, key: str) -> None:
    with make.begin() as session:
        courses.enrol(session, student, "bench")
        submissions.receive(session, student, "bench", "ps1", file.read_bytes(), key)


def wait(make: sessionmaker[Session]) -> None:
    """Until nothing waits for its score."""
    waiting = select(func.count()).where(Submission.state == "received")
    while True:
        with make() as session:
            if not session.scalar(waiting):
                return
        time.sleep(0.01)


def wait_for_workers(make: sessionmaker[Session]) -> None:
    """Until all have told the queue that they are there."""
    there = text("SELECT count(*) FROM procrastinate_workers")
    while True:
        with make() as session:
            if session.scalar(there) == WORKERS:
                return
        time.sleep(0.05)


def measure_floor(directory: Path, students: list[str]) -> float:
    """CPU milliseconds of a submission."""
    source = json.loads((directory / "source" / "ps1" / "ps1.ipynb").read_text())
    files = [directory / "submitted" / name / "ps1" / "ps1.ipynb" for name in students]
    found = [floor.cells(source, json.loads(file.read_text())) for file in files]
    return statistics.median(floor.measure(found, directory / "cells.json") for _ in range(3))


def ours(directory: Path, students: list[str], rounds: int) -> tuple[Cost, float]:
    """Our workers over the same submissions; also the wall seconds of the endless one."""
    files = {name: directory / "submitted" / name / "ps1" / "ps1.ipynb" for name in students}
    with Meter("ours") as meter, platform(directory, meter) as make:
        with make.begin() as session:
            courses.publish(session, course(directory), "", None)
        wait_for_workers(make)
        for number in range(WARM):
            submit(make, f"warm-{number}", files[students[0]], f"warm-up-{number}")
        wait(make)
        costs = []
        for number in range(rounds):
            before = meter.cpu_seconds()
            began = time.perf_counter()
            for name, file in files.items():
                submit(make, name, file, f"submission-{number}-of-{name}")
            wait(make)
            costs.append((meter.cpu_seconds() - before, time.perf_counter() - began))
        cpu, wall = (statistics.median(figures) for figures in zip(*costs, strict=True))
        peak = meter.peak_megabytes()
        began = time.perf_counter()
        submit(make, ENDLESS, directory / ENDLESS / "ps1" / "ps1.ipynb", "the-endless-one")
        wait(make)
        endless = time.perf_counter() - began
        with make() as session:
            rows = gradebook(session, "bench")
    scores = {row.person: row.points or 0.0 for row in rows if row.person in files}
    return Cost(cpu, wall, peak, scores), endless


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--course", type=Path, default=COURSE, help="writes the course")
    parser.add_argument("--rounds", type=int, default=3, help="of ours; nbgrader has one")
    arguments = parser.parse_args()
    builder = arguments.course.resolve()
    base = Path(tempfile.mkdtemp(prefix="cw-grading-", dir="/tmp"))
    base.chmod(0o711)
    try:
        students = prepare(builder, base)
        theirs = peer(base)
        mine, endless = ours(base, students, arguments.rounds)
        least = measure_floor(base, students)
    finally:
        shutil.rmtree(base, ignore_errors=True)
    count = len(students)
    differing = [name for name in students if theirs.scores.get(name) != mine.scores.get(name)]
    print(f"{count} submissions{'':12}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}   per submission")
    for name, cost in (("nbgrader", theirs), ("Coursewright", mine)):
        each = f"{cost.cpu / count * 1000:8.0f} ms CPU"
        print(f"{name:26}{cost.cpu:9.2f}{cost.wall:9.2f}{cost.peak:9.0f}   {each}")
    distance = mine.cpu / count * 1000 / least
    print(f"the floor, the same cells in a bare fork: {least:.1f} ms CPU; ours is {distance:.1f}x")
    print(f"differing scores: {', '.join(differing) or 'none'}")
    print(f"the endless one: {endless:.1f} s, with a limit of 10 s a cell")
    ratios = {"cpu": mine.cpu / theirs.cpu, "wall": mine.wall / theirs.wall}
    result = {
        "name": "grading",
        "ratios": {name: round(value, 4) for name, value in ratios.items()},
        "figures": {
            "submissions": count,
            "cpu_ms_each": round(mine.cpu / count * 1000, 1),
            "nbgrader_cpu_ms_each": round(theirs.cpu / count * 1000, 1),
            "floor_ms_each": round(least, 1),
            "distance": round(distance, 2),
            "differing_scores": len(differing),
            "endless_seconds": round(endless, 1),
        },
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
