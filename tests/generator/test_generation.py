"""A generation's folder: what is written there, and that nobody's work is written over."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import samples
import yaml
from autograding import ENVIRON, nbgrader
from generating import SMALL

from coursewright.generator.generation import Generation
from coursewright.generator.request import Request, read_outline
from coursewright.generator.trouble import Abstained
from coursewright.records.errors import Conflict, Invalid
from coursewright.records.notebooks import read_course, write_course

LESSON = "values-and-arithmetic"


def generation(directory: Path, request: Request = SMALL, seed: int = 0) -> Generation:
    return Generation(request, directory, "bank", seed, settings={})


def make(directory: Path, request: Request = SMALL, seed: int = 0, resume: bool = False) -> None:
    made = generation(directory, request, seed)
    made.prepare(resume)
    asyncio.run(made.run())


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("course") / "made"
    make(place, SMALL.model_copy(update={"exercises": 2}))
    return place


@pytest.fixture
def directory(generated: Path, tmp_path: Path) -> Path:
    shutil.copytree(generated, tmp_path / "course")
    return tmp_path / "course"


def by_hand(directory: Path) -> None:
    shutil.rmtree(directory)
    write_course(samples.course(), directory)


def untouched(directory: Path) -> None:
    """The folder of a run that has ended."""


@pytest.mark.parametrize(
    ("change", "words"), [(by_hand, "was not generated here"), (untouched, "by --resume")]
)
def test_a_folder_with_a_course_is_not_written_to(
    directory: Path, change: Callable[[Path], None], words: str
) -> None:
    change(directory)
    before = read_course(directory)
    with pytest.raises(Conflict, match=words):
        make(directory)
    assert read_course(directory) == before


def test_what_a_person_changed_by_hand_is_not_written_over(directory: Path) -> None:
    path = directory / "notebooks" / f"{LESSON}.ipynb"
    path.write_text(path.read_text().replace("# ", "# By hand: ", 1))
    with pytest.raises(Conflict, match=rf"{LESSON}.ipynb in .* were changed") as caught:
        make(directory, resume=True)
    assert "coursewright revise" in str(caught.value)
    assert "By hand" in path.read_text()


def test_the_same_seed_makes_the_same_course_and_another_seed_another(
    directory: Path, tmp_path: Path
) -> None:
    request = SMALL.model_copy(update={"exercises": 2})
    first = read_course(directory)
    make(tmp_path / "again", request)
    assert read_course(tmp_path / "again") == first
    make(directory, request, seed=1, resume=True)
    assert read_course(directory) != first


def test_notebooks_of_an_earlier_plan_go_away(directory: Path) -> None:
    request = SMALL.model_copy(
        update={
            "topic": "strings in Python",
            "level": "intermediate",
            "prerequisites": ["values and arithmetic", "decisions"],
        }
    )
    make(directory, request, resume=True)  # fmt: skip
    (lesson,) = read_course(directory).lessons()
    assert lesson.key != LESSON
    assert [path.stem for path in (directory / "notebooks").iterdir()] == [lesson.key]
    assert not (directory / "receipts" / f"{LESSON}.json").exists()


def test_an_outline_is_written_for_a_person_and_not_over_their_edit(tmp_path: Path) -> None:
    first = generation(tmp_path)
    first.prepare(resume=False)
    place = asyncio.run(first.outline())
    outline = read_outline(place)
    assert [plan.key for plan in outline.lessons()] == [LESSON]
    place.write_text(place.read_text().replace(f"title: {outline.title}", "title: Mine"))
    second = generation(tmp_path)
    second.prepare(resume=False)
    asyncio.run(second.outline())
    assert read_outline(place).title == "Mine"
    assert second.request.outline is not None


@pytest.mark.parametrize(
    ("edit", "kind", "words"),
    [
        (lambda text: text.replace("difficulty: easy", "difficulty: trivial"), Invalid, "easy"),
        (lambda text: text.replace("exercises:", "exercise:"), Invalid, "exercises: Field req"),
        (lambda text: text + "\0", Invalid, "neither YAML nor JSON"),
        (lambda text: text.replace("needs: []", f"needs: [{LESSON}]"), Abstained, "comes after it"),
    ],
)
def test_a_bad_edit_of_the_outline_is_named_and_kept(
    tmp_path: Path, edit: Callable[[str], str], kind: type[Exception], words: str
) -> None:
    first = generation(tmp_path)
    first.prepare(resume=False)
    place = asyncio.run(first.outline())
    place.write_text(edit(place.read_text()))
    edited = place.read_text()
    with pytest.raises(kind, match=words):
        make(tmp_path)
    assert place.read_text() == edited


def test_an_exercise_that_stands_twice_is_left_out_with_its_reason(tmp_path: Path) -> None:
    first = generation(tmp_path)
    first.prepare(resume=False)
    place = asyncio.run(first.outline())
    plan = yaml.safe_load(place.read_text())
    exercises = plan["modules"][0]["lessons"][0]["exercises"]
    exercises.append(exercises[0] | {"key": f"{exercises[0]['key']}-2"})
    place.write_text(yaml.safe_dump(plan))
    make(tmp_path)
    report = json.loads((tmp_path / "report.json").read_text())
    twin = f"{LESSON}/{exercises[1]['key']}"
    assert (report["planned"], report["accepted"]) == (2, 1)
    assert report["abstained_because"][twin][0].startswith(f"G12: It is {LESSON}/")
    assert [len(list(one.exercises())) for one in read_course(tmp_path).lessons()] == [1]


def test_nbgrader_takes_the_notebooks(directory: Path, tmp_path: Path) -> None:
    """Its validator runs each with the author's answers; then it makes the student's version."""
    (path,) = (directory / "notebooks").iterdir()
    place = tmp_path / "course-of-nbgrader"
    source = place / "source" / LESSON / path.name
    source.parent.mkdir(parents=True)
    shutil.copy(path, source)
    program = [sys.executable, "-m", "nbgrader", "validate", str(source)]
    done = subprocess.run(program, cwd=place, env=ENVIRON, capture_output=True, text=True)
    assert "Success! Your notebook passes all the tests." in done.stdout + done.stderr
    nbgrader(place, "generate_assignment", LESSON, check=True)
    released = json.loads((place / "release" / LESSON / path.name).read_text())
    text = json.dumps(released["cells"])
    assert "YOUR CODE HERE" in text
    assert "BEGIN HIDDEN TESTS" not in text
