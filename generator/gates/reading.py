"""G11: a statement is neither terse nor long, reads at its learners' level, names what is there.

The level is Flesch and Kincaid's grade (1975), made for English; of other languages only the length
and the names are looked at.
"""

from __future__ import annotations

import ast
import builtins
import keyword
import re

from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.gates.subject import Subject, bare
from coursewright.records.syntax import parse

GATE = "G11"
WORDS = (15, 250)
GRADES = {"beginner": 9.0, "intermediate": 11.0, "advanced": 13.0}
SPARE = 1.0  # grades above the level's that are let by (ai.md 6.2)

FENCE = re.compile(r"```.*?```", re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
CALLED = re.compile(r"\b([A-Za-z_]\w*)\(")
MARKUP = re.compile(r"[#*_>\[\]|]|\(https?://[^)]*\)|^\s*\d+\.\s", re.MULTILINE)
SENTENCE = re.compile(r"[.!?:]+(?:\s|$)|\n\s*\n|\n(?=\s*(?:[-*]|\d+\.)\s)")
VOWELS = re.compile(r"[aeiouy]+")


def check(subject: Subject) -> GateResult:
    text = prose(subject.statement)
    count = len(text.split())
    found = []
    if not WORDS[0] <= count <= WORDS[1]:
        found.append(
            Finding(
                GATE,
                subject.place,
                f"The statement has {count} words; {WORDS[0]} to {WORDS[1]} read well.",
            )
        )
    figures: dict[str, object] = {"words": count, "grade": None}
    if subject.language.startswith("en") and count:
        level = grade(text)
        figures["grade"] = round(level, 1)
        most = GRADES[subject.level] + SPARE
        if level > most:
            found.append(
                Finding(
                    GATE,
                    subject.place,
                    f"The statement reads at grade {level:.1f}; {most:.0f} is the most for this"
                    " level. Shorter sentences and plainer words help.",
                )
            )
    for name in sorted(strangers(subject)):
        found.append(
            Finding(
                GATE,
                subject.place,
                f"The statement speaks of {name}(), which the exercise does not have.",
            )
        )
    return GateResult(GATE, tuple(found), figures)


def prose(markdown: str) -> str:
    """The words of a text, without code and markup; names in it count as one word."""
    return MARKUP.sub(" ", INLINE.sub("it", FENCE.sub(" ", markdown)))


def grade(text: str) -> float:
    """Flesch-Kincaid grade of English prose."""
    sentences = [part for part in SENTENCE.split(text) if part and part.split()]
    words = re.findall(r"[A-Za-z']+", text)
    if not words or not sentences:
        return 0.0
    syllables = sum(map(_syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def _syllables(word: str) -> int:
    lower = word.lower().strip("'")
    count = len(VOWELS.findall(lower))
    silent = lower.endswith("e") and not lower.endswith(("le", "ee"))
    return max(1, count - (1 if silent and count > 1 else 0))


def strangers(subject: Subject) -> set[str]:
    """Functions that the statement calls and that are nowhere in the exercise."""
    code = [subject.exercise.solution, *(cell.source for cell in subject.lesson.cells)]
    known = set(dir(builtins)) | set(keyword.kwlist)
    for source in (*code, *(test.visible for test in subject.exercise.tests)):
        known |= _names(source)
    spans = INLINE.findall(FENCE.sub(" ", subject.statement))
    named = {name for span in spans for name in CALLED.findall(span)}
    return {name for name in named if name not in known}


def _names(source: str) -> set[str]:
    try:
        tree = parse(bare(source))
    except (SyntaxError, ValueError, RecursionError):
        return set()
    names = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.Name(id=name):
                names.add(name)
            case ast.Attribute(attr=name) | ast.arg(arg=name) | ast.alias(name=name):
                names.add(name)
    return names
