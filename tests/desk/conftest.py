"""One running platform and one browser for all tests at the desk, and people who sit at it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from browsing import Visitor
from desk_course import desk_course
from playwright.sync_api import Browser, expect
from running import Up, up
from sqlalchemy.orm import Session, sessionmaker
from without_jupyter import jp_asyncio_loop, jp_server_cleanup

from coursewright.records import courses, database
from coursewright.records.course import Course
from coursewright.records.postgres import EmbeddedPostgres

__all__ = ["jp_asyncio_loop", "jp_server_cleanup"]

numbers = count(1)
Sit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def platform() -> Iterator[Up]:
    """`coursewright up`, ready."""
    directory = Path(tempfile.mkdtemp(prefix="cw-up-", dir="/tmp"))
    directory.chmod(0o711)
    with up(directory / "data") as run:
        yield run
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def sessions(platform: Up) -> Iterator[sessionmaker[Session]]:
    """The platform's own database, to publish courses into and to look into."""
    server = EmbeddedPostgres(platform.data / "postgres")
    engine = database.make_engine(server.url("coursewright"))
    yield database.sessions(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def publish(sessions: sessionmaker[Session]) -> Callable[[Course], None]:
    """Publishes a course, or its next version."""

    def publish(course: Course) -> None:
        with sessions.begin() as session:
            courses.publish(session, course, "For the tests", None)

    return publish


@pytest.fixture
def course(publish: Callable[[Course], None]) -> Course:
    """A course that no other test has seen."""
    number = next(numbers)
    course = desk_course(f"desk-{number}", f"At the desk {number}")
    publish(course)
    return course


@pytest.fixture
def sit(browser: Browser, platform: Up, sessions: sessionmaker[Session]) -> Iterator[Sit]:
    """Seats somebody new in front of JupyterLab, with a role in a course when one is given."""
    seated: list[Visitor] = []

    def sit(course: Course | None = None, role: str = "student", **look: object) -> Visitor:
        name = f"{role}-{next(numbers)}"
        visitor = Visitor(browser, platform.url, name, **look)
        seated.append(visitor)
        visitor.sign_up()
        if course is not None:
            with sessions.begin() as session:
                courses.enrol(session, name, course.key, role)
        visitor.sign_in()
        visitor.open_lab()
        return visitor

    yield sit
    for visitor in seated:
        visitor.stop_server()
        visitor.page.context.close()


@pytest.fixture
def at_lesson(sit: Sit, course: Course) -> Visitor:
    """A student with the first lesson of the course open."""
    return open_lesson(sit(course), course)


def open_lesson(visitor: Visitor, course: Course, title: str = "Limits") -> Visitor:
    panel = visitor.page.get_by_role("region", name="Courses", exact=True)
    panel.get_by_role("button", name=f"Open {course.title}", exact=True).click()
    panel.get_by_role("button", name=title).first.click()
    expect(visitor.page.locator(".jp-NotebookPanel .jp-Cell").first).to_be_visible()
    return visitor
