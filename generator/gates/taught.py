"""Taught: no exercise needs a construct that no example has shown before.

What examples show is read off their code; an exercise needs what its solution, its starter and its
visible tests are made of. A cheap and strong check (ai.md 6.5).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from coursewright.generator.gates.constructs import constructs
from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.gates.subject import Subject
from coursewright.records.course import Lesson
from coursewright.records.syntax import parse

GATE = "taught"
# What reads like the sentence that it stands for, in the first lesson too.
EVIDENT = """
    Add Assert Assign BinOp Call Compare Div Eq False FunctionDef Mult None NotImplementedError
    Pass Raise Return Sub True Tuple USub UnaryOp print
"""
PROGRAMMER = """
    And Attribute AugAssign BoolOp Break Continue Dict FloorDiv For FormattedValue Gt GtE If IfExp
    In Is IsNot JoinedStr List ListComp Lt LtE Mod Not NotEq NotIn Or Pow Set Slice Subscript While
    comprehension
    .append .get .items .join .keys .lower .split .strip .upper .values
    abs bool dict enumerate float int len list max min range round set sorted str sum tuple zip
"""
BASE = {
    "beginner": frozenset(EVIDENT.split()),
    "intermediate": frozenset(EVIDENT.split()) | frozenset(PROGRAMMER.split()),
}


def check(subject: Subject) -> GateResult:
    """Courses with prerequisites, or for the advanced, may use the whole language: not measured."""
    base = BASE.get(subject.level)
    if base is None or (subject.prerequisites and subject.level != "beginner"):
        return GateResult(GATE, (), {"measured": False})
    known = base | _shown(subject.before) | _shown_above(subject) | own(subject.reference)
    visible = "\n".join(test.visible for test in subject.exercise.tests)
    early = {
        name: place
        for place, code in (
            ("visible tests", visible),
            ("starter", subject.starter),
            ("reference", subject.reference),
        )
        for name in constructs(code) - known
    }
    found = [
        Finding(
            GATE,
            subject.place,
            f"The {place} needs {name!r}, which no example before it has shown.",
            evidence={"construct": name},
        )
        for name, place in sorted(early.items())
    ]
    return GateResult(GATE, tuple(found), {"known": len(known), "early": sorted(early)})


def own(source: str) -> frozenset[str]:
    """The attributes and methods of the classes that the exercise itself asks for."""
    try:
        tree = parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return frozenset()
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name, ctx=ast.Store()):
                names.add(f".{name}")
            case ast.ClassDef(body=body):
                names |= {f".{one.name}" for one in body if isinstance(one, ast.FunctionDef)}
    return frozenset(names)


def _shown(lessons: Iterable[Lesson]) -> frozenset[str]:
    """By the examples of whole lessons."""
    names: frozenset[str] = frozenset()
    for lesson in lessons:
        for cell in lesson.cells:
            if cell.kind == "code" and cell.role in ("example", "locked"):
                names |= constructs(cell.source)
    return names


def _shown_above(subject: Subject) -> frozenset[str]:
    names: frozenset[str] = frozenset()
    for cell in subject.lesson.cells:
        if cell.grade_id == subject.exercise.key:
            break
        if cell.kind == "code" and cell.role in ("example", "locked"):
            names |= constructs(cell.source)
    return names
