"""What a generation came to: figures, with what was planned as the denominator, and a page."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup

from coursewright.generator.budget import Usage
from coursewright.generator.made import Generated
from coursewright.generator.outcomes import ExerciseOutcome, Outcome
from coursewright.generator.plans import coverage

INLINE = re.compile(r"`([^`]+)`")
WORDS = {"accepted": "proven", "repaired": "proven after repairs", "abstained": "left out"}
# In a few words each; docs/gates.md has more.
GATES = {
    "G1": "parses and lints",
    "G2": "imports only what is allowed",
    "G3": "the reference passes, and examples are true",
    "G4": "the starter fails a test of every promise",
    "G5": "answers without understanding fail",
    "G6": "small mistakes are noticed",
    "G7": "every promise has a test of its own",
    "G8": "the same verdict in every run",
    "G9": "the lesson runs from top to bottom",
    "G10": "nothing of the answer is given away",
    "G11": "reads at the level of the course",
    "G12": "no exercise is another one again",
    "taught": "nothing is used before it is taught",
    "solver": "an independent answer passes",
    "L1–L3": "a lesson's examples run, and show what they print",
    "Q1–Q5": "a quiz item has one key, and blind answers agree",
}

pages = Environment(
    loader=PackageLoader("coursewright.generator", "templates"),
    autoescape=select_autoescape(),
    trim_blocks=True,
    lstrip_blocks=True,
)


def figures(made: Generated, usage: Usage, seconds: float) -> dict[str, Any]:
    """The report as JSON. Counts are of exercises; `cost` is None where no prices are set."""
    exercises = [one for lesson in made.lessons for one in lesson.exercises]
    questions = [one for lesson in made.lessons for one in lesson.questions]
    texts = [lesson.text for lesson in made.lessons]
    good = [one for one in exercises if one.state != "abstained"]
    scores = sorted(score for one in good if (score := mutation(one)) is not None)
    promised = [(made_, tested) for one in good for made_, tested in [_promises(one)]]
    return {
        "course": made.course.key,
        "title": made.course.title,
        **_counts(exercises),
        "lessons": _counts(texts),
        "questions": _counts(questions),
        "mutation_median": median(scores) if scores else None,
        "mutation_min": scores[0] if scores else None,
        "promises": sum(made_ for made_, _ in promised),
        "promises_tested": sum(tested for _, tested in promised),
        "tokens": usage.tokens,
        "calls": usage.calls,
        "cost": usage.cost,
        "cost_per_accepted": usage.cost / len(good) if usage.cost and good else None,
        "seconds": round(seconds, 1),
        "coverage": coverage(made.outline),
        "abstained_because": {
            one.place: one.reasons
            for one in (*texts, *exercises, *questions)
            if one.state == "abstained"
        },
        "whole": [gate.to_json() for gate in made.gates],
    }


def _counts(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """`accepted` holds the repaired ones too."""
    states = [one.state for one in outcomes]
    return {
        "planned": len(states),
        "accepted": len(states) - states.count("abstained"),
        "repaired": states.count("repaired"),
        "abstained": states.count("abstained"),
    }


def mutation(outcome: ExerciseOutcome) -> float | None:
    """Its mutation score, 0 to 1, where it was measured."""
    return _figure(outcome, "G6", "score")


def _promises(outcome: ExerciseOutcome) -> tuple[int, int]:
    """How many it makes, and how many of them a test of their own proves."""
    made = len(outcome.draft.spec.promises) if outcome.draft else 0
    return made, _figure(outcome, "G7", "proven") or 0


def _figure(outcome: Outcome, gate: str, name: str) -> Any:
    return next(
        (one["figures"].get(name) for one in outcome.gates if one["gate"] == gate),
        None,
    )


def page(made: Generated, found: dict[str, Any], maker: str) -> str:
    """The report as one HTML page that needs nothing else."""
    return pages.get_template("report.html").render(
        report=found,
        made=made,
        maker=maker,
        mutation=mutation,
        title=title,
        duration=duration,
        words=WORDS,
        gates=GATES,
    )


def title(outcome: ExerciseOutcome) -> str:
    return outcome.draft.spec.title if outcome.draft else outcome.place


def duration(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60} s" if whole >= 60 else f"{whole} s"


def code(text: str) -> Markup:
    """Pieces between backticks as code."""
    tag = Markup("<code>{}</code>")
    parts = enumerate(INLINE.split(text))
    return Markup("").join(tag.format(part) if number % 2 else part for number, part in parts)


pages.filters["code"] = code


def write(directory: Path, made: Generated, found: dict[str, Any], maker: str) -> None:
    text = json.dumps(found, indent=1) + "\n"
    (directory / "report.json").write_text(text, encoding="utf-8")
    (directory / "report.html").write_text(page(made, found, maker), encoding="utf-8")
