"""Nothing is lost and nothing is doubled while the course service is killed and its network cut."""

from __future__ import annotations

import copy
import hashlib
import json
import signal
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests
from running import PATIENCE, Person, Up, service_of, up
from student import COURSE, Student, first_lesson

from coursewright.generator import library

ROUNDS = 9
KILLED, CUT = 2, 6


class Pod:
    """A student's own server, used as JupyterLab uses it."""

    def __init__(self, person: Person, lesson: str) -> None:
        self.url = person.start_server()
        self.headers = {"Authorization": f"token {person.token()}"}
        self.lesson = f"courses/{COURSE}/lessons/{lesson}"
        self.path = f"courses/{COURSE}/{lesson}.ipynb"

    def ask(self, method: str, path: str, body: Any = None) -> requests.Response:
        return requests.request(
            method, self.url + path, headers=self.headers, json=body, timeout=PATIENCE
        )

    def save(self, notebook: Any) -> None:
        body = {"type": "notebook", "format": "json", "content": notebook}
        assert self.ask("PUT", f"api/contents/{self.path}", body).ok

    def submit(self, key: str) -> requests.Response:
        return self.ask("POST", f"coursewright/api/{self.lesson}/submissions", {"key": key})

    def safety(self) -> Any:
        return self.ask("GET", "coursewright/api/safety").json()


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def harm(run: Up, round_: int) -> None:
    """Kill the service, later cut it off: then it neither answers nor refuses."""
    for process in service_of(run):
        if round_ == KILLED:
            process.kill()
        elif round_ == CUT:
            process.send_signal(signal.SIGSTOP)


def heal(run: Up) -> None:
    for process in service_of(run):
        if process.status() == psutil.STATUS_STOPPED:
            process.send_signal(signal.SIGCONT)


def sent(pod: Pod) -> bool:
    told = pod.safety()
    return not told["copies"]["waiting"] and all(one["receipt"] for one in told["submits"])


@pytest.mark.timeout(600)
def test_killing_the_service_loses_no_submit_and_no_copy_and_doubles_none(data: Path) -> None:
    lesson = first_lesson()
    found = library.load(COURSE).lesson(lesson)
    assert found is not None
    with up(data) as run:
        ada = Person(run, "ada").sign_up().sign_in()
        student = Student(ada)
        student.enrol()
        pod = Pod(ada, lesson)
        assert pod.ask("POST", f"coursewright/api/{pod.lesson}/open").ok
        path = f"api/contents/{pod.path}"
        notebook = pod.ask("GET", path).json()["content"]
        shas, queued = [], 0
        for round_ in range(ROUNDS):
            written = copy.deepcopy(notebook)
            written["cells"][0]["source"] = f"# Round {round_}"
            harm(run, round_)
            pod.save(written)
            home = data / "homes" / "ada" / pod.path
            shas.append(hashlib.sha256(home.read_bytes()).hexdigest())
            key = uuid.uuid4().hex
            answer = pod.submit(key)
            assert answer.status_code in {201, 202}, answer.text
            queued += answer.status_code == 202
            if round_ % 4 == 0:  # pressed twice
                assert pod.submit(key).status_code in {200, 202}
            if round_ == CUT - 1:
                until(lambda: sent(pod), "what waited while the service was killed")
            heal(run)
        assert queued > 1, "the service was not away twice"
        until(
            lambda: (
                not any(one["receipt"] is None for one in pod.safety()["submits"])
                and not pod.safety()["copies"]["waiting"]
            ),
            "what waits to be sent",
        )
        attempts = student.submissions(lesson)
        assert [one["attempt"] for one in attempts] == list(range(ROUNDS, 0, -1))
        told = student.get(f"courses/{COURSE}/lessons/{lesson}/copies")["copies"]
        assert told[0]["sha256"] == shas[-1]
        handed_in = [one["receipt"]["sha256"] for one in pod.safety()["submits"] if one["receipt"]]
        assert handed_in == [sha for sha in shas if sha in handed_in]
        student.graded(lesson, ROUNDS)
        kept = json.loads(home.read_bytes())
        assert "".join(kept["cells"][0]["source"]) == f"# Round {ROUNDS - 1}"
        assert [cell["id"] for cell in kept["cells"]] == [cell["id"] for cell in notebook["cells"]]
