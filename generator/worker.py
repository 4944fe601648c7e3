"""Takes a course from the queue and makes it; what each step came to is kept in the database.

A worker that is killed leaves its job to another, which goes on behind the last step that was kept
and pays for no call again.
"""

from __future__ import annotations

import asyncio
import json
import os
import threading
import time
from collections.abc import Awaitable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import Any, TypeVar, cast

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from coursewright.generator import calls, receipts, report
from coursewright.generator.budget import Budget
from coursewright.generator.calls import Call, Notebook
from coursewright.generator.gates.pool import GatePool
from coursewright.generator.ladder import Memory
from coursewright.generator.made import Generated
from coursewright.generator.makers import Provider, makers
from coursewright.generator.model import CONCURRENT
from coursewright.generator.pipeline import Pipeline
from coursewright.generator.progress import Event
from coursewright.generator.request import parse_request
from coursewright.generator.trouble import KEPT, Misconfigured, Spent
from coursewright.records import generations, spending
from coursewright.records.errors import Conflict, Invalid, Unavailable

T = TypeVar("T")
LOCK = 0x67656E  # with the number of a generation: one worker at a time makes it
ENDPOINTS = Memory()  # what this process has found out about them, by a small call each
LOOK = 1.0  # seconds between two looks whether it is still wanted


@dataclass(frozen=True)
class StepsInTables:
    """See Steps."""

    sessions: sessionmaker[Session]
    number: int

    def find(self, name: str, digest: str) -> Any | None:
        with self.sessions() as session:
            found = generations.find_step(session, self.number, name, digest)
        return None if found is None else json.loads(found)

    def keep(self, name: str, digest: str, value: Any) -> None:
        with self.sessions.begin() as session:
            generations.keep_step(session, self.number, name, digest, json.dumps(value))


class LedgerInTables(Notebook):
    """See Ledger."""

    def __init__(self, sessions: sessionmaker[Session], number: int) -> None:
        super().__init__()
        self.sessions = sessions
        self.number = number
        with sessions() as session:
            kept = generations.replies(session, number)
        for reply in kept:
            super().add(calls.from_json(json.loads(reply)))

    def add(self, call: Call) -> None:
        with self.sessions.begin() as session:
            generations.add_call(
                session,
                self.number,
                json.dumps(asdict(call)),
                prompt=call.prompt,
                completion=call.completion,
                cost=call.cost,
            )
        super().add(call)

    def refuse_overspent(self) -> None:
        with self.sessions() as session:
            _, key, whose = spending.of_generation(session, self.number)
            whole = spending.used_up(session, whose, key)
        if whole is not None:
            raise Spent(
                f"{whole} for language models is used up for this month. An administrator can give"
                f" more; then it goes on from where it is. {KEPT}"
            )


def handle(
    generation_id: int,
    sessions: sessionmaker[Session],
    settings: Mapping[str, str] = os.environ,
    *,
    look: float = LOOK,
    concurrent: int = CONCURRENT,
    stopping: threading.Event | None = None,
) -> None:
    """Make the course, or go on with it; what is done, or no longer wanted, stays as it is.

    Raises Unavailable where the endpoint, a sandbox or the database is away, or this worker is
    `stopping`, so that the job is tried again.
    """
    with _alone(generation_id, sessions):
        with sessions.begin() as session:
            order = generations.begin(session, generation_id)
        if order is None:
            return
        work = Work(generation_id, sessions, settings, order, concurrent)
        try:
            doing = _while_wanted(work.run(), generation_id, sessions, look, stopping)
            made = asyncio.run(doing)
        except asyncio.CancelledError:
            return
        except (Spent, Misconfigured, Invalid, Conflict) as error:
            state = "stopped" if isinstance(error, Spent) else "failed"
            told = str(error).removesuffix(KEPT).strip()
            with sessions.begin() as session:
                generations.give_up(session, generation_id, state, told)
            return
        found, proofs, generated = made
        with sessions.begin() as session:
            generations.finish(session, generation_id, found, generated.course, proofs)


@dataclass(frozen=True)
class Work:
    """The making of one course by a worker."""

    number: int
    sessions: sessionmaker[Session]
    settings: Mapping[str, str]
    order: generations.Order
    concurrent: int

    async def run(self) -> tuple[dict[str, Any], dict[str, Any], Generated]:
        """The report, the receipts, and what was made."""
        began = time.monotonic()
        limits = self.order.limits
        budget = Budget(limits.tokens, limits.money, limits.seconds)
        ledger = LedgerInTables(self.sessions, self.number)
        request = parse_request(dict(self.order.request))
        with GatePool() as pool:
            async with makers(
                cast(Provider, self.order.provider),
                seed=self.order.seed,
                settings=self.settings,
                folder=None,
                budget=budget,
                sources=self.order.sources or {},
                ledger=ledger,
                memory=ENDPOINTS,
                concurrent=self.concurrent,
            ) as who:
                steps = StepsInTables(self.sessions, self.number)
                made = await Pipeline(request, who, steps, pool, self.tell).run()
                proofs = receipts.receipts(made, who.maker.name, who.calls())
        return report.figures(made, budget.spent, time.monotonic() - began), proofs, made

    def tell(self, event: Event) -> None:
        piece = generations.Piece(**asdict(event))
        with self.sessions.begin() as session:
            generations.tell(session, self.number, piece)


async def _while_wanted(
    work: Awaitable[T],
    number: int,
    sessions: sessionmaker[Session],
    look: float,
    stopping: threading.Event | None,
) -> T:
    """Raises CancelledError when a person has cancelled it, Unavailable when the worker stops.

    Either waits for the calls under way.
    """
    doing = asyncio.ensure_future(work)
    while True:
        await asyncio.wait((doing,), timeout=look)
        if doing.done():
            return doing.result()
        if stopping is not None and stopping.is_set():
            doing.cancel()
            with suppress(asyncio.CancelledError):
                return await doing
            raise Unavailable("This worker stops; another one goes on")
        with sessions() as session:
            wanted = generations.is_wanted(session, number)
        if not wanted:
            doing.cancel()  # once: a second one would not wait for the calls under way
            return await doing


@contextmanager
def _alone(number: int, sessions: sessionmaker[Session]) -> Iterator[None]:
    """The lock goes with the connection, so that a dead worker holds nothing up.

    Raises Unavailable while another worker, one that was only stunned, is at it.
    """
    engine = cast(Engine, sessions.kw["bind"])
    key = {"first": LOCK, "second": number}
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        taken = connection.execute(text("SELECT pg_try_advisory_lock(:first, :second)"), key)
        if not taken.scalar_one():
            raise Unavailable(f"Another worker is making generation {number}")
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:first, :second)"), key)
