"""What a course wants of its students' servers."""

from __future__ import annotations

import pytest
import samples
from sqlalchemy import select
from sqlalchemy.orm import Session

from coursewright.records import courses, lifecycle, servers, settings
from coursewright.records.errors import Invalid, NotFound
from coursewright.records.servers import Server
from coursewright.records.tables import Event

IMAGE = "school.example/statistics:3"
WANTED = Server(IMAGE, 1.5, 2048, 30)


@pytest.fixture
def course(session: Session) -> str:
    courses.publish(session, samples.course(), "First", "ada")
    courses.enrol(session, "ada", "sums", "instructor")
    settings.change(session, "root", {"images": (IMAGE,)})
    return "sums"


def test_a_course_wants_the_usual_at_first(session: Session, course: str) -> None:
    assert servers.of(session, course) == Server()
    with pytest.raises(NotFound):
        servers.of(session, "nothing")


def test_what_it_wants_comes_back_and_is_audited(session: Session, course: str) -> None:
    servers.say(session, "ada", course, WANTED, request_id="request-1")
    servers.say(session, "ada", course, WANTED)  # nothing new: no event
    assert servers.of(session, course) == WANTED
    (event,) = session.scalars(select(Event).where(Event.name == "audit.course.server"))
    assert event.detail["cpu"] == {"from": None, "to": 1.5}
    assert event.request_id == "request-1"


def test_an_image_that_is_allowed_no_more_may_stay_but_not_come_back(
    session: Session, course: str
) -> None:
    servers.say(session, "ada", course, WANTED)
    settings.change(session, "root", {"images": ()})
    servers.say(session, "ada", course, Server(IMAGE, idle_minutes=60))
    servers.say(session, "ada", course, Server())
    with pytest.raises(Invalid, match="not one that administrators allow"):
        servers.say(session, "ada", course, WANTED)


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (Server("else.where/image"), "not one that administrators allow"),
        (Server(cpu=0.01), "between 0.1 and 2"),
        (Server(cpu=float("nan")), "between 0.1 and 2"),
        (Server(memory_mb=128), "between 256 and 4096"),
        (Server(memory_mb=10_000), "between 256 and 4096"),
        (Server(idle_minutes=1), "between 10 and 1440"),
    ],
)
def test_what_a_server_cannot_be(session: Session, course: str, wanted: Server, told: str) -> None:
    with pytest.raises(Invalid, match=told):
        servers.say(session, "ada", course, wanted)
    assert servers.of(session, course) == Server()


def test_a_person_has_the_courses_that_are_not_in_the_archive(
    session: Session, course: str
) -> None:
    servers.say(session, "ada", course, WANTED)
    (found,) = servers.of_person(session, "ada")
    assert (found.key, found.server) == (course, WANTED)
    assert servers.of_person(session, "grace") == []
    lifecycle.set_archived(session, "ada", course, True, "")
    assert servers.of_person(session, "ada") == []


def test_a_copy_has_the_servers_but_no_image_that_is_not_allowed(
    session: Session, course: str
) -> None:
    servers.say(session, "ada", course, WANTED)
    for key in ("one", "two"):
        courses.publish(session, samples.course(key), "First", "ada")
    servers.copy(session, "ada", course, "one")
    settings.change(session, "root", {"images": ()})
    servers.copy(session, "ada", course, "two")
    assert servers.of(session, "one") == WANTED
    assert servers.of(session, "two") == Server("", 1.5, 2048, 30)


@pytest.mark.parametrize("name", ["school.example/pod:1", "pod", "a/b@sha256:" + "0" * 64])
def test_an_image_may_be_named_as_registries_name_them(session: Session, name: str) -> None:
    assert settings.change(session, "root", {"images": (name,)}).images == (name,)


@pytest.mark.parametrize("name", ["", "UPPER/case", "a b", "http://x y", "-x"])
def test_and_not_otherwise(session: Session, name: str) -> None:
    with pytest.raises(Invalid, match="as a registry does"):
        settings.change(session, "root", {"images": (name,)})
