"""A course once more, for a new term."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from coursewright.records import deadlines, terms
from coursewright.records.errors import Conflict, CoursewrightError, Denied, Invalid
from coursewright.records.facts import VISIBILITIES, day
from coursewright.records.terms import Term
from coursewright.services.authors import AuthorHandler, AuthorPage
from coursewright.services.guards import needs
from coursewright.services.problems import status_of
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import TEACH
from coursewright.services.settings import Overview, overview

DAYS = ("starts", "ends", "began")
FIELDS = ("key", "title", "term", *DAYS, "visibility", "dates")


class Terms(AuthorHandler):
    @documented({201: "CourseKey"}, takes="TermSent", conflicts=True)
    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """Copy a course to a new term: its newest version, rules and rubrics, and nobody else.

        Dates move by whole days, as far as the terms' starts are apart; `began` says when the
        copied term did where its facts do not. Without `dates` the rules come without them. The
        copy is hidden unless `visibility` says otherwise. 409 for a key that is taken.
        """
        wanted = term_of(self.sent())
        request = {"request_id": self.request_id}
        key = await self.ask(terms.copy, self.rights, course, wanted, **request)
        self.answer({"course": key}, 201)


class TermPage(AuthorPage):
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """The form for a copy."""
        await self.show_form(course)

    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """Copy the course, and go to the settings of the copy."""
        form = {name: self.get_body_argument(name, "").strip() for name in FIELDS}
        request = {"request_id": self.request_id}
        try:
            sent = {**form, "dates": form["dates"] == "shift"}
            wanted = term_of({name: item for name, item in sent.items() if item != ""})
            key = await self.ask(terms.copy, self.rights, course, wanted, **request)
        except (Invalid, Conflict, Denied) as error:
            self.set_status(status_of(error))
            await self.show_form(course, form, error)
            return
        self.redirect(f"{self.service.prefix}courses/{key}/settings?done=copied", status=303)

    async def show_form(
        self,
        course: str,
        form: Mapping[str, str] | None = None,
        wrong: CoursewrightError | None = None,
    ) -> None:
        found, dated = await self.ask(copied, course)
        empty = {**dict.fromkeys(FIELDS, ""), "visibility": "hidden", "dates": "shift"}
        empty["title"] = found.title
        self.show_course(
            "term.html",
            course,
            found.title,
            published=found.published,
            course=found,
            dated=dated,
            form=form or empty,
            visibilities=VISIBILITIES,
            wrong=wrong,
        )


def term_of(sent: Mapping[str, Any]) -> Term:
    """Raises Invalid."""
    if not (sent.get("key") and sent.get("title")):
        raise Invalid("A copy needs a key and a title of its own")
    return Term(**{**sent, **{name: day(sent.get(name)) for name in DAYS}})


def copied(session: Session, course: str) -> tuple[Overview, int]:
    """What is copied, and how many of its lessons have dates."""
    policies = deadlines.rules(session, course).policies.values()
    dated = sum(1 for policy in policies if policy.due or policy.cut_off)
    return overview(session, course), dated


ROUTES = [
    Route("courses/{course}/term", TermPage),
    Route("api/v1/courses/{course}/terms", Terms),
]
