"""`coursewright revise DIR`: one change of a course, as a draft that a person accepts."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import cast

from rich.console import Console
from rich.syntax import Syntax
from traitlets import Bool, Enum, Float, Int, Unicode
from traitlets.config import Application

from coursewright.generator import folder, planned, proposals
from coursewright.generator.budget import Budget
from coursewright.generator.changes import Changed, Changing
from coursewright.generator.commands import leave, stop_on_signals
from coursewright.generator.display import spending
from coursewright.generator.gates.pool import GatePool
from coursewright.generator.makers import Provider, makers, provider
from coursewright.generator.outcomes import Outcome
from coursewright.generator.steps import StepsInFolder
from coursewright.records.errors import Invalid
from coursewright.records.notebooks import read_course

KINDS = ("lesson", "exercise", "easier", "harder", "translate", "objectives")


class ReviseApp(Application):
    """Change one thing in a course: the change becomes a draft, and nothing else is touched.

    What is made anew goes through the same gates as a new course. A draft shows its difference,
    cell by cell; --accept puts it into the course.
    """

    name = "coursewright revise"
    description = __doc__ or ""
    examples = """
        coursewright revise my-course/ --exercise add-up --comment "Less arithmetic, more loops"
        coursewright revise my-course/ --lesson strings --comment "Begin with an example"
        coursewright revise my-course/ --easier add-up      # or --harder
        coursewright revise my-course/ --exercise add-up --variants 5
        coursewright revise my-course/ --translate de
        coursewright revise my-course/ --objectives "sort by a rule; search in a sorted list"
        coursewright revise my-course/ --show 3
        coursewright revise my-course/ --accept 3
    """
    lesson = Unicode("", config=True, help="Write this lesson's text anew; its exercises stay.")
    exercise = Unicode("", config=True, help="Make this exercise anew (its key, or lesson/key).")
    comment = Unicode("", config=True, help="What to do otherwise, for --lesson and --exercise.")
    easier = Unicode("", config=True, help="An easier exercise in the place of this one.")
    harder = Unicode("", config=True, help="A harder exercise in the place of this one.")
    variants = Int(
        0, min=0, max=50, config=True, help="So many equally hard ones, for one student each."
    )
    translate = Unicode("", config=True, help="Into the language of this tag, such as de.")
    objectives = Unicode("", config=True, help="Change the plan for these, between semicolons.")
    show = Int(0, config=True, help="Show the difference of this draft.")
    accept = Int(0, config=True, help="Put this draft into the course.")
    provider = Enum(("openai", "bank"), None, allow_none=True, config=True, help="As for generate.")
    seed = Int(None, allow_none=True, config=True, help="As for generate.")
    budget_tokens = Int(None, allow_none=True, config=True, help="For all changes of this course.")
    budget_money = Float(None, allow_none=True, config=True, help="For all changes of this course.")
    quiet = Bool(False, config=True, help="Do not print the difference.")

    aliases = {
        name.replace("_", "-"): f"ReviseApp.{name}"
        for name in (
            *KINDS,
            "comment",
            "variants",
            "show",
            "accept",
            "provider",
            "seed",
            "budget_tokens",
            "budget_money",
        )
    }
    flags = {"quiet": ({"ReviseApp": {"quiet": True}}, "Do not print the difference.")}

    def start(self) -> None:
        super().start()
        asked = [name for name in (*KINDS, "show", "accept") if getattr(self, name)]
        if len(self.extra_args) != 1 or len(asked) != 1:
            raise Invalid(
                "Say in which folder, and one thing to change: coursewright revise DIR --exercise"
                " KEY --comment '…'. `coursewright revise --help` lists what there is."
            )
        directory, console = Path(self.extra_args[0]), Console()
        if self.show:
            console.print(coloured(proposals.read(directory, self.show).diff))
        elif self.accept:
            changed = proposals.accept(directory, proposals.read(directory, self.accept))
            what = ", ".join(changed) or "nothing but files beside the notebooks"
            console.print(f"Draft {self.accept} is accepted; it changed {what}.")
        else:
            try:
                self._tell(console, directory, asyncio.run(self._propose(directory, asked[0])))
            except asyncio.CancelledError:
                leave("Stopped; the course is as it was. The same command does not pay again.")

    async def _propose(self, directory: Path, kind: str) -> proposals.Proposal:
        course = read_course(directory)
        known = folder.request_of(directory)
        request, made_by, seed = known or (planned.request_for(course), None, 0)
        stop_on_signals(Console(stderr=True).print)
        drafts = directory / proposals.DRAFTS
        drafts.mkdir(exist_ok=True)
        budget = Budget(self.budget_tokens, self.budget_money)
        which = cast(Provider, self.provider or made_by or provider(os.environ))
        with GatePool() as pool:
            async with makers(
                which,
                seed=seed if self.seed is None else self.seed,
                settings=os.environ,
                folder=drafts,
                budget=budget,
                sources={},
            ) as who:
                steps = StepsInFolder(drafts / "steps")
                changing = Changing(course, request, who, steps, pool)
                changed = await self._change(changing, kind)
        place = proposals.new_folder(directory)
        self._say(changed.outcomes, spending(budget.spent))
        asked = f"--{kind} {getattr(self, kind)} {self.comment}".strip()
        return proposals.propose(place, course, changed, asked, who.maker.name)

    def _change(self, changing: Changing, kind: str) -> Awaitable[Changed]:
        given = getattr(self, kind)
        if kind == "exercise" and self.variants:
            return changing.variants(given, self.variants)
        doing: dict[str, Callable[[], Awaitable[Changed]]] = {
            "exercise": lambda: changing.exercise(given, self.comment),
            "lesson": lambda: changing.text(given, self.comment),
            "easier": lambda: changing.harder(given, -1),
            "harder": lambda: changing.harder(given, 1),
            "translate": lambda: changing.translated(given),
            "objectives": lambda: changing.objectives(
                [one.strip() for one in given.split(";") if one.strip()]
            ),
        }
        return doing[kind]()

    def _say(self, outcomes: tuple[Outcome, ...], spent: str) -> None:
        console = Console(stderr=True)
        for one in outcomes:
            reasons = f": {'; '.join(one.reasons)}" if one.reasons else ""
            console.print(f"{one.place} {one.state}{reasons}", markup=False, highlight=False)
        if spent:
            console.print(spent)

    def _tell(self, console: Console, directory: Path, proposal: proposals.Proposal) -> None:
        if not self.quiet:
            console.print(coloured(proposal.diff))
        console.print(f"Draft {proposal.number} is in {proposal.folder}", soft_wrap=True)
        for finding in proposal.findings:
            console.print(finding, markup=False, soft_wrap=True)
        if proposal.findings:
            console.print("It is not proven, so it cannot be accepted.")
        else:
            accept = f"coursewright revise {directory} --accept {proposal.number}"
            console.print(f"Accept it: {accept}", soft_wrap=True)


def coloured(diff: str) -> Syntax:
    """In the terminal's own colours."""
    return Syntax(diff, "diff", theme="ansi_dark", word_wrap=True, background_color="default")
