"""Versions of a course: which there are, and publishing the next one."""

from __future__ import annotations

from coursewright.records import authoring
from coursewright.records.authoring import Publication
from coursewright.services.authors import AuthorHandler
from coursewright.services.checks import course_of
from coursewright.services.guards import needs
from coursewright.services.paging import PAGED, page
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import TEACH


class Versions(AuthorHandler):
    @documented({200: "Versions"}, query=PAGED)
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """The published versions, the newest first."""
        found = await self.ask(authoring.versions, course)
        here, following = page(self, found, lambda one: (-one.number,))
        self.answer({"versions": here, "next": following})

    @documented({201: "Published", 200: "Published"}, takes="PublicationSent", conflicts=True)
    @needs(TEACH)
    async def post(self, course: str) -> None:
        """Publish a checked draft as the next version; the newest one again makes none (200).

        It needs a check of this very document. Where that found what blocks, `despite` says why it
        is published all the same, and is written into the audit log. With `base`, it is refused
        when another version than that is the newest. Whoever publishes a new course teaches it.
        """
        sent = self.sent()
        wanted = Publication(
            course_of(sent["source"], course),
            sent["message"],
            sent["check"],
            sent.get("despite"),
            sent.get("base"),
        )
        version = await self.ask(authoring.publish, self.rights, wanted, self.request_id)
        status = 201 if version.created else 200
        self.answer({"version": version.number, "created": version.created}, status)


ROUTES = [Route("api/v1/courses/{course}/versions", Versions)]
