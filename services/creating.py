"""A new course on a page: by its title, or from a zip."""

from __future__ import annotations

from coursewright.records import authoring, drafts
from coursewright.records.course import LEVELS
from coursewright.records.errors import Conflict, CoursewrightError, Invalid
from coursewright.records.facts import Facts
from coursewright.services import transfer
from coursewright.services.authors import AuthorPage
from coursewright.services.guards import needs
from coursewright.services.problems import status_of
from coursewright.services.routes import Route
from coursewright.services.scopes import TEACH

FIELDS = ("title", "key", "level", "category", "summary")


class NewCoursePage(AuthorPage):
    @needs(TEACH)
    async def get(self) -> None:
        """The forms for a new course, for those who may write one."""
        await self.ask(authoring.refuse_strangers, self.rights)
        self.show_forms()

    @needs(TEACH)
    async def post(self) -> None:
        """Make the course as a draft, and go to it."""
        await self.ask(authoring.refuse_strangers, self.rights)
        form = {name: self.get_body_argument(name, "").strip() for name in FIELDS}
        request = {"request_id": self.request_id}
        try:
            if "import" in self.request.body_arguments:
                unpacked = await transfer.opened(self.sent_file())
                course, said = unpacked.course(form["key"] or None), transfer.said_in(unpacked)
            else:
                level = form["level"] or LEVELS[0]
                course = drafts.starting(form["key"], form["title"], level, form["summary"])
                said = Facts(category=form["category"]) if form["category"] else None
            await self.ask(drafts.create, self.rights, course, said, **request)
        except (Invalid, Conflict) as error:
            self.set_status(status_of(error))
            self.show_forms(form, error)
            return
        self.redirect(f"{self.service.prefix}courses/{course.key}/draft?done=made", status=303)

    def show_forms(
        self, form: dict[str, str] | None = None, wrong: CoursewrightError | None = None
    ) -> None:
        self.show(
            "new_course.html",
            form=form or dict.fromkeys(FIELDS, ""),
            levels=LEVELS,
            wrong=wrong,
            limit=self.service.body_limit,
        )


ROUTES = [Route("courses/new", NewCoursePage)]
