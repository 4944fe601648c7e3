"""Q1 to Q5: a quiz item has one key, is worded without traps, and is true where that can be run.

Q1  keys and options: as many keys as its kind has, options that differ
Q2  wording: no "all of the above", no key that its length gives away, no negation in small letters
Q3  code is run: what it prints is the key, also among options
Q4  blind answers agree with the key (`agreed`)
Q5  items of a course: none twice, keys not always in the same place (`check_bank`)

The rules are those of item writing, as ai.md 6.4 has them.
"""

from __future__ import annotations

import ast
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from coursewright.generator.gates.duplicates import ALIKE, resemblance
from coursewright.generator.gates.gate import Finding, GateResult
from coursewright.generator.maker import Solved
from coursewright.grader.quizzes import plain
from coursewright.grader.snippet import run_snippet
from coursewright.records.course import Question
from coursewright.records.syntax import parse

LONGER = 1.3  # times the longest other option, above which a key gives itself away
SHORT = 8  # characters more that give nothing away: values and names differ by that
AGREE = 2  # of three blind answers
OPTIONS = (3, 6)
ENTRIES = 3  # of an ordering; of two, every second guess is right
CATCH_ALL = re.compile(r"\b(?:all|none|both|neither) of (?:the )?(?:above|these|them)\b", re.I)
NEGATION = re.compile(r"\b(?:not|except|never|least)\b")
INLINE = re.compile(r"`([^`]+)`")
PRINTING = re.compile(r"\b(?:print|output|display)", re.I)
EMPHASISED = re.compile(r"\*\*[^*]*\*\*|\b[A-Z]{3,}\b")
# The chi-square that keys placed by chance exceed once in a hundred times, by degrees of freedom.
CHI_SQUARE = {1: 6.63, 2: 9.21, 3: 11.34, 4: 13.28, 5: 15.09}
FEWEST = 12  # items before their keys' places say anything


def check(place: str, item: Question) -> tuple[GateResult, ...]:
    """`place` is lesson/quiz. Raises Unavailable where code cannot be run."""
    where = f"{place}/{item.key}"
    return (
        GateResult("Q1", tuple(Finding("Q1", where, said) for said in _keys(item))),
        GateResult("Q2", tuple(_wording(where, item))),
        GateResult("Q3", tuple(Finding("Q3", where, said) for said in _runs(item))),
    )


def _keys(item: Question) -> Iterator[str]:
    if item.kind in ("single", "multiple"):
        yield from _options(item)
    elif item.kind == "ordering":
        yield from _entries(item)
    elif item.options:
        yield "It asks for an answer, and has options too."
    elif item.kind == "code-output" and not isinstance(item.answer, str):
        yield "Its key is no text."
    elif item.kind == "numeric":
        number = item.answer
        if not isinstance(number, int | float) or not math.isfinite(number):
            yield "Its key is no number."
    elif item.kind == "short-text" and not all(plain(form) for form in item.accepted or [""]):
        yield "It has no accepted form, or one that says nothing."


def _entries(item: Question) -> Iterator[str]:
    if len(item.options) < ENTRIES:
        yield f"It has {len(item.options)} entries to order; at least {ENTRIES} are wanted."
    if len({option.text.strip() for option in item.options}) < len(item.options):
        yield "Two of its entries are the same, so their order cannot be told."


def _options(item: Question) -> Iterator[str]:
    right = sum(option.correct is True for option in item.options)
    if not OPTIONS[0] <= len(item.options) <= OPTIONS[1]:
        yield f"It has {len(item.options)} options; {OPTIONS[0]} to {OPTIONS[1]} are wanted."
    if item.kind == "single" and right != 1:
        yield f"{right} of its options are marked as right; a single choice has one."
    if item.kind == "multiple" and not 0 < right < len(item.options):
        yield "Of its options some must be right and some wrong."
    counts = Counter(same(option.text) for option in item.options)
    for text, times in counts.items():
        if times > 1:
            yield f"{times} options say the same: {text}"


