"""Changes of a course that is there: each a draft with a difference, accepted by a person."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fake_model import Asked, FakeModel, Said
from generating import SMALL, model
from scripted_model import Scripted, material_of, piece_of

from coursewright.generator import proposals, revise
from coursewright.generator.bank import catalogue
from coursewright.generator.drafts import Outline, Reference
from coursewright.generator.generation import Generation
from coursewright.generator.trouble import Abstained
from coursewright.records.course import Course
from coursewright.records.errors import Conflict, CoursewrightError, Invalid, NotFound
from coursewright.records.notebooks import read_course, write_course

LESSON = "values-and-arithmetic"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of the bank: one lesson, two exercises."""
    place = tmp_path_factory.mktemp("course") / "made"
    made = Generation(SMALL.model_copy(update={"exercises": 2}), place, "bank", settings={})
    made.prepare(resume=False)
    assert asyncio.run(made.run())["accepted"] == 2
    return place


@pytest.fixture
def directory(generated: Path, tmp_path: Path) -> Path:
    shutil.copytree(generated, tmp_path / "course")
    return tmp_path / "course"


def run(directory: Path, *words: str) -> None:
    """As the command does, in this process."""
    app = revise.ReviseApp()
    app.parse_command_line([str(directory), *words])
    app.start()


def keys(course: Course) -> list[str]:
    return [one.key for lesson in course.lessons() for one in lesson.exercises()]


def statements(course: Course) -> list[str]:
    (lesson,) = course.lessons()
    return [cell.source for cell in lesson.cells if cell.id.endswith("-says")]


def test_an_exercise_made_anew_is_another_one_in_its_place(directory: Path) -> None:
    before = read_course(directory)
    first, second = keys(before)
    run(directory, "--exercise", second, "--comment", "Less talk")
    assert read_course(directory) == before
    proposal = proposals.read(directory, 1)
    draft = read_course(proposal.folder)
    assert keys(draft) == [first, second]
    assert statements(draft)[0] == statements(before)[0]
    assert statements(draft)[1] != statements(before)[1]
    assert f"{LESSON} as it is" in proposal.diff
    assert proposal.findings == ()
    receipt = json.loads((proposal.folder / "receipts" / LESSON / f"{second}.json").read_text())
    assert receipt["state"] in ("accepted", "repaired")
    run(directory, "--accept", "1")
    assert read_course(directory) == draft
    with pytest.raises(Conflict, match="accepted already"):
        run(directory, "--accept", "1")


def test_a_harder_exercise_is_about_the_same(directory: Path) -> None:
    first, second = keys(read_course(directory))
    run(directory, "--harder", first)
    found = keys(read_course(proposals.read(directory, 1).folder))
    assert found[1] == second
    old, new = catalogue.family(first), catalogue.family(found[0])
    assert (old.difficulty, new.difficulty) == ("easy", "medium")
    assert set(old.concepts) & set(new.concepts)


def test_variants_are_different_and_equally_hard(directory: Path) -> None:
    before = read_course(directory)
    first = keys(before)[0]
    run(directory, "--exercise", first, "--variants", "2")
    proposal = proposals.read(directory, 1)
    made = [read_course(proposal.folder / "variants" / str(number)) for number in (1, 2)]
    assert [keys(one) for one in made] == [keys(before)] * 2
    assert len({statements(one)[0] for one in (before, *made)}) == 3
    promised = {len(next(one.exercises()).promises) for course in (before, *made)
                for one in course.lessons()}  # fmt: skip
    assert len(promised) == 1
    run(directory, "--accept", "1")
    assert read_course(directory) == before
    assert read_course(directory / "variants" / "2") == made[1]


def test_a_lesson_made_anew_keeps_its_exercises_and_its_quiz(directory: Path) -> None:
    before = read_course(directory)
    run(directory, "--lesson", LESSON, "--quiet")
    (old,), (new,) = before.lessons(), read_course(proposals.read(directory, 1).folder).lessons()
    assert list(new.exercises()) == list(old.exercises())
    assert list(new.quizzes()) == list(old.quizzes())
    assert all(cell.outputs for cell in new.cells if cell.role == "example")


def test_other_objectives_add_lessons_and_keep_those_that_serve(directory: Path) -> None:
    (before,) = read_course(directory).lessons()
    request = json.loads((directory / ".work" / "request.json").read_text())
    request["request"] |= {"modules": 2, "exercises": 1}
    (directory / ".work" / "request.json").write_text(json.dumps(request))
    run(directory, "--objectives", "decide by a condition")
    draft = read_course(proposals.read(directory, 1).folder)
    first, second = draft.lessons()
    assert first == before
    assert second.key == "decisions"
    assert len(list(second.exercises())) == 1
    assert draft.objectives == ("decide by a condition",)


@pytest.mark.parametrize(
    ("words", "kind", "message"),
    [
        (("--exercise", "nope"), NotFound, "no exercise 'nope'"),
        (("--lesson", "nope"), NotFound, "no lesson 'nope'"),
        (("--translate", "de"), Abstained, "--provider openai"),
        (("--objectives", "arithmetic"), Abstained, "no lesson that is not there"),
        (("--accept", "9"), NotFound, "no draft 9"),
        ((), Invalid, "one thing to change"),
        (("--lesson", "a", "--exercise", "b"), Invalid, "one thing to change"),
    ],
)
def test_what_cannot_be_changed_is_said_and_nothing_is_written(
    directory: Path, words: tuple[str, ...], kind: type[CoursewrightError], message: str
) -> None:
    before = read_course(directory)
    with pytest.raises(kind, match=message):
        run(directory, *words)
    assert read_course(directory) == before
    assert not [one for one in (directory / ".drafts").glob("[0-9]*")]


