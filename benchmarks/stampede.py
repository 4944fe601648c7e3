"""A class of 1,000 arrives within eight minutes: who waits how long, with and without warm room?

A simulation, with what was measured on real parts:

- how long JupyterLab with our extension takes to answer, and the processor time that it takes: in
  this run, on this machine; a pod has half a processor, so its start is stretched accordingly
- the Hub's own processor time for a start: `--hub-cpu` (tests/kubernetes prints what it saw)
- pod made to container running on a node that has the image: 0.8 to 2.0 s, on a one-node cluster
- a node of the cloud, asked for to ready: 90 to 180 s, and the image's first load 30 to 60 s; these
  are assumptions (the range that managed clusters tell of), and `--node` and `--pull` change them

What is compared: no spare room; the placeholders that `coursewright capacity` would have for the
same calendar, run every five minutes, by its own forecast; and those for 90 % of the students, when
all of them come. Cost is that of the nodes' hours from an hour before the class to its end.
"""

from __future__ import annotations

import argparse
import heapq
import itertools
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as clock

import psutil
from rich.console import Console
from rich.table import Table

from coursewright.records import forecast
from coursewright.records.forecast import Calendar, Habits
from coursewright.records.meetings import Meeting

STUDENTS, ARRIVING = 1000, 8 * 60  # seconds
BEGINS = datetime(2026, 11, 23, 9, tzinfo=UTC)
CLASS = 90  # minutes
BEFORE = 60 * 60  # seconds that are simulated before the class begins
ON_NODE = (0.8, 2.0)  # seconds, pod made to container running
CPU_LIMIT = 0.5  # processors of a pod
CONCURRENT = 64  # starts that the Hub has at once (its default is 100; the chart's 64)
EVERY = 300  # seconds between two runs of `coursewright capacity`
LEAD = timedelta(minutes=15)
SCENES = {
    "cold": ("Without warm room", 0.0),
    "warm": ("With calendar warm-up", Habits().attendance),
    "warm_for_nine_of_ten": ("With calendar warm-up for nine of ten", 0.9),
}


@dataclass(frozen=True)
class World:
    """Seconds, unless said otherwise; `price` of a node's hour."""

    start_cpu: float
    hub_cpu: float
    node: tuple[float, float]
    pull: tuple[float, float]
    seats: int
    price: float

    def boot(self, chance: random.Random) -> float:
        """A pod on a node that has room and the image, to JupyterLab's answer."""
        return chance.uniform(*ON_NODE) + self.start_cpu / CPU_LIMIT


@dataclass
class Cluster:
    """Nodes with seats; a node is paid for from the moment that it was asked for."""

    world: World
    chance: random.Random
    ready: list[float] = field(default_factory=list)  # when each node was or will be ready
    asked: list[float] = field(default_factory=list)
    taken: int = 0

    def seats_at(self, now: float) -> int:
        return self.world.seats * sum(one <= now for one in self.ready)

    def want(self, seats: int, now: float) -> None:
        """Ask for nodes until there is, or will be, room for `seats`."""
        while self.world.seats * len(self.ready) < seats:
            took = self.chance.uniform(*self.world.node) + self.chance.uniform(*self.world.pull)
            self.ready.append(now + took)
            self.asked.append(now)

    def hours(self, end: float) -> float:
        return sum(end - one for one in self.asked) / 3600


def arrivals(chance: random.Random) -> list[float]:
    """Seconds after the class's begin: most come in the first minutes, the last after eight."""
    return sorted(ARRIVING * chance.betavariate(1.6, 2.4) for _ in range(STUDENTS))


