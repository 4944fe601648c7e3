"""The stand-in service's answers about the versions of a lesson."""

from __future__ import annotations

from typing import Any

from fake_service import PREFIX, Fake


class Changes(Fake):
    def get(self, course: str, key: str) -> None:
        since = int(self.get_query_argument("since"))
        new = range(since + 1, self.fake.version + 1)
        messages = [{"version": number, "message": f"Message {number}"} for number in new]
        title = {"id": "t1", "kind": "changed", "role": "text", "title": "Names"}
        cells = [title] if messages else []
        told = {"from": since, "to": self.fake.version, "messages": messages, "cells": cells}
        if self.member(course):
            self.finish(told)


ROUTES: list[tuple[str, Any]] = [
    (rf"{PREFIX}/api/v1/courses/([^/]+)/lessons/([^/]+)/changes", Changes),
]
