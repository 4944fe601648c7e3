"""What somebody has learned, over HTTP and on their page."""

from __future__ import annotations

import re

from school import Client
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from coursewright.records import courses
from coursewright.records.tables import CourseRow, Mastery


def learned(make: sessionmaker[Session], name: str, **scores: float) -> None:
    with make.begin() as session:
        someone = courses.person(session, name)
        courses.enrol(session, name, "other")
        course = session.scalars(select(CourseRow.id).where(CourseRow.key == "other")).one()
        for concept, score in scores.items():
            evidence = {"exercise": score, "quiz": None, "quality": None, "consistency": None}
            session.add(
                Mastery(
                    person_id=someone.id,
                    course_id=course,
                    concept=concept,
                    score=score,
                    evidence=evidence,
                )
            )


def test_concepts_are_told_with_their_level_and_what_speaks_for_it(
    client: Client, make: sessionmaker[Session]
) -> None:
    learned(make, "mia", loops=40.5, Functions=92)
    found = client.get("mia", "api/v1/courses/other/mastery").json()["concepts"]
    told = [(one["concept"], one["score"], one["level"], one["colour"]) for one in found]
    assert told == [("Functions", 92, "Mastered", "blue"), ("loops", 40.5, "Beginner", "red")]
    assert found[0]["evidence"]["exercise"] == 92
    assert found[0]["evidence"]["quiz"] is None


def test_the_page_says_it_in_words_and_figures(client: Client, make: sessionmaker[Session]) -> None:
    learned(make, "noa", loops=70.9)
    page = re.sub(r"<[^>]+>|\s+", " ", client.get("noa", "").text)
    assert re.search(r"What you have learned\s+loops\s+Learning\s+70 of 100", page)


def test_nobody_sees_what_others_have_learned(client: Client, make: sessionmaker[Session]) -> None:
    learned(make, "lou", secrets=50)
    assert client.get("alan", "api/v1/courses/other/mastery").json() == {"concepts": []}
    assert client.get("grace", "api/v1/courses/other/mastery").status_code == 404
