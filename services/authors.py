"""The base of what authors ask: who asks, as records/authoring.py wants to know it."""

from __future__ import annotations

from coursewright.records.authoring import Rights
from coursewright.records.errors import Invalid
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.base import Handler
from coursewright.services.scopes import AUTHOR


class Author(Handler):
    """Somebody whose verbs need the scope to teach; which courses, records/authoring.py says."""

    @property
    def rights(self) -> Rights:
        return Rights(self.person, self.has_scope(AUTHOR), self.is_admin)


class AuthorHandler(Author, APIHandler):
    """JSON for an author."""


class AuthorPage(Author, PageHandler):
    """A page for an author."""

    def sent_file(self) -> bytes:
        """The zip that a form sent along. Raises Invalid."""
        files = self.request.files.get("file", [])
        if len(files) != 1 or not files[0]["body"]:
            raise Invalid("Choose one zip file")
        content: bytes = files[0]["body"]
        return content
