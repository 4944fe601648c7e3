"""What a maker of content hands over, piece by piece: checked when it arrives, stored as JSON.

    Outline > ModulePlan > LessonPlan > ExercisePlan, QuizPlan      what is to be made
    LessonDraft; Spec, Reference, Tests, Wrong, Hints; QuizDraft    what was made

Every model here is also sent to language models as a schema, so each keeps to what all servers
accept: objects at the root, every field required, no free-form dictionaries, no recursion.
Counts and lengths are checked here and trusted to no server.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]


def _as_one(source: Any) -> Any:
    """Small models give code as lines, or in a Markdown fence."""
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "\n".join(source)
    if not isinstance(source, str):
        return source
    fenced = re.fullmatch(r"\s*```\w*\n(.*?)\n?```\s*", source, re.DOTALL)
    return fenced[1] if fenced else source


Code = Annotated[str, BeforeValidator(_as_one), StringConstraints(min_length=1, max_length=20_000)]
Difficulty = Literal["easy", "medium", "hard"]


class Draft(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ExercisePlan(Draft):
    """`idea` is one sentence: what the student is to write."""

    key: Key
    title: Line
    idea: Line
    concepts: list[Line] = Field(min_length=1, max_length=4)
    difficulty: Difficulty


class QuizPlan(Draft):
    key: Key
    title: Line
    questions: int = Field(ge=1, le=12)
    concepts: list[Line] = Field(min_length=1)


class LessonPlan(Draft):
    """`needs` are the keys of lessons that must come before; `concepts` what it teaches anew."""

    key: Key
    title: Line
    minutes: int = Field(ge=5, le=240)
    objectives: list[Line] = Field(min_length=1, max_length=8)
    concepts: list[Line] = Field(min_length=1, max_length=10)
    needs: list[Key]
    exercises: list[ExercisePlan] = Field(max_length=12)
    quiz: QuizPlan | None


class ModulePlan(Draft):
    key: Key
    title: Line
    lessons: list[LessonPlan] = Field(min_length=1, max_length=12)


class Outline(Draft):
    """The plan of a course: an instructor may edit and approve it before the rest is made."""

    key: Key
    title: Line
    summary: Text
    objectives: list[Line] = Field(min_length=1, max_length=20)
    modules: list[ModulePlan] = Field(min_length=1, max_length=40)

    def lessons(self) -> Iterator[LessonPlan]:
        for module in self.modules:
            yield from module.lessons


class Block(Draft):
    """A piece of a lesson: Markdown, or code that is run and whose real output is shown."""

    kind: Literal["text", "example"]
    source: Text


class LessonDraft(Draft):
    blocks: list[Block] = Field(min_length=1, max_length=60)


class Example(Draft):
    """A call and what it gives, both as Python source."""

    call: Line
    result: Line


class Spec(Draft):
    """What an exercise asks for. `promises` are testable sentences, numbered from 1.

    `signatures` are lines such as ``def mean(values)``; `required` and `forbidden` are constructs
    as `generator.gates.constructs` names them; `imports` are modules that the answer may import.
    """

    key: Key
    title: Line
    statement: Text
    signatures: list[Line] = Field(min_length=1, max_length=6)
    promises: list[Line] = Field(min_length=1, max_length=10)
    examples: list[Example] = Field(max_length=8)
    concepts: list[Line] = Field(min_length=1, max_length=4)
    imports: list[Line]
    required: list[Line]
    forbidden: list[Line]


class Reference(Draft):
    """The answer's source: every signature of the spec, defined."""

    source: Code


class TestDraft(Draft):
    """Statements that fail by AssertionError where promise number `promise` is broken."""

    __test__ = False  # the name is the field's own; pytest must not collect it

    promise: int = Field(ge=1, le=10)
    visible: bool
    source: Code


class Tests(Draft):
    """Written without the reference. `inputs` is the source of ``def inputs(random)``.

    That function yields tuples of arguments for the first signature; it tells mutants that are
    equivalent to the reference from those that the tests missed.
    """

    __test__ = False  # as above

    tests: list[TestDraft] = Field(min_length=1, max_length=40)
    inputs: Code | None


class Violation(Draft):
    """A wrong answer that breaks this promise and no other."""

    promise: int = Field(ge=1, le=10)
    source: Code


class Wrong(Draft):
    violations: list[Violation] = Field(max_length=12)


class Hints(Draft):
    """From a nudge to nearly the answer."""

    hints: list[Line] = Field(min_length=1, max_length=4)


class ExerciseDraft(Draft):
    """All parts of one exercise. `second` is an independent solver's answer, once there is one."""

    spec: Spec
    reference: Reference
    tests: Tests
    wrong: Wrong
    hints: Hints
    difficulty: Difficulty
    second: Reference | None = None


class OptionDraft(Draft):
    """`why` is why it is right or wrong."""

    text: Line
    correct: bool
    why: Line


class QuestionDraft(Draft):
    """One quiz item; the kinds are those of records.course.Question.

    `answer` is the source of a number (numeric), or what `code` prints (code-output); `evidence` a
    sentence of the lesson that decides it.
    """

    key: Key
    kind: Literal["single", "multiple", "numeric", "code-output"]
    prompt: Text
    options: list[OptionDraft] = Field(max_length=6)
    answer: str | None
    code: str
    explanation: Line
    concepts: list[Line] = Field(min_length=1, max_length=4)
    evidence: str


class QuizDraft(Draft):
    questions: list[QuestionDraft] = Field(min_length=1, max_length=12)
