"""Older versions of a lesson, and what changed, over HTTP."""

from __future__ import annotations

import pytest
import samples
import school
from school import Client
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses

LESSON = "api/v1/courses/moving/lessons/adding"


@pytest.fixture(scope="module")
def moved(make: sessionmaker[Session]) -> None:
    """A course in its second version, with grace in it."""
    with make.begin() as session:
        school.publish(session, samples.course("moving"))
        first, *rest = samples.cells()
        second = samples.lesson(**samples.notebook([{**first, "source": "# Adding up"}, *rest]))
        courses.publish(session, samples.course("moving", second), "A better title", by="ada")
        courses.enrol(session, "grace", "moving")


def test_the_outline_tells_in_which_version_a_lesson_changed(client: Client, moved: None) -> None:
    (module,) = client.get("grace", "api/v1/courses/moving").json()["modules"]
    assert module["lessons"][0]["changed_in"] == 2


def test_a_lesson_is_given_as_it_was(client: Client, moved: None) -> None:
    for asked, number, source in (("", 2, "# Adding up"), ("?version=1", 1, "# Adding")):
        answer = client.get("grace", LESSON + asked).json()
        assert answer["version"] == number
        assert answer["notebook"]["metadata"]["coursewright"]["version"] == number
        assert answer["notebook"]["cells"][0]["source"] == source


def test_the_changes_are_told(client: Client, moved: None) -> None:
    assert client.get("grace", f"{LESSON}/changes?since=1").json() == {
        "from": 1,
        "to": 2,
        "messages": [{"version": 2, "message": "A better title"}],
        "cells": [{"id": "intro", "kind": "changed", "role": "text", "title": "Adding up"}],
    }


REFUSED = [
    ("?version=0", 400),
    ("?version=one", 400),
    ("?version=", 400),
    ("?version=99999999999999999999", 400),
    ("?version=3", 404),
    ("/changes", 400),
    ("/changes?since=-1", 400),
    ("/changes?since=3", 400),
]


@pytest.mark.parametrize(("rest", "status"), REFUSED)
def test_other_versions_are_refused(client: Client, moved: None, rest: str, status: int) -> None:
    answer = client.get("grace", LESSON + rest)
    assert answer.status_code == status
    assert answer.json()["detail"]
