"""The roster of a course over the API: what a list of people would change, and the change."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from coursewright.records import roster_import
from coursewright.records.roster_import import Change, Plan
from coursewright.services import roster_sheet
from coursewright.services.answers import APIHandler
from coursewright.services.guards import needs
from coursewright.services.roster_sheet import Sheet
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import TEACH


class Roster(APIHandler):
    @documented({200: "RosterPlan"}, takes="RosterSent", conflicts=True)
    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """What a list of people (CSV) would change; with `apply`, the change, all or nothing.

        Columns: name, and any of display_name, role, section, group; a column that is not there
        changes nothing, an empty section or group is none. People who are not in the list stay.
        With `seen`, the digest of a plan that was looked at, another plan is refused (409).
        """
        sent = self.sent()
        apply = bool(sent.get("apply", False))
        found, sheet = await self.ask(
            settled,
            self.person,
            course,
            sent["csv"],
            seen=sent.get("seen"),
            apply=apply,
            admin=self.is_admin,
            request_id=self.request_id,
        )
        self.answer(told(found, sheet, applied=apply))


def settled(
    session: Session,
    by: str,
    course: str,
    text: str,
    *,
    seen: str | None,
    apply: bool,
    admin: bool,
    request_id: str,
) -> tuple[Plan, Sheet]:
    """The plan, carried out with `apply`. Raises what roster_sheet and roster_import do."""
    sheet = roster_sheet.parse(text)
    if not apply:
        return roster_import.plan(session, by, course, sheet.lines, admin=admin), sheet
    done = roster_import.carry_out(
        session, by, course, sheet.lines, seen=seen, admin=admin, request_id=request_id
    )
    return done, sheet


def told(plan: Plan, sheet: Sheet, *, applied: bool) -> dict[str, Any]:
    return {
        "applied": applied,
        "added": [change(one) for one in plan.added],
        "changed": [change(one) for one in plan.changed],
        "unchanged": plan.unchanged,
        "wrong": [
            {"line": one.number, "name": one.name, "reason": one.reason} for one in plan.wrong
        ],
        "sections": list(plan.sections),
        "ignored": list(sheet.ignored),
        "beyond": plan.beyond,
        "digest": plan.digest,
    }


def change(one: Change) -> dict[str, Any]:
    plain = asdict(one)
    del plain["before"]
    return {"line": plain.pop("number"), **plain, "differs": one.differs}


ROUTES = [Route("api/v1/courses/{course}/roster", Roster)]
