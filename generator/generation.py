"""One generation in a folder: who makes it, what it may take, what is written at the end."""

from __future__ import annotations

import shutil
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from os import environ
from pathlib import Path
from typing import Any

from coursewright.generator import folder, receipts, report
from coursewright.generator.budget import Budget, Usage
from coursewright.generator.calls import Call
from coursewright.generator.gates.pool import GatePool
from coursewright.generator.made import Generated
from coursewright.generator.makers import Makers, Provider, makers
from coursewright.generator.pipeline import Pipeline
from coursewright.generator.progress import Tell, silent
from coursewright.generator.request import Request, read_outline, write_outline
from coursewright.generator.sources import read_sources
from coursewright.generator.steps import StepsInFolder
from coursewright.records.errors import Conflict


@dataclass(frozen=True)
class Limits:
    """None is no limit. `checks` and `calls` are how many at a time."""

    tokens: int | None = None
    money: float | None = None
    seconds: float | None = None
    checks: int = 2
    calls: int = 8

    def budget(self) -> Budget:
        return Budget(self.tokens, self.money, self.seconds)


@dataclass
class Generation:
    """`sources` is the folder that the request's own material is relative to.

    `notice` is told, in a sentence, what a person who waits may want to know.
    """

    request: Request
    directory: Path
    provider: Provider
    seed: int = 0
    limits: Limits = Limits()
    sources: Path = Path()
    settings: Mapping[str, str] = field(default_factory=lambda: environ, repr=False)
    notice: Callable[[str], None] | None = None
    budget: Budget = field(default_factory=Budget)

    @property
    def spent(self) -> Usage:
        return self.budget.spent

    @property
    def work(self) -> Path:
        return self.directory / folder.WORK

    @property
    def plan(self) -> Path:
        """The outline, where a person may edit it before the rest is made."""
        return self.directory / "outline.yaml"

    def prepare(self, resume: bool) -> None:
        """Make the folder, and take the edited outline where it holds one.

        Raises Conflict where another course, a person's work, or a run to go on with is there, and
        Invalid for an outline with faults.
        """
        if (self.directory / "course.json").exists() and not self.work.exists():
            raise Conflict(
                f"{self.directory} holds a course that was not generated here; nothing was"
                " changed. Name another folder with --out."
            )
        if (self.work / "steps" / "lessons").exists() and not resume:
            raise Conflict(
                f"{self.directory} holds an earlier run. Go on with it by --resume, or name another"
                " folder with --out."
            )
        folder.unchanged(self.directory)
        if self.request.outline is None and self.plan.exists():
            self.request = self.request.model_copy(update={"outline": read_outline(self.plan)})
        self.work.mkdir(parents=True, exist_ok=True)
        folder.keep_request(self.directory, self.request, self.provider, self.seed)

    async def outline(self, tell: Tell = silent) -> Path:
        """Plans the course, and writes the plan for a person to edit; gives its place."""
        async with self._pipeline(tell) as (pipeline, _):
            outline = await pipeline.outline()
        if not self.plan.exists():
            write_outline(outline, self.plan)
        return self.plan

    async def run(self, tell: Tell = silent, began: float | None = None) -> dict[str, Any]:
        """Makes the course, writes the folder, gives the report."""
        began = time.monotonic() if began is None else began
        async with self._pipeline(tell) as (pipeline, who):
            made = await pipeline.run()
            calls = who.calls()
        return self._write(made, who.maker.name, calls, time.monotonic() - began)

    @asynccontextmanager
    async def makers(self) -> AsyncIterator[Makers]:
        """Sets `budget`, which counts what earlier runs took too."""
        self.budget = self.limits.budget()
        sources = read_sources(self.request.sources, self.sources)
        async with makers(
            self.provider,
            seed=self.seed,
            settings=self.settings,
            folder=self.work,
            budget=self.budget,
            sources=sources,
            concurrent=self.limits.calls,
            notice=self.notice,
        ) as who:
            yield who

    @asynccontextmanager
    async def _pipeline(self, tell: Tell) -> AsyncIterator[tuple[Pipeline, Makers]]:
        steps = StepsInFolder(self.work / "steps")
        with GatePool(self.limits.checks) as pool:
            async with self.makers() as who:
                yield Pipeline(self.request, who, steps, pool, tell), who

    def _write(
        self, made: Generated, by: str, calls: Sequence[Call], seconds: float
    ) -> dict[str, Any]:
        found = report.figures(made, self.spent, seconds)
        folder.write(self.directory, made.course)
        shutil.rmtree(self.directory / "receipts", ignore_errors=True)
        receipts.write(self.directory / "receipts", receipts.receipts(made, by, calls))
        report.write(self.directory, made, found, by)
        return found