def simulate(world: World, seed: int, expected: float) -> tuple[list[float], list[float], float]:
    """Arrivals, how long each waited, and the nodes' hours; `expected`: share of the students."""
    chance = random.Random(seed)
    come = arrivals(chance)
    cluster = Cluster(world, chance)
    cluster.want(world.seats, -BEFORE - 600)  # one node runs at any time
    if expected:
        for now in range(-BEFORE, ARRIVING, EVERY):
            here = sum(moment <= now for moment in come)
            cluster.want(here + placeholders(now, here, expected), float(now))
    waits, running = [], [0.0] * CONCURRENT  # when each of the Hub's places is free
    heapq.heapify(running)
    hub_free = 0.0
    for number, moment in enumerate(come, 1):
        # A pod that finds no room makes the autoscaler ask for a node.
        cluster.want(number, moment)
        begin = max(moment, heapq.heappop(running))
        hub_free = max(begin, hub_free) + world.hub_cpu
        room = sorted(cluster.ready)[-(-number // world.seats) - 1]
        done = max(hub_free, room) + world.boot(chance)
        heapq.heappush(running, done)
        waits.append(done - moment)
    return come, waits, cluster.hours(CLASS * 60.0)


def placeholders(now: float, running: int, expected: float) -> int:
    """What `coursewright capacity` keeps at `now` seconds after the class's begin."""
    meeting = Meeting(BEGINS.weekday(), clock(BEGINS.hour), CLASS)
    course = Calendar("stampede", STUDENTS, (meeting,))
    moment = BEGINS + timedelta(seconds=now)
    habits = Habits(attendance=expected)
    return forecast.spare([course], moment, habits, lead=LEAD, running=running)


def measured(times: int) -> tuple[float, float]:
    """Seconds, and seconds of processor, until JupyterLab with our extension answers: medians."""
    found = [_start() for _ in range(times)]
    return statistics.median(wall for wall, _ in found), statistics.median(cpu for _, cpu in found)


def _start() -> tuple[float, float]:
    with socket.socket() as free, tempfile.TemporaryDirectory() as home:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        line = [
            sys.executable,
            "-m",
            "jupyterlab",
            "--no-browser",
            "--allow-root",
            f"--port={port}",
        ]
        line += [
            "--IdentityProvider.token=",
            "--ServerApp.password=",
            f"--ServerApp.root_dir={home}",
        ]
        began = time.perf_counter()
        process = subprocess.Popen(
            line,
            env={**os.environ, "HOME": home, "JUPYTER_PREFER_ENV_PATH": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _answers(f"http://127.0.0.1:{port}/api", process)
            wall = time.perf_counter() - began
            spent = psutil.Process(process.pid).cpu_times()
        finally:
            process.terminate()
            process.wait(30)
    return wall, spent.user + spent.system


def _answers(url: str, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(url, timeout=5).close()
            return
        time.sleep(0.02)
    sys.exit("JupyterLab ended before it answered")


def curve(come: list[float], waits: list[float]) -> Iterator[tuple[int, int, float, float]]:
    """For each minute of arrival: how many came, and the median and longest wait."""
    for minute, group in itertools.groupby(
        zip(come, waits, strict=True), key=lambda one: int(one[0] // 60)
    ):
        found = [wait for _, wait in group]
        yield minute, len(found), statistics.median(found), max(found)


def p95(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=20)[-1]


def show(name: str, come: list[float], waits: list[float]) -> None:
    lines = list(curve(come, waits))
    longest = max(line[3] for line in lines)
    table = Table("minute", "arrive", "median wait", "longest", "", title=name)
    for minute, many, middle, most in lines:
        bar = "█" * round(30 * most / max(longest, 60))
        table.add_row(str(minute), str(many), f"{middle:.0f} s", f"{most:.0f} s", bar)
    Console().print(table)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--hub-cpu", type=float, default=0.15, help="seconds of the Hub for a start"
    )
    parser.add_argument("--node", type=float, nargs=2, default=(90.0, 180.0), help="seconds")
    parser.add_argument("--pull", type=float, nargs=2, default=(30.0, 60.0), help="seconds")
    parser.add_argument("--seats", type=int, default=60, help="servers on a node")
    parser.add_argument("--price", type=float, default=0.42, help="of a node's hour")
    parser.add_argument("--runs", type=int, default=5)
    told = parser.parse_args()
    wall, cpu = measured(3)
    print(f"JupyterLab answers after {wall:.2f} s, {cpu:.2f} s of processor (median of 3)")
    world = World(cpu, told.hub_cpu, tuple(told.node), tuple(told.pull), told.seats, told.price)
    figures: dict[str, object] = {"lab_seconds": round(wall, 2), "lab_cpu_seconds": round(cpu, 2)}
    p95s = {}
    for name, (title, expected) in SCENES.items():
        runs = [simulate(world, seed, expected) for seed in range(told.runs)]
        middle = sorted(runs, key=lambda run: p95(run[1]))[len(runs) // 2]
        show(title, *middle[:2])
        p95s[name] = p95(middle[1])
        figures[name] = {
            "p50_seconds": round(statistics.median(middle[1]), 1),
            "p95_seconds": round(p95s[name], 1),
            "longest_seconds": round(max(middle[1]), 1),
            "node_hours": round(middle[2], 1),
            "cost": round(middle[2] * told.price, 2),
        }
    ratios = {
        f"p95_{name}_to_cold": round(p95s[name] / p95s["cold"], 3)
        for name in SCENES
        if name != "cold"
    }
    print(json.dumps({"name": "stampede", "ratios": ratios, "figures": figures}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
