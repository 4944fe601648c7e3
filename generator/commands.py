"""`coursewright generate REQUEST.yaml --out DIR`: a topic becomes a proven course."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, cast

from rich.console import Console
from traitlets import Bool, Enum, Float, Int, Unicode
from traitlets.config import Application

from coursewright.generator.display import Display, spending
from coursewright.generator.generation import Generation, Limits
from coursewright.generator.makers import Provider, provider
from coursewright.generator.request import read_request
from coursewright.generator.trouble import KEPT
from coursewright.records.errors import Conflict, CoursewrightError, Invalid


class Stopped(Conflict):
    """By Ctrl-C, or by who runs this machine."""


class GenerateApp(Application):
    """Make a course from a request: plan, lessons, exercises with tests, quizzes.

    Every exercise is run before it is accepted: its solution passes, its starter and trivial
    cheats fail, small mistakes are noticed, every promise has a test. What cannot be proven is
    left out, and the report says why. DIR gets course.json, notebooks/, receipts/, report.html
    and report.json.
    """

    name = "coursewright generate"
    description = __doc__ or ""
    examples = """
        coursewright generate examples/python-basics.yaml --out my-course/
        coursewright generate request.yaml --out my-course/ --resume
        coursewright generate request.yaml --out my-course/ --outline-only  # to edit the plan
        coursewright generate request.yaml --out my-course/ --budget-tokens 500000

    A request is a page of YAML; only `topic` must be there. The model is the one that
    COURSEWRIGHT_LLM_BASE_URL, COURSEWRIGHT_LLM_API_KEY and COURSEWRIGHT_LLM_MODEL name; without
    them the bank serves, which knows a number of topics of Python.
    """

    out = Unicode(config=True, help="The folder of the course.")
    provider = Enum(
        ("openai", "bank"),
        None,
        allow_none=True,
        config=True,
        help="Who makes it: a model or the bank. Without it, the model when one is set.",
    )
    seed = Int(0, config=True, help="The bank makes the same course again from the same seed.")
    budget_tokens = Int(None, allow_none=True, config=True, help="Stop before more tokens.")
    budget_money = Float(None, allow_none=True, config=True, help="Stop before it costs more.")
    budget_seconds = Float(None, allow_none=True, config=True, help="Stop after this long.")
    resume = Bool(False, config=True, help="Go on with what an earlier run left in the folder.")
    outline_only = Bool(False, config=True, help="Stop with outline.yaml, for a person to edit.")
    json = Bool(False, config=True, help="Print the report as JSON at the end.")
    jobs = Int(2, min=1, config=True, help="How many pieces are checked at a time.")
    concurrent = Int(8, min=1, config=True, help="How many calls to the model at a time.")

    aliases = {
        name.replace("_", "-"): f"GenerateApp.{name}"
        for name in (
            "out",
            "provider",
            "seed",
            "budget_tokens",
            "budget_money",
            "budget_seconds",
            "jobs",
            "concurrent",
        )
    }
    flags = {
        name.replace("_", "-"): ({"GenerateApp": {name: True}}, words)
        for name, words in (
            ("resume", "Go on with what an earlier run left in the folder."),
            ("outline_only", "Stop with outline.yaml, for a person to edit."),
            ("json", "Print the report as JSON at the end."),
        )
    }

    def start(self) -> None:
        """Exit 0 when something was made, 1 when nothing of it could be proven."""
        super().start()
        if len(self.extra_args) != 1 or not self.out:
            raise Invalid(
                "Say what to make and where: coursewright generate REQUEST.yaml --out DIR"
            )
        path = Path(self.extra_args[0])
        request = read_request(path)
        generation = Generation(
            request=request,
            directory=Path(self.out),
            provider=cast(Provider | None, self.provider) or provider(os.environ),
            seed=self.seed,
            limits=Limits(
                tokens=self.budget_tokens,
                money=self.budget_money,
                seconds=self.budget_seconds,
                checks=self.jobs,
                calls=self.concurrent,
            ),
            sources=path.parent,
        )
        generation.prepare(self.resume)
        try:
            found = asyncio.run(self._run(generation))
        except Stopped as stopped:
            leave(str(stopped))
        if found is not None:
            self._tell(found)
            self.exit(0 if found["accepted"] else 1)

    async def _run(self, generation: Generation) -> dict[str, Any] | None:
        """The report; None where only the outline was asked for. Raises Stopped after a signal."""
        console = Console(stderr=True)
        console.print(f"Made by the {generation.provider}, in {generation.directory}")
        display = Display(console, lambda: generation.spent)
        generation.notice = display.notice
        stop_on_signals(display.notice)
        began = time.monotonic()
        try:
            with display:
                if not self.outline_only:
                    return await generation.run(display, began)
                place = await generation.outline(display)
        except asyncio.CancelledError:
            spent = spending(generation.spent)
            parts = ("Stopped.", f"{spent}." if spent else "", KEPT)
            raise Stopped(" ".join(filter(None, parts))) from None
        except CoursewrightError:
            if generation.spent.calls:
                console.print(spending(generation.spent))
            raise
        console.print(f"{place}: edit it, then run the command without --outline-only.")
        return None

    def _tell(self, found: dict[str, Any]) -> None:
        if self.json:
            sys.stdout.write(json.dumps(found) + "\n")
            return
        console = Console()
        console.print(
            f"{found['accepted']} of {found['planned']} exercises are proven,"
            f" {found['repaired']} of them after repairs; {found['abstained']} were left out."
        )
        for place, reasons in found["abstained_because"].items():
            console.print(f"  {place}: {'; '.join(reasons)}", markup=False)
        console.print(f"The report: {Path(self.out) / 'report.html'}", soft_wrap=True)
        console.print(f"Try it: coursewright publish {self.out}", soft_wrap=True)


def stop_on_signals(notice: Callable[[str], None]) -> None:
    """Cancel this task by Ctrl-C or SIGTERM; a second one ends the calls under way, too."""
    task = asyncio.current_task()

    def stop() -> None:
        if task is not None and not task.cancelling():
            notice("Stopping, once the replies under way, which are paid for, are here.")
            notice("Ctrl-C again does not wait for them.")
        if task is not None:
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)


def leave(message: str) -> NoReturn:
    """End at once: the checks under way, in threads, would keep the process until they are done."""
    sys.stderr.write(f"coursewright: {message}\n")
    sys.stderr.flush()
    os._exit(128 + signal.SIGINT)
