"""An instructor makes a course from JupyterLab's server, without a browser: asked for, checked,
published; and a student finds it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from running import PATIENCE, Person, Up, set_administrator

from coursewright.generator import library

TAUGHT = next(iter(library.shipped()))
REQUEST = {
    "topic": "Values and arithmetic",
    "key": "first-sums",
    "title": "First sums",
    "modules": 1,
    "lessons": 1,
    "exercises": 1,
}


class Desk:
    """Somebody's own server, asked as the panel asks it; `api` is the course service itself."""

    def __init__(self, run: Up, person: Person, server: str = "") -> None:
        self.server = server
        self.service = f"{run.url}services/coursewright/api/v1/"
        self.headers = {"Authorization": f"token {person.token()}"}

    def ask(self, method: str, path: str, body: Any = None) -> requests.Response:
        return self.request(method, f"{self.server}coursewright/api/{path}", body)

    def api(self, method: str, path: str, body: Any = None) -> requests.Response:
        return self.request(method, self.service + path, body)

    def request(self, method: str, address: str, body: Any) -> requests.Response:
        return requests.request(method, address, json=body, headers=self.headers, timeout=60)

    def told(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.ask(method, path, body)
        assert answer.ok, answer.text
        return answer.json()

    def until(self, path: str, ended: Callable[[Any], bool]) -> Any:
        """Ask again and again, as the panel does."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            told = self.told("GET", path)
            if ended(told):
                return told
            time.sleep(0.5)
        raise TimeoutError(f"{path}: {told}")


@pytest.fixture(scope="module")
def lin(platform: Up) -> Desk:
    """An instructor of the course that ships, at a server of her own."""
    admin = Desk(platform, set_administrator(platform).sign_in())
    person = Person(platform, "lin").sign_up()
    # Before she signs in, for that starts her server, with the rights that she has by then.
    made = admin.api("PUT", f"courses/{TAUGHT}/members/lin", {"role": "instructor"})
    assert made.ok, made.text
    person.sign_in()
    return Desk(platform, person, person.start_server())


def ended(told: Any) -> bool:
    return told["state"] not in ("waiting", "running")


def test_a_course_is_asked_for_checked_published_and_found(platform: Up, lin: Desk) -> None:
    assert lin.told("GET", "author/options")["providers"][0]["ready"]
    wrong = lin.told("POST", "author/problems", {"request": {"topic": ""}, "provider": "bank"})
    assert [one["field"] for one in wrong["problems"]] == ["topic"]

    sent = {"request": REQUEST, "provider": "bank", "key": "a-request-of-lin"}
    number = lin.told("POST", "author/generations", sent)["id"]
    assert lin.told("POST", "author/generations", sent)["id"] == number
    made = lin.until(f"author/generations/{number}", ended)
    assert made["state"] == "done", made["message"]
    assert made["report"]["accepted"] == 1
    receipts = lin.told("GET", f"author/generations/{number}/receipts")["receipts"]
    assert all(gate["passed"] for place in receipts.values() for gate in place["gates"])

    opened = lin.told("POST", f"author/generations/{number}/open", {})
    assert opened["folder"] == "authoring/first-sums"
    check = lin.told("POST", "author/check", {"folder": opened["folder"]})["id"]
    found = lin.until(f"author/checks/{check}", ended)
    assert (found["state"], found["accepted"]) == ("done", True), found
    assert found["done"] == found["total"] > 1
    shown = lin.told("POST", "author/preview", {"path": opened["paths"][0]})["path"]
    preview = lin.request("GET", f"{lin.server}api/contents/{shown}", None).json()["content"]
    assert "BEGIN SOLUTION" not in str(preview)
    assert "NotImplementedError" in str(preview)

    body = {"folder": opened["folder"], "message": "The first version", "check": check}
    assert lin.told("POST", "author/publish", body) == {"version": 1, "created": True}
    (folder,) = lin.told("GET", "author/folders")["folders"]
    assert (folder["base_version"], folder["published_version"]) == (1, 1)

    kay = Desk(platform, Person(platform, "kay").sign_up().sign_in())
    assert kay.api("PUT", "courses/first-sums/enrolment", {}).json()["role"] == "student"
    outline = kay.api("GET", "courses/first-sums").json()
    assert (outline["title"], outline["version"]) == ("First sums", 1)
    assert [len(module["lessons"]) for module in outline["modules"]] == [1]
    for path in ("source", "versions"):
        assert kay.api("GET", f"courses/first-sums/{path}").status_code == 403


def test_a_student_s_server_is_told_why_it_may_not_author(platform: Up) -> None:
    person = Person(platform, "sam").sign_up().sign_in()
    sam = Desk(platform, person, person.start_server())
    for method, path in (("GET", "author/options"), ("GET", "author/generations")):
        answer = sam.ask(method, path)
        assert answer.status_code == 403
        assert "Only those who teach a course" in answer.json()["message"]
