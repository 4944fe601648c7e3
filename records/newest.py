"""Conditions on what has a newest one: gradings of a submission, versions of a course.

Made once: an alias of a table takes longer to make than the query that it stands in takes to run.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, select

from coursewright.records.tables import CourseVersion, Grading

_gradings = Grading.__table__.alias()
_versions = CourseVersion.__table__.alias()

IS_NEWEST_GRADING: ColumnElement[bool] = (
    Grading.number
    == select(func.max(_gradings.c.number))
    .where(_gradings.c.submission_id == Grading.submission_id)
    .scalar_subquery()
)
IS_NEWEST_VERSION: ColumnElement[bool] = (
    CourseVersion.number
    == select(func.max(_versions.c.number))
    .where(_versions.c.course_id == CourseVersion.course_id)
    .scalar_subquery()
)
