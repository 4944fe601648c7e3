"""`coursewright regrade COURSE`: grade again after a mended test, show the difference, apply it."""

from __future__ import annotations

import os
import time

from sqlalchemy.orm import Session, sessionmaker
from traitlets import Bool, Float, Unicode
from traitlets.config import Application

from coursewright.grader import regrade
from coursewright.records import database, differences, regrades, schema
from coursewright.records.differences import Difference
from coursewright.records.errors import Invalid


class RegradeApp(Application):
    """Grade again what was handed in, by the newest version; nothing counts before --apply."""

    name = "coursewright regrade"
    description = __doc__ or ""
    examples = """
        coursewright regrade sums                            # show what would change
        coursewright regrade sums --lesson adding --apply    # and let it count
        coursewright regrade sums --lesson adding --cell add-1 --person grace
        coursewright regrade sums --here                     # without workers, in this process

    It works in the database that COURSEWRIGHT_DATABASE_URL names.
    """
    lesson = Unicode("", config=True, help="Only this lesson.")
    person = Unicode("", config=True, help="Only this person.")
    cell = Unicode("", config=True, help="Only this cell (its grade_id); all others stay.")
    apply = Bool(False, config=True, help="Let it count; without it, it can be applied later.")
    here = Bool(False, config=True, help="Grade in this process and not by the workers.")
    pause = Float(1.0, config=True, help="Seconds between two looks at how far the workers are.")
    aliases = {
        "lesson": "RegradeApp.lesson",
        "person": "RegradeApp.person",
        "cell": "RegradeApp.cell",
    }
    flags = {
        "apply": ({"RegradeApp": {"apply": True}}, "Let it count."),
        "here": ({"RegradeApp": {"here": True}}, "Grade in this process and not by the workers."),
    }

    def start(self) -> None:
        super().start()
        if len(self.extra_args) != 1:
            raise Invalid("Say which course to grade again: coursewright regrade COURSE")
        url = database.database_url(os.environ)
        schema.check(url)
        engine = database.make_engine(url)
        try:
            self.regrade(database.sessions(engine), self.extra_args[0])
        finally:
            engine.dispose()

    def regrade(self, sessions: sessionmaker[Session], course: str) -> None:
        """Ask for it, wait until it is done, tell what came of it."""
        with sessions.begin() as session:
            number = regrades.request(
                session,
                course,
                None,
                lesson=self.lesson or None,
                person=self.person or None,
                grade_id=self.cell or None,
            )
        if self.here:
            regrade.handle_all(number, sessions)
        self.wait(sessions, course, number)
        self.tell(sessions, course, number)

    def wait(self, sessions: sessionmaker[Session], course: str, number: int) -> None:
        """Until the workers are through, telling how far they are."""
        told = -1
        while True:
            with sessions() as session:
                found = differences.summary(session, course, number)
            if found.done != told:
                self.log.warning("%d of %d graded again", found.done, found.total)
                told = found.done
            if found.state != "grading":
                return
            time.sleep(self.pause)

    def tell(self, sessions: sessionmaker[Session], course: str, number: int) -> None:
        """The difference, line by line; then apply it where that was asked for."""
        with sessions() as session:
            found = [item for item in differences.differences(session, number) if item.changed]
        for item in found:
            self.log.warning("%s", line(item))
        self.log.warning("%d submissions change", len(found))
        if self.apply:
            with sessions.begin() as session:
                done = regrade.apply(session, course, number, None)
            self.log.warning("Applied: %d submissions have a new grading", done)
        else:
            self.log.warning("Nothing counts yet: apply regrade %d on the course's page", number)


def line(item: Difference) -> str:
    """One submission's difference for a terminal."""
    about = f"{item.person} {item.lesson} attempt {item.attempt}"
    if item.error is not None:
        return f"{about}: {item.error}"
    before = "none" if item.points_before is None else f"{item.points_before:g}"
    cells = ", ".join(
        f"{cell.grade_id} {cell.status_before or 'new'} → {cell.status_after or 'gone'}"
        for cell in item.cells
    )
    return f"{about}: {before} → {item.points_after or 0:g} points ({cells})"
