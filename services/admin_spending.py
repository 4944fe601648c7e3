"""What models cost, for administrators: by month, course and person; and the budgets."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from coursewright.records import spending
from coursewright.records.errors import CoursewrightError
from coursewright.services.admin_pages import AdminPage, amount, whole
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.scopes import ADMIN

FIELDS = ("kind", "subject", "money", "tokens")


class SpendingPage(AdminPage):
    @needs(ADMIN)
    async def get(self) -> None:
        """The last twelve months, and what the budgets are."""
        await self.show_spending()

    @needs(ADMIN)
    async def post(self) -> None:
        """Set a budget, or take it away where both limits are empty."""
        sent = {name: self.field(name) for name in FIELDS}
        try:
            await self.ask(
                spending.set_budget,
                self.person,
                sent["kind"],
                sent["subject"],
                money=amount(sent["money"], "Money"),
                tokens=whole(sent["tokens"], "Tokens"),
                request_id=self.request_id,
            )
        except CoursewrightError as error:
            self.set_status(400)
            await self.show_spending(error, sent)
            return
        self.go("admin/spending", "The budgets are changed; they hold at once.")

    async def show_spending(
        self, wrong: CoursewrightError | None = None, sent: dict[str, str] | None = None
    ) -> None:
        found = await self.ask(standing)
        form = sent or dict.fromkeys(FIELDS, "")
        self.show_admin("admin_spending.html", wrong=wrong, form=form, **found)


def standing(session: Session) -> dict[str, Any]:
    return {
        "now": spending.this_month(session, "site"),
        "budgets": spending.budgets(session),
        "courses": spending.by_month(session, "course", limit=100),
        "people": spending.by_month(session, "person", limit=100),
    }


ROUTES = [Route("admin/spending", SpendingPage)]
