"""Generation: how close a course comes to the shortest time that its order of work allows.

A local server with a fixed latency plays the model (tests/scripted_model.py); 8 calls at a time,
two checks at a time. `critical_path` is the wall time of a generation divided by the sum of

* the longest chain of dependent calls: outline, lesson, spec, reference, wrong answers, solver;
  each takes the median of what the ledger says that such a call took in this run, and
* the verification: the seconds of all checks, divided by the number of checks at a time.

Nothing is taken off for what could go on beside each other, and nothing is added for calls that
wait for one of the 8 places. `bound` is stricter: the wall time divided by the largest of the
chain, all calls in 8 places, and the verification, which no order of work can go below. Medians of
several runs after one that warms the sandboxes up.

--bank also makes examples/python-basics.yaml from the bank: seconds, as the command takes them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from generating import model

from coursewright.generator import report
from coursewright.generator.budget import Budget
from coursewright.generator.calls import Call
from coursewright.generator.gates.pool import GatePool
from coursewright.generator.makers import makers
from coursewright.generator.pipeline import Pipeline
from coursewright.generator.request import Request
from coursewright.generator.steps import StepsInFolder

EXAMPLE = Path(__file__).parents[1] / "examples" / "python-basics.yaml"
CHAIN = ("outline", "lesson", "spec", "reference", "wrong", "solve")
CALLS, CHECKS = 8, 2

P = ParamSpec("P")
T = TypeVar("T")


class Metered(GatePool):
    """Adds up what the checks take."""

    def __init__(self, threads: int) -> None:
        super().__init__(threads)
        self.seconds: list[float] = []

    async def run(self, check: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        def timed() -> T:
            began = time.perf_counter()
            try:
                return check(*args, **kwargs)
            finally:
                self.seconds.append(time.perf_counter() - began)

        return await super().run(timed)


@dataclass(frozen=True)
class Run:
    """Seconds of one generation."""

    wall: float
    chain: float
    verification: float
    places: float
    calls: int
    found: dict[str, Any] = field(repr=False)

    @property
    def critical_path(self) -> float:
        return self.wall / (self.chain + self.verification)

    @property
    def bound(self) -> float:
        return self.wall / max(self.chain, self.verification, self.places)


async def generate(request: Request, settings: dict[str, str], folder: Path) -> Run:
    budget = Budget()
    async with makers(
        "openai",
        seed=0,
        settings=settings,
        folder=folder,
        budget=budget,
        sources={},
        concurrent=CALLS,
    ) as who:
        with Metered(CHECKS) as pool:
            began = time.perf_counter()
            made = await Pipeline(request, who, StepsInFolder(folder / "steps"), pool).run()
            wall = time.perf_counter() - began
        calls = who.calls()
    took = [call.seconds for call in calls]
    return Run(
        wall=wall,
        chain=sum(typical(calls, purpose) for purpose in CHAIN),
        verification=sum(pool.seconds) / CHECKS,
        places=sum(took) / CALLS,
        calls=len(calls),
        found=report.figures(made, budget.spent, wall),
    )


def typical(calls: Sequence[Call], purpose: str) -> float:
    return statistics.median(call.seconds for call in calls if call.purpose == purpose)


def measure(request: Request, latency: float, rounds: int) -> list[Run]:
    runs = []
    with model() as fake:
        fake.latency = latency
        for number in range(rounds + 1):
            with tempfile.TemporaryDirectory() as folder:
                run = asyncio.run(generate(request, fake.environ(), Path(folder)))
            if number:
                runs.append(run)
    return runs


def bank() -> dict[str, Any]:
    """The report of the course that comes with the examples, with the seconds of the command."""
    with tempfile.TemporaryDirectory() as folder:
        words = ["generate", str(EXAMPLE), "--provider", "bank", "--out", folder, "--json"]
        program = [sys.executable, "-m", "coursewright.hub_config.command"]
        began = time.perf_counter()
        done = subprocess.run([*program, *words], capture_output=True, check=True)
        seconds = time.perf_counter() - began
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found | {"seconds": round(seconds, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="measured runs (3)")
    parser.add_argument("--latency", type=float, default=1.0, help="seconds of a call (1)")
    parser.add_argument("--modules", type=int, default=2)
    parser.add_argument("--exercises", type=int, default=4, help="in each lesson (4)")
    parser.add_argument("--bank", action="store_true", help="also the example, from the bank")
    given = parser.parse_args()
    request = Request(topic="Python", modules=given.modules, exercises=given.exercises)
    runs = measure(request, given.latency, given.rounds)
    print(f"{'wall':>8}{'chain':>8}{'checks':>8}{'places':>8}{'path':>8}{'bound':>8}")
    for run in runs:
        row = (run.wall, run.chain, run.verification, run.places, run.critical_path, run.bound)
        print("".join(f"{value:8.2f}" for value in row))
    middle = sorted(runs, key=lambda run: run.critical_path)[len(runs) // 2]
    result: dict[str, Any] = {
        "name": "generation",
        "ratios": {
            "critical_path": round(statistics.median(run.critical_path for run in runs), 3),
            "bound": round(statistics.median(run.bound for run in runs), 3),
        },
        "figures": {
            "wall_seconds": round(middle.wall, 2),
            "chain_seconds": round(middle.chain, 2),
            "verification_seconds": round(middle.verification, 2),
            "calls": middle.calls,
            "planned": middle.found["planned"],
            "accepted": middle.found["accepted"],
        },
    }
    if given.bank:
        found = bank()
        names = ("planned", "accepted", "abstained", "mutation_median", "mutation_min", "seconds")
        result["bank"] = {name: found[name] for name in names}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
