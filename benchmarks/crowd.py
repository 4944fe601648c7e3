"""A large school in a database, written with SQL: courses, people, hand-ins, a million events.

Rows are derived from their numbers, so that each run measures the same school.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from coursewright.records import blobs, courses
from coursewright.records.course import Course, Lesson, Module

COURSES = 200
PEOPLE = 10_000
EVENTS = 1_000_000
CLASS = 250  # students of the course that is looked at
LESSONS = 10
WATCHED = "crowd-0"
TEACHER = "teacher"  # of the first TAUGHT courses
TAUGHT = 4

# Everybody is in three courses; the first CLASS people are in the watched one besides.
SEATS = """
INSERT INTO enrolments (person_id, course_id, role, created_at)
SELECT DISTINCT p.id, c.id, 'student', now() - interval '90 days'
FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM people WHERE name LIKE 'p%') p
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM courses) c
  ON c.n IN (1 + p.n % :others, 1 + (p.n * 7 + 1) % :others, 1 + (p.n * 13 + 2) % :others)
  OR (c.n = 0 AND p.n < :class)
ON CONFLICT DO NOTHING
"""
# Two thirds of the lessons are handed in, each third of those twice.
HAND_INS = """
INSERT INTO submissions (person_id, course_id, version_id, lesson, attempt, notebook_sha,
                         idempotency_key, state, received_at)
SELECT e.person_id, e.course_id, v.id, 'lesson-' || l, a, v.student_sha,
       'crowd-' || e.id || '-' || l || '-' || a, 'graded',
       now() - make_interval(days => ((e.id + l) % 80)::int)
FROM enrolments e
JOIN course_versions v ON v.course_id = e.course_id
CROSS JOIN generate_series(0, :lessons - 1) l
CROSS JOIN generate_series(1, 2) a
WHERE e.role = 'student' AND (e.person_id + l) % 3 > 0
  AND (a = 1 OR (e.person_id * 31 + l) % 3 = 0)
  AND (l < 3 OR e.course_id = :watched)
"""
GRADINGS = """
INSERT INTO gradings (submission_id, number, mode, points, max_points, seconds, graded_at)
SELECT id, 1, 'isolated', (id * 7) % 11, 10, 0.1, received_at + interval '1 second'
FROM submissions
"""
SCORES = """
INSERT INTO scores (grading_id, position, grade_id, exercise, points, max_points, status,
                    message, promises)
SELECT g.id, k, 'cell-' || k, 'cell-' || k, (g.id + k) % 6, 5,
       CASE WHEN (g.id + k) % 6 = 5 THEN 'passed' ELSE 'partial' END, '', '{}'
FROM gradings g CROSS JOIN generate_series(0, 1) k
"""
FEEDBACK = "INSERT INTO feedback (grading_id, html_sha) SELECT id, :page FROM gradings"
MASTERY = """
INSERT INTO mastery (person_id, course_id, concept, score, evidence, updated_at)
SELECT person_id, course_id, 'concept ' || k, (person_id * 17 + k * 29) % 101, '{}', now()
FROM enrolments CROSS JOIN generate_series(1, 3) k WHERE role = 'student'
"""
PRESENCE = """
INSERT INTO presence (course_id, person_id, lesson, exercise, seen_at, minute)
SELECT course_id, person_id, 'lesson-' || person_id % :lessons, NULL,
       now() - make_interval(mins => (person_id % 600)::int), now()
FROM enrolments WHERE role = 'student'
"""
EFFORTS = """
INSERT INTO efforts (course_id, person_id, lesson, exercise, checks, hints, passed, total,
                     first_at, last_at)
SELECT course_id, person_id, 'lesson-' || k, 'cell-0', 3, 1, 1, 2,
       now() - interval '40 minutes', now() - interval '2 minutes'
FROM enrolments CROSS JOIN generate_series(0, 2) k WHERE course_id = :watched AND role = 'student'
"""
HAPPENINGS = """
INSERT INTO events (at, person_id, name, object, detail)
SELECT now() - make_interval(secs => ((:events - i) * 9.0)),
       e.person_id,
       (ARRAY['learning.here', 'code.checked', 'learning.submitted', 'exercise.hint',
              'quiz.answered', 'learning.opened', 'audit.viewed', 'code.run'])[1 + i % 8],
       c.key || '/lesson-' || i % :lessons,
       jsonb_build_object('exercise', 'cell-0', 'passed', i % 3, 'of', 2)
FROM generate_series(1, :events) i
JOIN (SELECT row_number() OVER (ORDER BY id) - 1 AS n, person_id, course_id
      FROM enrolments WHERE role = 'student') e ON e.n = i % :seats
JOIN courses c ON c.id = e.course_id
"""


def course(number: int) -> Course:
    """Ten lessons when it is the watched one, else three; two exercises each."""
    many = LESSONS if number == 0 else 3
    lessons = tuple(_lesson(place) for place in range(many))
    return Course(
        key=f"crowd-{number}",
        title=f"Course {number} of many",
        modules=(Module("all", "All lessons", lessons),),
        summary="What a course is about, in a sentence of some length that a card has to hold.",
    )


def fill(session: Session) -> None:
    """Write the school; takes a minute or two."""
    for number in range(COURSES):
        teacher = TEACHER if number < TAUGHT else f"teacher-{number % 40}"
        courses.publish(session, course(number), "To measure", teacher)
        courses.enrol(session, teacher, f"crowd-{number}", "instructor")
    session.flush()
    watched = session.scalar(text("SELECT id FROM courses WHERE key = :key"), {"key": WATCHED})
    _run(
        session,
        "INSERT INTO people (name, display_name, created_at) SELECT 'p' || lpad(i::text, 5, '0'), "
        "'Person ' || i, now() - interval '100 days' FROM generate_series(1, :people) i",
        people=PEOPLE,
    )
    _run(session, SEATS, others=COURSES - 1, **{"class": CLASS})
    _run(session, HAND_INS, lessons=LESSONS, watched=watched)
    for statement in (GRADINGS, SCORES, MASTERY):
        _run(session, statement)
    _run(session, FEEDBACK, page=blobs.put(session, b"<p>Well done, and here is why.</p>"))
    _run(session, PRESENCE, lessons=LESSONS)
    _run(session, EFFORTS, watched=watched)
    seats = session.scalar(text("SELECT count(*) FROM enrolments WHERE role = 'student'"))
    # Nobody listens yet, and a million notices would wait for nobody.
    _run(session, "ALTER TABLE events DISABLE TRIGGER events_told")
    _run(session, HAPPENINGS, events=EVENTS, lessons=LESSONS, seats=seats)
    _run(session, "ALTER TABLE events ENABLE TRIGGER events_told")


def _run(session: Session, statement: str, **values: object) -> None:
    session.execute(text(statement), values)


def _lesson(place: int) -> Lesson:
    cells = [_cell(f"text-{place}", f"# Lesson {place}", None)]
    for number in range(2):
        about = {
            "grade_id": f"cell-{number}",
            "schema_version": 3,
            "grade": True,
            "solution": True,
            "locked": False,
            "task": False,
            "points": 5,
        }
        cells.append(_cell(f"cell-{number}", "Say why.", about))
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    return Lesson.from_notebook(book, key=f"lesson-{place}", title=f"Lesson {place}", minutes=20)


def _cell(identity: str, source: str, nbgrader: dict[str, object] | None) -> dict[str, object]:
    metadata = {"nbgrader": nbgrader} if nbgrader else {}
    return {"id": identity, "cell_type": "markdown", "metadata": metadata, "source": source}
