"""The base of what authors ask: who asks, as records/authoring.py wants to know it."""

from __future__ import annotations

from coursewright.records.authoring import Rights
from coursewright.services.answers import APIHandler
from coursewright.services.scopes import AUTHOR


class AuthorHandler(APIHandler):
    """Its verbs need the scope to teach; which courses, records/authoring.py says."""

    @property
    def rights(self) -> Rights:
        return Rights(self.person, self.has_scope(AUTHOR), self.is_admin)
