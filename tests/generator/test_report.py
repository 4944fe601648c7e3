"""The report: figures with the plan as denominator, and a page that everybody can use."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from instances import TOPICS, planned
from playwright.sync_api import Browser

from coursewright.generator import receipts, report
from coursewright.generator.budget import Usage
from coursewright.generator.calls import Call
from coursewright.generator.drafts import ExercisePlan, ModulePlan, Outline
from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.made import Generated, Made, assembled
from coursewright.generator.outcomes import ExerciseOutcome, LessonOutcome, QuestionOutcome
from coursewright.generator.request import Request

TOPIC = TOPICS[0]
FAMILIES = TOPIC.families[:3]


def outcome(number: int, state: str, score: float | None) -> ExerciseOutcome:
    family = FAMILIES[number]
    draft = family.make(Random(0))
    promises = len(draft.spec.promises)
    gates = [
        GateResult("G3", () if state != "abstained" else (Finding("G3", "p", "It fails."),)),
        GateResult("G6", figures={"score": score}),
        GateResult("G7", figures={"proven": promises if score else 0}),
    ]
    return ExerciseOutcome(
        place=f"{TOPIC.key}/{family.key}",
        state=state,
        rounds=2 if state == "repaired" else 0,
        reasons=["G3: <b>It</b> fails."] if state == "abstained" else [],
        gates=[gate.to_json() for gate in gates],
        draft=draft,
    )


@pytest.fixture(scope="module")
def made() -> Generated:
    """One lesson: an exercise that is proven, one that was repaired, one that was left out."""
    plans = [
        ExercisePlan(key=one.key, title=one.title, idea=one.idea, concepts=list(one.concepts),
                     difficulty=one.difficulty)
        for one in FAMILIES
    ]  # fmt: skip
    plan = planned(TOPIC).model_copy(update={"exercises": plans})
    outline = Outline(
        key="bread", title="Bread & <butter>", summary="All of it.", objectives=["bake"],
        modules=[ModulePlan(key="m", title="M", lessons=[plan])],
    )  # fmt: skip
    lesson = Made(
        plan,
        LessonOutcome(place=TOPIC.key, state="accepted", draft=TOPIC.lesson(Random(0))),
        (outcome(0, "accepted", 1.0), outcome(1, "repaired", 0.9), outcome(2, "abstained", None)),
        (QuestionOutcome(place=f"{TOPIC.key}/q/1", state="abstained", reasons=["Q1: no key"]),),
    )
    request = Request(topic="Bread")
    course = assembled(request, outline, [lesson])
    note = Finding("C1", TOPIC.key, "Nothing asks.", blocks=False)
    return Generated(request, outline, (lesson,), course, (GateResult("C1", (note,)),))


def test_counts_are_of_what_was_planned(made: Generated) -> None:
    found = report.figures(made, Usage(700, 300, 0.5, calls=4), 61.25)
    promises = sum(len(one.make(Random(0)).spec.promises) for one in FAMILIES[:2])
    assert {name: found[name] for name in (
        "planned", "accepted", "repaired", "abstained", "mutation_median", "mutation_min",
        "promises", "promises_tested", "tokens", "calls", "cost", "cost_per_accepted", "seconds",
    )} == {
        "planned": 3, "accepted": 2, "repaired": 1, "abstained": 1, "mutation_median": 0.95,
        "mutation_min": 0.9, "promises": promises, "promises_tested": promises, "tokens": 1000,
        "calls": 4, "cost": 0.5, "cost_per_accepted": 0.25, "seconds": 61.2,
    }  # fmt: skip
    assert found["questions"] == {"planned": 1, "accepted": 0, "repaired": 0, "abstained": 1}
    assert set(found["abstained_because"]) == {
        f"{TOPIC.key}/{FAMILIES[2].key}", f"{TOPIC.key}/q/1",
    }  # fmt: skip


def test_without_prices_there_is_no_cost_and_without_exercises_no_score(made: Generated) -> None:
    assert report.figures(made, Usage(1, 1), 1.0)["cost_per_accepted"] is None
    empty = Generated(made.request, made.outline, (), made.course)
    found = report.figures(empty, Usage(), 0.0)
    assert (found["planned"], found["mutation_median"], found["mutation_min"]) == (0, None, None)


def test_the_page_says_what_became_of_each_piece_and_takes_no_markup_from_it(
    made: Generated, tmp_path: Path
) -> None:
    found = report.figures(made, Usage(), 1.0)
    report.write(tmp_path, made, found, "bank, seed 0")
    page = (tmp_path / "report.html").read_text()
    assert "2 of 3 planned exercises are proven" in page
    assert "proven after 2 repairs" in page
    assert "G3: &lt;b&gt;It&lt;/b&gt; fails." in page
    assert "<butter>" not in page
    assert "Q1: no key" in page
    assert "http" not in page.replace("http-equiv", "")


LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "phone": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}},
}


@pytest.fixture
def jp_asyncio_loop() -> None:
    """pytest-jupyter's, which every test gets, is none that a browser can live beside."""


@pytest.fixture
def jp_server_cleanup() -> None:
    """There is no Jupyter server here to clean up after."""


@pytest.mark.browser
@pytest.mark.parametrize("look", LOOKS)
def test_everybody_can_use_the_page(
    browser: Browser, made: Generated, tmp_path: Path, look: str
) -> None:
    report.write(tmp_path, made, report.figures(made, Usage(9, 9, 0.1, 1), 1.0), "model x")
    page = browser.new_context(**LOOKS[look]).new_page()
    page.goto((tmp_path / "report.html").as_uri())
    for summary in page.locator("summary").all():
        summary.click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1]


def test_receipts_name_what_each_piece_was_made_of_and_what_the_calls_took(
    made: Generated, tmp_path: Path
) -> None:
    call = Call("k", "spec", "m", text="secret draft", prompt=3, completion=4, seconds=1.234)
    receipts.write(tmp_path, receipts.receipts(made, "model m", [call]))
    place = f"{TOPIC.key}/{FAMILIES[1].key}"
    receipt = json.loads((tmp_path / f"{place}.json").read_text())
    assert (receipt["state"], receipt["rounds"], receipt["maker"]) == ("repaired", 2, "model m")
    assert {"spec", "reference", "tests", "digest"} <= set(receipt)
    assert [one["gate"] for one in receipt["gates"]] == ["G3", "G6", "G7"]
    course = json.loads((tmp_path / "course.json").read_text())
    assert course["calls"] == [
        {"key": "k", "purpose": "spec", "model": "m", "fingerprint": "", "prompt": 3,
         "completion": 4, "cost": None, "seconds": 1.23, "failure": ""}
    ]  # fmt: skip
