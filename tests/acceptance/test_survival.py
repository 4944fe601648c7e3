"""What is left when `coursewright up` is killed, and what the next run makes of it."""

from __future__ import annotations

import contextlib
import os
import signal
import time
import uuid
from pathlib import Path

import psutil
from running import PATIENCE, Person, up
from student import Student, first_lesson, solved


def gone(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still live after a while; zombies wait for the system's first process."""
    _, alive = psutil.wait_procs(processes, timeout=20)
    living = []
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.status() != psutil.STATUS_ZOMBIE:
                living.append(process)
    return living


def test_kill_9_loses_no_submission_and_leaves_no_process(data: Path) -> None:
    lesson = first_lesson()
    notebook = solved(lesson)
    keys = [uuid.uuid4().hex for _ in range(12)]
    with up(data) as run:
        ada = Student(Person(run, "ada").sign_up().sign_in())
        ada.enrol()
        receipts = [ada.submit(lesson, notebook, key) for key in keys]
        assert {receipt.status_code for receipt in receipts} == {201}
        family = run.family()
        assert len(family) > 6
        run.kill()
        assert gone(family) == []

    with up(data) as run:
        ada = Student(Person(run, "ada").sign_in())
        again = [ada.submit(lesson, notebook, key) for key in keys]
        assert {receipt.status_code for receipt in again} == {200}
        assert [r.json()["id"] for r in again] == [r.json()["id"] for r in receipts]
        found = ada.graded(lesson, len(keys))
        assert sorted(one["id"] for one in found) == sorted(r.json()["id"] for r in receipts)
        assert all(one["points"] == one["max_points"] > 0 for one in found)
        family = run.family()
        assert run.interrupt() == 0
        assert gone(family) == []


def test_while_the_database_is_killed_a_submit_is_kept_or_refused_whole(data: Path) -> None:
    lesson = first_lesson()
    notebook = solved(lesson)
    with up(data) as run:
        ada = Student(Person(run, "ada").sign_up().sign_in())
        ada.enrol()
        postmaster = next(process for process in run.family() if process.name() == "postgres")
        os.kill(postmaster.pid, signal.SIGKILL)
        accepted = refused = 0
        deadline = time.monotonic() + PATIENCE
        while accepted < 5 and time.monotonic() < deadline:
            answer = ada.submit(lesson, notebook, uuid.uuid4().hex)
            if answer.status_code == 503:
                assert answer.headers["Retry-After"]
                refused += 1
                continue
            assert answer.status_code == 201, answer.text
            accepted += 1
        assert (accepted, refused > 0) == (5, True)
        assert len(ada.graded(lesson, accepted)) == accepted