def test_a_draft_of_a_lesson_that_somebody_changed_meanwhile_is_not_accepted(
    directory: Path,
) -> None:
    run(directory, "--lesson", LESSON)
    path = directory / "notebooks" / f"{LESSON}.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][0]["source"] = ["# By hand"]
    path.write_text(json.dumps(notebook))
    with pytest.raises(Conflict, match="Make the draft again"):
        run(directory, "--accept", "1")
    assert json.loads(path.read_text())["cells"][0]["source"] == ["# By hand"]


class Other(Scripted):
    """Makes a piece with a note otherwise than one without; translates; changes plans."""

    def __call__(self, asked: Asked) -> Said:
        if "note of the person who asks for it" in material_of(asked) and not self.seed:
            self.seed = 99
            self.made.clear()
        return super().__call__(asked)

    def _solve(self, material: Mapping[str, str]) -> Reference:
        """The one exercise that is there; in the bank's course it has the title of its story."""
        defined = re.findall(r"def \w+", material["notebook"])
        key = next(key for key in self.made if any(one in defined for one in self._defines(key)))
        return self._made("solve", key)

    def _defines(self, key: str) -> list[str]:
        return re.findall(r"def \w+", " ".join(self.exercise(key).spec.signatures))

    def _translate(self, material: Mapping[str, str]) -> dict[str, Any]:
        return {"texts": [f"DE {text}" for text in material.values()]}

    def _adapt(self, material: Mapping[str, str]) -> Outline:
        plan = Outline.model_validate_json(material["plan"])
        fresh = self._outline({"request": json.dumps({"modules": 2, "lessons": 1,
                                                      "exercises": 1})})  # fmt: skip
        modules = [*plan.modules, *fresh.modules[1:]]
        goals = json.loads(material["request"])["objectives"]
        return plan.model_copy(update={"modules": modules, "objectives": goals})


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeModel]:
    with model() as fake:
        fake.answer = Other()
        for name, value in fake.environ().items():
            monkeypatch.setenv(name, value)
        yield fake


def asked_for(fake: FakeModel) -> set[str]:
    return {piece_of(one) for one in fake.completions}


def test_a_model_translates_the_prose_and_leaves_the_code(fake: FakeModel, directory: Path) -> None:
    before = read_course(directory)
    run(directory, "--translate", "de", "--provider", "openai", "--quiet")
    draft = read_course(proposals.read(directory, 1).folder)
    assert (draft.language, draft.title) == ("de", f"DE {before.title}")
    (old,), (new,) = before.lessons(), draft.lessons()
    for one, other in zip(old.cells, new.cells, strict=True):
        assert other.source == (f"DE {one.source}" if one.kind == "markdown" else one.source)
        assert other.own.get("proof") == one.own.get("proof")
        assert other.nbgrader == one.nbgrader
    (quiz,) = new.quizzes()
    assert all(item.prompt.startswith("DE ") for item in quiz.questions)
    assert asked_for(fake) == {"translate"}
    paid = len(fake.completions)
    run(directory, "--translate", "de", "--provider", "openai", "--quiet")
    assert len(fake.completions) == paid


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda texts: texts[:-1], "are asked for, these are"),
        (lambda texts: [text.replace("`", "'") for text in texts], "must have this code"),
        (lambda texts: ["", *texts[1:]], "is empty"),
    ],
)
def test_a_translation_that_loses_something_is_sent_back_and_then_refused(
    fake: FakeModel, directory: Path, spoil: Callable[[list[str]], list[str]], words: str
) -> None:
    script = Other()

    def answer(asked: Asked) -> str:
        return json.dumps({"texts": spoil(list(material_of(asked).values()))})

    fake.answer = lambda asked: answer(asked) if piece_of(asked) == "translate" else script(asked)
    with pytest.raises(Abstained, match=words):
        run(directory, "--translate", "de", "--provider", "openai")
    assert not (directory / ".drafts" / "1").exists()


def test_a_model_makes_an_exercise_of_a_course_by_hand_anew(
    fake: FakeModel, directory: Path, tmp_path: Path
) -> None:
    course = read_course(directory)
    write_course(course, tmp_path / "by-hand")
    first = keys(course)[0]
    run(tmp_path / "by-hand", "--exercise", first, "--comment", "About birds")
    told = next(one for one in fake.completions if piece_of(one) == "spec")
    note = material_of(told)["note of the person who asks for it"]
    assert note.startswith("About birds")
    assert statements(course)[0].splitlines()[0] in note
    draft = read_course(proposals.read(tmp_path / "by-hand", 1).folder)
    assert statements(draft)[0] != statements(course)[0]
    run(tmp_path / "by-hand", "--accept", "1")
    assert read_course(tmp_path / "by-hand") == draft
    assert not (tmp_path / "by-hand" / "notebooks").exists()


def test_a_model_adapts_a_course_and_makes_only_what_is_new(
    fake: FakeModel, directory: Path
) -> None:
    (before,) = read_course(directory).lessons()
    run(directory, "--objectives", "decide; repeat", "--provider", "openai")
    first, second = read_course(proposals.read(directory, 1).folder).lessons()
    assert first == before
    assert second.key == "decisions"
    lessons = [json.loads(material_of(one)["lesson plan"])["key"] for one in fake.completions
               if piece_of(one) in ("lesson", "quiz", "spec")]  # fmt: skip
    assert set(lessons) == {"decisions"}


def test_what_a_model_cannot_prove_is_no_draft(fake: FakeModel, directory: Path) -> None:
    first = keys(read_course(directory))[0]
    fake.answer = Other(incurable={"reference": {first}})
    with pytest.raises(Abstained, match="nothing was changed"):
        run(directory, "--exercise", first, "--provider", "openai")
    assert not (directory / ".drafts" / "1").exists()