def same(text: str) -> str:
    """What an option says: code by its shape, values by what they are, words without case.

    3 and 3.0 are two answers: in Python that is often the question.
    """
    plain = " ".join(text.replace("`", " ").split())
    try:
        tree = parse(plain, mode="eval")
        return _value(tree) or ast.dump(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return plain.lower().rstrip(".")


def _value(tree: ast.Expression) -> str:
    try:
        return repr(ast.literal_eval(tree))
    except (ValueError, TypeError):
        return ""


def _wording(where: str, item: Question) -> Iterator[Finding]:
    for option in item.options:
        if CATCH_ALL.search(option.text):
            yield Finding("Q2", where, f"The option {option.text!r} leans on the others.")
        if not option.why:
            yield Finding("Q2", where, f"The option {option.text!r} has no reason.", blocks=False)
    right = [len(option.text) for option in item.options if option.correct]
    wrong = [len(option.text) for option in item.options if not option.correct]
    if item.kind == "single" and right and wrong and max(right) > LONGER * max(wrong) + SHORT:
        yield Finding("Q2", where, "The right option is much longer than the others.")
    plain = EMPHASISED.sub("", re.sub(r"`[^`]*`", "", item.prompt))
    if NEGATION.search(plain) and item.options and "?" in item.prompt:
        yield Finding(
            "Q2", where, "It asks for what is not so; print that word in bold.", blocks=False
        )
    shared = _given_away(item)
    if shared:
        yield Finding(
            "Q2", where, f"Only the right option shares {shared!r} with the question.", blocks=False
        )


def _given_away(item: Question) -> str:
    """A long word that the question shares with its key alone."""
    asked = set(re.findall(r"[a-z]{6,}", item.prompt.lower()))
    right = " ".join(option.text.lower() for option in item.options if option.correct)
    wrong = " ".join(option.text.lower() for option in item.options if not option.correct)
    found = [word for word in sorted(asked) if word in right and word not in wrong]
    return found[0] if item.kind == "single" and found else ""


def _runs(item: Question) -> Iterator[str]:
    """What running its code says. Of other kinds the code must at least parse."""
    if not item.code:
        if item.kind == "code-output":
            yield "It asks what code prints, and has none."
        return
    if item.kind != "code-output":
        try:
            parse(item.code)
        except (SyntaxError, ValueError, RecursionError) as error:
            yield f"Its code cannot be read: {error}"
        else:
            yield from _printed(item)
        return
    result = run_snippet(item.code)
    if result.stopped or result.status:
        reason = result.stopped or result.stderr.strip().rpartition("\n")[2]
        yield f"Its code does not come to an end: {reason}"
    elif result.stdout.rstrip("\n") != item.answer:
        yield f"Its code prints {result.stdout.rstrip()!r}; the key is {item.answer!r}."
    elif not result.stdout.strip():
        yield "Its code prints nothing."


def _printed(item: Question) -> Iterator[str]:
    """Of options that stand for what code prints, the one that it does print is a right one."""
    if not item.options or not PRINTING.search(item.prompt):
        return
    result = run_snippet(item.code)
    if result.stopped or result.status:
        return  # which may be what the item is about
    for option in item.options:
        if option.text.strip("` ") == result.stdout.strip() and not option.correct:
            yield f"Its code prints {result.stdout.strip()!r}, an option that is not its key."


def agreed(place: str, item: Question, answers: Sequence[Solved]) -> GateResult:
    """What blind answers say; `chosen` and `defensible` are numbers of the item's own order."""
    where = f"{place}/{item.key}"
    right = tuple(number for number, option in enumerate(item.options) if option.correct)
    agreeing = sum(_agrees(item, right, answer) for answer in answers)
    others = sorted({n for answer in answers for n in answer.defensible} - set(right))
    found = []
    if agreeing < min(AGREE, len(answers)):
        said = f"{agreeing} of {len(answers)} blind answers agree with its key."
        found.append(Finding("Q4", where, said))
    for number in others:
        if number < len(item.options):
            said = f"The option {item.options[number].text!r} can be defended as well."
            found.append(Finding("Q4", where, said))
    return GateResult("Q4", tuple(found), {"answers": len(answers), "agree": agreeing})


def _agrees(item: Question, right: tuple[int, ...], answer: Solved) -> bool:
    if item.options:
        return tuple(sorted(answer.chosen)) == right
    if item.kind == "numeric":
        try:
            value = float(answer.answer)
        except ValueError:
            return False
        wanted = float(item.answer or 0)
        return math.isclose(value, wanted, rel_tol=1e-9, abs_tol=max(item.tolerance, 1e-9))
    return answer.answer.rstrip("\n") == item.answer


def check_bank(items: Sequence[tuple[str, Question]]) -> GateResult:
    """All items of a course with their places."""
    found = []
    for at, (place, item) in enumerate(items):
        for _, other in items[:at]:
            if _repeats(item, other):
                where = f"{place}/{item.key}"
                found.append(Finding("Q5", where, f"It is the item {other.key} again."))
                break
    singles = [item for _, item in items if item.kind == "single" and item.options]
    places = Counter(
        next((n for n, option in enumerate(item.options) if option.correct), 0) for item in singles
    )
    options = max((len(item.options) for item in singles), default=0)
    if len(singles) >= FEWEST and options > 1:
        expected = len(singles) / options
        chi = sum((places[n] - expected) ** 2 / expected for n in range(options))
        if chi > CHI_SQUARE.get(options - 1, 15.09):
            said = f"The right options stand in places {dict(sorted(places.items()))}: shuffle."
            found.append(Finding("Q5", "course", said, blocks=False))
    return GateResult("Q5", tuple(found), {"items": len(items)})


def _repeats(item: Question, other: Question) -> bool:
    def whole(one: Question) -> str:
        return " ".join([one.prompt, one.code, *sorted(option.text for option in one.options)])

    if whole(item) == whole(other):
        return True
    if item.code or other.code or item.kind != other.kind:
        return False
    if INLINE.findall(whole(item)) != INLINE.findall(whole(other)):  # words say little beside it
        return False
    return resemblance(whole(item), whole(other)) > ALIKE
