"""`coursewright publish DIR`: a folder of source notebooks becomes a version of a course."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy.orm import Session, sessionmaker
from traitlets import Unicode
from traitlets.config import Application

from coursewright.generator import library
from coursewright.records import courses, database, notebooks, schema
from coursewright.records.errors import Invalid


def publish_shipped(sessions: sessionmaker[Session]) -> list[str]:
    """Publish every course that ships and is not there yet; gives a sentence for each new one.

    A course that this site has already is left alone: its instructors own it from then on.
    """
    told = []
    for key in library.shipped():
        with sessions.begin() as session:
            if courses.exists(session, key):
                continue
            course = library.load(key)
            courses.publish(session, course, "Comes with Coursewright", None)
            told.append(f"{course.title} is published")
    return told


class PublishApp(Application):
    """Publish a course from its folder: course.json and one notebook a lesson."""

    name = "coursewright publish"
    description = __doc__ or ""
    examples = """
        coursewright publish my-course/ --message "Week 3 is clearer"

    It goes to the database that COURSEWRIGHT_DATABASE_URL names.
    """
    message = Unicode("", config=True, help="What changed, for those who read the versions.")
    aliases = {"message": "PublishApp.message"}

    def start(self) -> None:
        super().start()
        if len(self.extra_args) != 1:
            raise Invalid("Say which folder to publish: coursewright publish DIR")
        url = database.database_url(os.environ)
        schema.check(url)
        course = notebooks.read_course(Path(self.extra_args[0]))
        with database.sessions(database.make_engine(url)).begin() as session:
            version = courses.publish(session, course, self.message, None)
        state = "published" if version.created else "unchanged"
        self.log.warning("%s: version %d, %s", course.title, version.number, state)
