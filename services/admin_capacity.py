"""The forecast for administrators: seats, nodes and money of the hours ahead.

In a cluster `coursewright capacity` keeps placeholders warm by the same forecast.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from coursewright.records import forecast, settings
from coursewright.records.errors import CoursewrightError, Invalid
from coursewright.records.settings import Settings
from coursewright.services.admin_pages import AdminPage, amount, whole
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.scopes import ADMIN
from coursewright.services.sheets import Value

DAY, WEEK = 24, 7 * 24  # hours
SHARES = ("attendance", "rush", "everyday")
FIELDS = (*SHARES, "rush_hours", "seats_per_node", "node_price", "currency")
NAMED = 3  # courses of an hour that are named


@dataclass(frozen=True)
class Hour:
    """`courses`: those that expect the most seats, with how many."""

    begins: datetime
    seats: int
    nodes: int
    price: float | None
    courses: list[tuple[str, int]]


@dataclass(frozen=True)
class Estimate:
    """The hours ahead; `always` is the price of keeping the busiest hour's nodes all the time."""

    hours: list[Hour]
    price: float | None
    always: float | None

    @property
    def busiest(self) -> Hour:
        return max(self.hours, key=lambda hour: hour.seats)

    @property
    def day(self) -> list[Hour]:
        return self.hours[:DAY]


class CapacityPage(AdminPage):
    @needs(ADMIN)
    async def get(self) -> None:
        """What is expected in the next day and week."""
        now = await self.ask(settings.read)
        await self.show_capacity(to_form(now))

    @needs(ADMIN)
    async def post(self) -> None:
        """What the forecast goes by."""
        sent = {name: self.field(name) for name in FIELDS}
        try:
            await self.ask(settings.change, self.person, from_form(sent), self.request_id)
        except CoursewrightError as error:
            self.set_status(400)
            await self.show_capacity(sent, error)
            return
        self.service.house.forget()
        self.go("admin/capacity", "The forecast goes by these numbers now.")

    async def show_capacity(
        self, sent: dict[str, str], wrong: CoursewrightError | None = None
    ) -> None:
        now = datetime.now(UTC)
        in_force, found = await self.ask(estimate, now)
        self.show_admin(
            "admin_capacity.html",
            sent=sent,
            estimate=found,
            currency=in_force.currency,
            wrong=wrong,
        )


def estimate(session: Session, now: datetime) -> tuple[Settings, Estimate]:
    """Of the week ahead, with the settings that it went by."""
    told = settings.read(session)
    calendars = forecast.calendars(session, now, timedelta(hours=WEEK + told.rush_hours))
    hours = [
        _hour(begins, demand, told)
        for begins, demand in forecast.hourly(calendars, now, WEEK, told.habits)
    ]
    price, always = None, None
    if told.node_price is not None:
        price = sum(hour.price or 0.0 for hour in hours)
        always = WEEK * told.node_price * max(hour.nodes for hour in hours)
    return told, Estimate(hours, price, always)


def _hour(begins: datetime, demand: forecast.Demand, told: Settings) -> Hour:
    nodes = -(-demand.seats // told.seats_per_node)
    most = sorted(demand.by_course.items(), key=lambda one: (-one[1], one[0]))[:NAMED]
    price = None if told.node_price is None else nodes * told.node_price
    return Hour(begins, demand.seats, nodes, price, most)


def to_form(now: Settings) -> dict[str, str]:
    """Shares in percent."""
    shares = {name: f"{getattr(now, name) * 100:g}" for name in SHARES}
    return {
        **shares,
        "rush_hours": f"{now.rush_hours:g}",
        "seats_per_node": str(now.seats_per_node),
        "node_price": "" if now.node_price is None else f"{now.node_price:g}",
        "currency": now.currency,
    }


def from_form(sent: dict[str, str]) -> dict[str, Any]:
    """Raises Invalid."""
    names = {"attendance": "While a class meets", "rush": "Before a due date",
             "everyday": "At any other time", "rush_hours": "Hours before a due date"}  # fmt: skip
    read = {name: amount(sent[name], told) for name, told in names.items()}
    seats = whole(sent["seats_per_node"], "Servers on a node")
    empty = [names[name] for name, value in read.items() if value is None]
    if empty or seats is None:
        raise Invalid(f"{(empty or ['Servers on a node'])[0]}: say a number")
    shares = {name: (read[name] or 0.0) / 100 for name in SHARES}
    return {
        **shares,
        "rush_hours": read["rush_hours"],
        "seats_per_node": seats,
        "node_price": amount(sent["node_price"], "Price of a node's hour"),
        "currency": sent["currency"],
    }


def rows(session: Session) -> list[tuple[Value, ...]]:
    """The week ahead for a spreadsheet."""
    _, found = estimate(session, datetime.now(UTC))
    return [
        (
            hour.begins,
            hour.seats,
            hour.nodes,
            hour.price,
            ", ".join(f"{k} {n}" for k, n in hour.courses),
        )
        for hour in found.hours
    ]


ROUTES = [Route("admin/capacity", CapacityPage)]
