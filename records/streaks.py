"""How many days in a row somebody has worked: checked, handed in, answered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Date, cast, func, or_, select
from sqlalchemy.orm import Session

from coursewright.records.errors import Invalid
from coursewright.records.tables import Event, Person

WORK = ("code.", "exercise.", "learning.submitted", "quiz.")
YEAR = 366  # days that are looked at


@dataclass(frozen=True)
class Streak:
    """`days` in a row up to today or yesterday; `today` says whether today is one of them."""

    days: int
    today: bool


def streak(session: Session, person: str, zone: str = "UTC") -> Streak:
    """By the days of `zone`, an IANA name. Raises Invalid for one that there is not."""
    _refuse_unknown(zone)
    today = session.scalars(select(cast(func.timezone(zone, func.now()), Date))).one()
    day = cast(func.timezone(zone, Event.at), Date)
    days = session.scalars(
        select(day)
        .join(Person, Person.id == Event.person_id)
        .where(
            Person.name == person,
            or_(*(Event.name.startswith(name, autoescape=True) for name in WORK)),
            Event.at > func.now() - timedelta(days=YEAR),
        )
        .distinct()
    )
    return counted(set(days), today)


def counted(days: Collection[date], today: date) -> Streak:
    """The run of days that reaches today; one that ended yesterday can still go on."""
    day = today if today in days else today - timedelta(days=1)
    run = 0
    while day in days:
        run, day = run + 1, day - timedelta(days=1)
    return Streak(run, today in days)


def _refuse_unknown(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid(f"{zone!r} is not a time zone; use a name such as Europe/Berlin") from error
