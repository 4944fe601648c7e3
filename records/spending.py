"""What models have cost, by month, and the budgets that end it.

A month is a calendar month in UTC. A call without a price costs money that nobody knows: it is
counted as unpriced, and limits of tokens hold for it all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from coursewright.records import courses, events
from coursewright.records.errors import Denied, Invalid, NotFound
from coursewright.records.tables import BUDGET_KINDS, Budget, Generation, GenerationCall, Person

MOST_TOKENS = 10**15
MOST_MONEY = 10**9


@dataclass(frozen=True)
class Spent:
    """`money` is of the calls that had a price; `unpriced` counts the others."""

    money: float
    tokens: int
    calls: int
    unpriced: int


@dataclass(frozen=True)
class Line(Spent):
    """Of one month: a course, or a person."""

    month: str
    subject: str


@dataclass(frozen=True)
class Limit:
    """A budget with what is used of it in this month (of the fullest, where it is for each)."""

    id: int
    kind: str
    subject: str
    money: float | None
    tokens: int | None
    used: Spent | None
    set_by: str | None
    set_at: datetime

    @property
    def is_used(self) -> bool:
        return self.used is not None and _over(self.used, self.money, self.tokens)


def by_month(session: Session, kind: str, months: int = 12, limit: int = 500) -> list[Line]:
    """The newest month first, in it whoever spent most. `kind`: course, person or site."""
    subject = _subject(kind)
    month = func.to_char(func.timezone("UTC", GenerationCall.at), "YYYY-MM")
    first = func.date_trunc("month", func.now(), "UTC") - func.make_interval(0, months - 1)
    rows = session.execute(
        _sums(month, subject)
        .where(GenerationCall.at >= first)
        .group_by(month, subject)
        .order_by(month.desc(), func.sum(GenerationCall.prompt + GenerationCall.completion).desc())
        .limit(limit)
    )
    return [
        Line(float(money), int(tokens), calls, int(unpriced), moment, whose or "")
        for moment, whose, money, tokens, calls, unpriced in rows
    ]


def this_month(session: Session, kind: str, subject: str = "") -> Spent:
    """What a course or a person, or the site, has spent since the month began."""
    query = _sums().where(GenerationCall.at >= func.date_trunc("month", func.now(), "UTC"))
    if kind != "site":
        query = query.where(_subject(kind) == subject)
    money, tokens, calls, unpriced = session.execute(query).one()
    return Spent(float(money), int(tokens), calls, int(unpriced))


def budgets(session: Session) -> list[Limit]:
    rows = session.execute(
        select(Budget, Person.name)
        .outerjoin(Person, Person.id == Budget.set_by)
        .order_by(Budget.kind.desc(), Budget.subject)
    )
    return [
        Limit(
            row.id,
            row.kind,
            row.subject,
            row.money,
            row.tokens,
            this_month(session, row.kind, row.subject)
            if row.subject or row.kind == "site"
            else None,
            by,
            row.set_at,
        )
        for row, by in rows
    ]


def set_budget(
    session: Session,
    by: str,
    kind: str,
    subject: str,
    *,
    money: float | None,
    tokens: int | None,
    request_id: str | None = None,
) -> None:
    """Limit a month; with neither limit the budget is taken away. Raises Invalid."""
    if kind not in BUDGET_KINDS:
        raise Invalid("A budget is of the site, of courses or of people")
    if kind == "site" and subject:
        raise Invalid("The budget of the whole site has no name")
    if money is not None and not 0 <= money <= MOST_MONEY:
        raise Invalid("The amount of money must not be negative, and below a thousand million")
    if tokens is not None and not 0 <= tokens <= MOST_TOKENS:
        raise Invalid("The number of tokens must not be negative, and below 10^15")
    author = courses.person(session, by)
    same = select(Budget).where(Budget.kind == kind, Budget.subject == subject)
    row = session.scalars(same.with_for_update()).one_or_none()
    before = {"money": row.money, "tokens": row.tokens} if row else None
    if money is None and tokens is None:
        if row is None:
            raise NotFound("There is no such budget; give an amount or a number of tokens")
        session.delete(row)
    else:
        new = {"money": money, "tokens": tokens, "set_by": author.id, "set_at": func.now()}
        statement = insert(Budget).values(kind=kind, subject=subject, **new)
        session.execute(
            statement.on_conflict_do_update(index_elements=["kind", "subject"], set_=new)
        )
    events.record(
        session,
        "audit.budget.set",
        author,
        f"{kind} {subject}".strip(),
        detail={"before": before, "after": {"money": money, "tokens": tokens}},
        request_id=request_id,
    )


def used_up(session: Session, person: str | None, course: str | None) -> str | None:
    """Which budget that holds for the person or the course is used up, as a sentence begins."""
    held = {(row.kind, row.subject): row for row in session.scalars(select(Budget))}
    for kind, subject in _holders(person, course):
        row = held.get((kind, subject)) or held.get((kind, ""))
        if row and _over(this_month(session, kind, subject), row.money, row.tokens):
            return {
                "site": "This site's budget",
                "course": f"The budget of the course {subject!r}",
                "person": f"The budget of {subject}",
            }[kind]
    return None


def refuse_overspent(session: Session, person: str | None, course: str | None) -> None:
    """Raises Denied when a budget that holds for the person or the course is used up."""
    whole = used_up(session, person, course)
    if whole is not None:
        raise Denied(
            f"{whole} for language models is used up for this month. Nothing was asked for; "
            "choose the bank, which costs nothing, or ask an administrator for more"
        )


def of_generation(session: Session, number: int) -> tuple[str, str, str | None]:
    """Of a generation: its provider, the key that was asked for, and whose it is.

    Raises NotFound.
    """
    row = session.execute(
        select(Generation, Person.name)
        .outerjoin(Person, Person.id == Generation.requested_by)
        .where(Generation.id == number)
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no generation {number}")
    generation, whose = row
    return generation.provider, str(generation.request.get("key") or ""), whose


def _holders(person: str | None, course: str | None) -> Iterator[tuple[str, str]]:
    yield "site", ""
    if person:
        yield "person", person
    if course:
        yield "course", course


def _sums(*columns: Any) -> Select[Any]:
    return (
        select(
            *columns,
            func.coalesce(func.sum(GenerationCall.cost), 0.0),
            func.coalesce(func.sum(GenerationCall.prompt + GenerationCall.completion), 0),
            func.count(),
            func.coalesce(func.sum(case((GenerationCall.cost.is_(None), 1), else_=0)), 0),
        )
        .join(Generation, Generation.id == GenerationCall.generation_id)
        .outerjoin(Person, Person.id == Generation.requested_by)
    )


def _subject(kind: str) -> ColumnElement[Any]:
    if kind == "course":
        # What was made, or else the key that was asked for.
        return func.coalesce(
            Generation.report["course"].astext, Generation.request["key"].astext, ""
        )
    return func.coalesce(Person.name, "") if kind == "person" else literal("")


def _over(spent: Spent, money: float | None, tokens: int | None) -> bool:
    """A limit of nothing is used up before anything is spent."""
    return (money is not None and spent.money >= money) or (
        tokens is not None and spent.tokens >= tokens
    )
