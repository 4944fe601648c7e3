"""The queues for administrators: what waits, what runs, what failed and why; try again."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from coursewright.records import failures, live, queue_state
from coursewright.records.errors import CoursewrightError, Invalid
from coursewright.services.admin_pages import AdminPage
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.scopes import ADMIN


class JobsPage(AdminPage):
    @needs(ADMIN)
    async def get(self) -> None:
        """The queues now."""
        self.show_admin("admin_jobs.html", **await self.ask(standing))

    @needs(ADMIN)
    async def post(self) -> None:
        """Try `one` again (its kind and number), or `all` that have failed."""
        try:
            said = await self.retry()
        except CoursewrightError as error:
            self.set_status(400)
            self.show_admin("admin_jobs.html", wrong=error, **await self.ask(standing))
            return
        self.go("admin/jobs", said)

    async def retry(self) -> str:
        if self.act(("one", "all")) == "all":
            count = await self.ask(failures.retry_all, self.person, self.request_id)
            return f"{count} tried again."
        kind, _, number = self.field("one").partition(" ")
        if not number.isdecimal() or len(number) > 18:
            raise Invalid("Say which one to try again, by kind and number")
        await self.ask(failures.retry, self.person, kind, int(number), self.request_id)
        return f"The {kind} {number} is tried again."


def standing(session: Session) -> dict[str, Any]:
    return {
        "last": live.newest(session),
        "depths": queue_state.depths(session),
        "workers": queue_state.workers(session),
        "running": queue_state.running(session),
        "seconds": queue_state.grading_seconds(session),
        "failures": failures.failures(session),
    }


ROUTES = [Route("admin/jobs", JobsPage)]
