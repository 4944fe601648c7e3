"""Copies of saved notebooks: each person's own, once for the same bytes, thinned as they age."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import samples
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from coursewright.records import blobs, copies, courses
from coursewright.records.errors import Invalid, NotFound, TooLarge
from coursewright.records.tables import Copy

PATH = "courses/sums/adding.ipynb"


@pytest.fixture
def school(session: Session) -> Session:
    courses.publish(session, samples.course(), "First", by=None)
    for name in ("grace", "alan"):
        courses.enrol(session, name, "sums")
    courses.person(session, "kay")
    return session


def notebook(number: int, size: int = 0) -> bytes:
    return json.dumps({**samples.notebook(), "n": number, "x": "y" * size}).encode()


def keep(
    session: Session, content: bytes, who: str = "grace", path: str = PATH, lesson: str = "adding"
) -> copies.Kept:
    sha = blobs.sha256(content)
    return copies.keep(session, who, "sums", lesson, content, path=path, sha256=sha)


def has(session: Session, content: bytes, who: str = "grace", path: str = PATH) -> bool:
    sha = blobs.sha256(content)
    return copies.has(session, who, "sums", "adding", path=path, sha256=sha) is not None


def numbers(session: Session) -> list[int]:
    """What the lesson's copies hold, newest first."""
    found = copies.of_lesson(session, "grace", "sums", "adding")
    contents = [copies.content(session, "grace", "sums", "adding", one.sha256) for one in found]
    return [json.loads(content)["n"] for content in contents]


def age(session: Session, by: Callable[[int], timedelta]) -> None:
    """Make the copies older: the newest first, counted from 0."""
    for place, row in enumerate(
        session.scalars(select(Copy).order_by(Copy.saved_at.desc(), Copy.id.desc())).all()
    ):
        moment = datetime(2026, 11, 21, 12, tzinfo=UTC) - by(place)
        session.execute(update(Copy).where(Copy.id == row.id).values(saved_at=moment))


def test_a_copy_comes_back_byte_by_byte(school: Session) -> None:
    kept = keep(school, notebook(1))
    assert (kept.path, kept.lesson, kept.size) == (PATH, "adding", len(notebook(1)))
    assert copies.content(school, "grace", "sums", "adding", kept.sha256) == notebook(1)


def test_the_same_bytes_are_kept_once_and_are_the_newest_again(school: Session) -> None:
    for number in (1, 2, 1):
        keep(school, notebook(number))
    assert numbers(school) == [1, 2]
    assert has(school, notebook(2))
    assert numbers(school) == [2, 1]


def test_bytes_that_somebody_else_brought_do_not_count_as_kept(school: Session) -> None:
    kept = keep(school, notebook(1))
    assert not has(school, notebook(1), "alan")
    with pytest.raises(NotFound):
        copies.content(school, "alan", "sums", "adding", kept.sha256)
    assert copies.of_lesson(school, "alan", "sums", "adding") == []
    assert copies.newest(school, "alan", "sums") == []


def test_who_does_not_belong_to_the_course_has_no_copies_of_it(school: Session) -> None:
    for who in ("kay", "nobody"):
        with pytest.raises(NotFound):
            keep(school, notebook(1), who)
        with pytest.raises(NotFound):
            copies.newest(school, who, "sums")


@pytest.mark.parametrize("content", [b"", b"PK\x03", b"[]", b'{"a": 1}', b"[" * 10**5])
def test_what_is_no_notebook_is_refused(school: Session, content: bytes) -> None:
    with pytest.raises(Invalid):
        keep(school, content)


def test_what_could_not_be_graded_is_kept_all_the_same(school: Session) -> None:
    keep(school, json.dumps({**samples.notebook([]), "n": 1, "nul": "\0"}).encode())
    assert numbers(school) == [1]


def test_bytes_that_changed_on_the_way_are_refused(school: Session) -> None:
    with pytest.raises(Invalid, match="did not arrive"):
        copies.keep(school, "grace", "sums", "adding", notebook(1), path=PATH, sha256="0" * 64)


def test_a_notebook_over_the_limit_is_refused(school: Session) -> None:
    sha = blobs.sha256(notebook(1))
    with pytest.raises(TooLarge):
        copies.keep(school, "grace", "sums", "adding", notebook(1), path=PATH, sha256=sha, limit=10)


def test_of_one_day_the_newest_twenty_stay_and_the_last_before_them(school: Session) -> None:
    for number in range(copies.NEWEST + 5):
        keep(school, notebook(number))
    last = copies.NEWEST + 4
    assert numbers(school) == list(range(last, last - copies.NEWEST - 1, -1))


def test_of_older_days_the_last_copy_stays(school: Session) -> None:
    moment = datetime(2026, 11, 21, 12, tzinfo=UTC)
    half_days = [(n, PATH, moment - timedelta(hours=12 * n)) for n in range(100)]
    gone = copies.superfluous(half_days)
    kept = [n for n in range(100) if n not in gone]
    assert kept[: copies.NEWEST] == list(range(copies.NEWEST))
    older = kept[copies.NEWEST :]
    days = [(moment - timedelta(hours=12 * n)).date() for n in older]
    assert len(set(days)) == len(days) == copies.DAYS


def test_a_duplicate_has_copies_of_its_own(school: Session) -> None:
    keep(school, notebook(1))
    keep(school, notebook(2), path="courses/sums/adding-Copy1.ipynb")
    found = copies.newest(school, "grace", "sums")
    assert [one.path for one in found] == ["courses/sums/adding-Copy1.ipynb", PATH]
    moment = datetime(2026, 11, 21, 12, tzinfo=UTC)
    many = [(n, f"{n}.ipynb", moment) for n in range(copies.FILES + 3)]
    assert copies.superfluous(many) == [50, 51, 52]


def test_a_person_s_oldest_copies_make_room(
    school: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "PERSON", 20_000)
    for number in range(4):
        keep(school, notebook(number, 4000))
    keep(school, notebook(9, 4000), path="other.ipynb")
    assert numbers(school) == [9, 3, 2]
    with pytest.raises(TooLarge, match="Clear large outputs"):
        keep(school, notebook(5, 20_000), path="third.ipynb")


def test_the_newest_of_every_notebook_is_told(school: Session) -> None:
    for number in (1, 2):
        keep(school, notebook(number))
    age(school, lambda place: timedelta(minutes=place))
    (found,) = copies.newest(school, "grace", "sums")
    assert found.sha256 == blobs.sha256(notebook(2))
