"""What administrators decide for the whole site, in force without a restart.

A setting that nobody has changed has its default, so the table holds changes only. Whoever reads
them keeps what was read for a few seconds (services/house.py, hub_config/admission.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import courses, events
from coursewright.records.errors import Invalid
from coursewright.records.forecast import Habits
from coursewright.records.tables import Deactivation, Event, Person, SettingRow

SIGN_UPS = ("as started", "open", "approval", "closed")
LEAST_MB, MOST_MB = 1, 60
LONGEST = 500
# A container image's name: lower case, then a tag or a digest or neither.
IMAGE = re.compile(r"[a-z0-9][a-z0-9._/:-]{0,180}(:[\w.-]{1,128})?(@sha256:[0-9a-f]{64})?")
CHANGED = "audit.setting.changed"


@dataclass(frozen=True)
class Settings:
    """`sign_up`: "as started" leaves it to how the site was started.

    `body_mb` None is the service's own limit. Empty `models`: any model that the workers have.
    `images`: those that a course may choose for its students' servers, beside the usual one.
    From `attendance` on they are for the forecast (records/forecast.py): shares of a course's
    students; a node has room for `seats_per_node` and costs `node_price` an hour.
    """

    sign_up: str = "as started"
    body_mb: int | None = None
    models: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    maintenance: str = ""
    attendance: float = 1.0
    rush: float = 0.25
    rush_hours: float = 3.0
    everyday: float = 0.02
    seats_per_node: int = 60
    node_price: float | None = None
    currency: str = "EUR"

    @property
    def habits(self) -> Habits:
        return Habits(
            attendance=self.attendance,
            rush=self.rush,
            rush_hours=self.rush_hours,
            everyday=self.everyday,
        )


@dataclass(frozen=True)
class Change:
    """Of one setting, as the audit log has it."""

    at: datetime
    by: str | None
    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class InForce:
    """What every request must know: the settings, and who may not come in."""

    settings: Settings = Settings()
    deactivated: frozenset[str] = frozenset()


def read(session: Session) -> Settings:
    """Rows that this release does not know are left alone."""
    known = {one.name for one in fields(Settings)}
    rows = session.execute(select(SettingRow.name, SettingRow.value))
    kept = {name: value for name, value in rows if name in known}
    for name in {"models", "images"} & kept.keys():
        kept[name] = tuple(kept[name])
    return Settings(**kept)


def in_force(session: Session) -> InForce:
    return InForce(read(session), frozenset(session.scalars(_deactivated())))


def is_deactivated(session: Session, person: str) -> bool:
    return session.scalar(select(_deactivated().where(Person.name == person).exists())) is True


def change(
    session: Session, by: str, changes: Mapping[str, Any], request_id: str | None = None
) -> Settings:
    """Put settings into force; each real change is an event. Raises Invalid."""
    now = read(session)
    try:
        wanted = check(replace(now, **changes))
    except TypeError as error:
        raise Invalid(f"There is no such setting: {', '.join(changes)}") from error
    author = courses.person(session, by)
    for name in changes:
        before, after = getattr(now, name), getattr(wanted, name)
        if before == after:
            continue
        row = {"value": _plain(after), "changed_by": author.id}
        statement = insert(SettingRow).values(name=name, **row)
        again = {**row, "changed_at": func.now()}
        session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=again))
        detail = {"before": _plain(before), "after": _plain(after)}
        events.record(session, CHANGED, author, name, detail=detail, request_id=request_id)
    return wanted


def check(wanted: Settings) -> Settings:
    """Raises Invalid."""
    if wanted.sign_up not in SIGN_UPS:
        raise Invalid(f"Sign-up is one of {', '.join(SIGN_UPS)}")
    if wanted.body_mb is not None and not LEAST_MB <= wanted.body_mb <= MOST_MB:
        raise Invalid(f"The largest notebook is between {LEAST_MB} and {MOST_MB} MB")
    if len(wanted.maintenance) > LONGEST or "\0" in wanted.maintenance:
        raise Invalid(f"The message has at most {LONGEST} characters")
    _check_forecast(wanted)
    if len(wanted.models) > 50 or any(not one or len(one) > 200 for one in wanted.models):
        raise Invalid("Name at most 50 models, each with at most 200 characters")
    if len(wanted.images) > 50 or not all(map(IMAGE.fullmatch, wanted.images)):
        raise Invalid("Name at most 50 images as a registry does, such as school.org/statistics:3")
    return wanted


def _check_forecast(wanted: Settings) -> None:
    for name in ("attendance", "rush", "everyday"):
        if not 0 <= getattr(wanted, name) <= 1:
            raise Invalid(f"The share {name!r} is between 0 and 100 percent")
    if not 0 <= wanted.rush_hours <= 72:
        raise Invalid("The rush before a due date takes at most 72 hours")
    if not 1 <= wanted.seats_per_node <= 10_000:
        raise Invalid("A node has room for between 1 and 10,000 servers")
    if wanted.node_price is not None and not 0 <= wanted.node_price <= 10_000:
        raise Invalid("The price of a node's hour is between 0 and 10,000")
    if len(wanted.currency) > 8 or not wanted.currency.isalpha():
        raise Invalid("A currency is a word such as EUR")


def history(session: Session, limit: int = 20) -> list[Change]:
    """The newest changes first."""
    rows = session.execute(
        select(Event.at, Person.name, Event.object, Event.detail)
        .outerjoin(Person, Person.id == Event.person_id)
        .where(Event.name == CHANGED)
        .order_by(Event.id.desc())
        .limit(limit)
    )
    return [
        Change(at, by, name, detail.get("before"), detail.get("after"))
        for at, by, name, detail in rows
    ]


def refuse_model(settings: Settings, model: str) -> None:
    """Raises Invalid for a model that the site does not allow."""
    if settings.models and model not in settings.models:
        raise Invalid(
            f"This site's administrators do not allow the model {model!r}. Nothing was asked for; "
            "choose the bank, or ask them"
        )


def _deactivated() -> Any:
    return select(Person.name).join(Deactivation, Deactivation.person_id == Person.id)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str) else value
