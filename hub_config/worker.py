"""`coursewright worker grade | generate`: take jobs from the queue until told to stop."""

from __future__ import annotations

import functools
import importlib
import logging
import os
import threading
from collections.abc import Callable
from typing import Any, cast

from traitlets import default

from coursewright.grader import kept
from coursewright.grader.limits import Limits
from coursewright.grader.options import GradingApp
from coursewright.records import database, logs, queue, schema, tracing
from coursewright.records.errors import Invalid
from coursewright.records.jobs import QUEUES

# An author's check must not wait until a model has written somebody's course.
AT_A_TIME = {"grade": 1, "generate": 2}
# What is done by the clock, beside the jobs that are asked for.
PERIODIC = {"statements": "* * * * *"}


def handlers(
    name: str, url: str, limits: Limits, stopping: threading.Event | None = None
) -> dict[str, Callable[..., Any]]:
    """The tasks of one queue. A worker loads only what its own tasks need.

    `stopping` is set when the worker is told to stop: no further call to a model is made then.
    """
    sessions = database.sessions(database.make_engine(url))
    if name == "grade":
        from coursewright.grader import bank_quizzes, regrade, worker

        return {
            "grade": functools.partial(worker.handle, sessions=sessions, limits=limits),
            "quiz": functools.partial(bank_quizzes.handle, sessions=sessions),
            "regrade": functools.partial(regrade.handle, sessions=sessions, limits=limits),
        }
    found = {
        "generate": _loading("coursewright.generator.worker", sessions=sessions, stopping=stopping),
        "check": _loading("coursewright.generator.checking", sessions=sessions),
    }
    if os.environ.get("COURSEWRIGHT_XAPI_ENDPOINT"):
        from coursewright.services import lrs

        # Raises Invalid for settings that cannot work, before any job is taken.
        store = lrs.Store.of()
        if store is not None:
            found["statements"] = functools.partial(lrs.handle, sessions, store)
    return found


def _loading(module: str, **given: Any) -> Callable[..., Any]:
    """The module's `handle`, loaded with the first job: most sites seldom make a course."""

    def handle(**arguments: Any) -> Any:
        return importlib.import_module(module).handle(**arguments, **given)

    return handle


class WorkerApp(GradingApp):
    """Take jobs from the queue until SIGTERM; a running job is finished first."""

    name = "coursewright worker"
    description = __doc__ or ""
    examples = """
        coursewright worker grade       # marks submissions
        coursewright worker generate    # makes courses
        coursewright worker grade --config limits.py
    """

    @default("log_level")
    def _log_level(self) -> int:
        return logging.INFO

    def start(self) -> None:
        super().start()
        logs.configure(cast(int, self.log_level))
        if len(self.extra_args) != 1 or self.extra_args[0] not in QUEUES:
            raise Invalid(f"Say which queue to work off: {' or '.join(QUEUES)}.")
        # Without sandboxes a worker that cannot build its own takes no job, and what is handed in
        # waits in the queue.
        keeper = kept.place()
        if keeper is not None:
            kept.reach(keeper).close()
        url = database.database_url(os.environ)
        schema.check(url)
        name = self.extra_args[0]
        tracing.configure(f"coursewright-worker-{name}")
        stopping = threading.Event()
        found = handlers(name, url, self.limits(), stopping)
        periodic = {task: when for task, when in PERIODIC.items() if task in found}
        at_a_time = AT_A_TIME[name] + len(periodic)
        queue.run_worker(
            name, url, found, at_a_time=at_a_time, periodic=periodic, stopping=stopping
        )
        tracing.stop()
