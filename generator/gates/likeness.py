"""Whether an answer that the tests let by does anything else than the reference: tried in the
sandbox, by ../comparison.py.

An equal answer is no fault of the tests; but "equal" is only believed of inputs that find out
most of the answers that the tests do refuse.
"""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Sequence
from dataclasses import dataclass

from coursewright.generator import comparison
from coursewright.generator.gates.subject import Subject, bare
from coursewright.generator.gates.trial import LESSON
from coursewright.generator.mutation import Mutant
from coursewright.grader.kernel import Kernel
from coursewright.grader.pool import leased
from coursewright.grader.wire import Late, Lost
from coursewright.records.course import HIDDEN
from coursewright.records.syntax import parse

SECONDS = comparison.LONG + 5.0  # for one comparison
SAMPLE = 6  # refused answers that the inputs are tried on


@dataclass(frozen=True)
class Likeness:
    """`difference` is the first call with two results, as text; `tried` how many were tried.

    Without a difference the two are `equal`, if enough was tried to say so.
    """

    difference: str = ""
    tried: int = 0
    equal: bool = False


def likenesses(
    subject: Subject, passed: Sequence[Mutant], refused: Sequence[Mutant], seed: int = 0
) -> list[Likeness]:
    """One for each of `passed`. Raises Unavailable."""
    if not passed:
        return []
    with leased(Kernel, LESSON) as kernel:
        bench = _Bench(kernel, subject, seed)
        found = [bench.compare(mutant) for mutant in passed]
        believed = {
            name: bench.tells([mutant for mutant in refused if mutant.within == name])
            for name in {
                mutant.within
                for mutant, one in zip(passed, found, strict=True)
                if one.tried and not one.difference
            }
        }
    return [
        Likeness(
            one.difference, one.tried, not one.difference and believed.get(mutant.within, False)
        )
        for mutant, one in zip(passed, found, strict=True)
    ]


class _Bench:
    """A kernel that has comparison.py loaded."""

    def __init__(self, kernel: Kernel, subject: Subject, seed: int) -> None:
        self.kernel, self.subject, self.seed = kernel, subject, seed
        self.tests = [bare(HIDDEN.sub(r"\1", cell.source)) for cell in subject.tests]
        self.first = _first_function(subject.reference)

    def compare(self, mutant: Mutant) -> Likeness:
        subject = self.subject
        asked = {
            "reference": self._program(subject.reference),
            "answer": self._program(mutant.source),
            "name": mutant.within,
            # The author's inputs are for the first function that the student writes.
            "inputs": subject.proof.inputs if mutant.within == self.first else None,
            "tests": self.tests,
            "seed": self.seed,
        }
        try:
            if not self.kernel.alive:
                self.kernel.start()
                self.kernel.run("cell:0", inspect.getsource(comparison), SECONDS)
            call = f"json.dumps(compare(**json.loads({json.dumps(json.dumps(asked))})))"
            reply = self.kernel.test("cell:1", f"import json\n{call}", SECONDS)
            return _read(reply.result)
        except Late:
            return Likeness("" if self.kernel.expired else "it does not come to an end")
        except Lost:
            return Likeness("it ends Python")

    def tells(self, refused: Sequence[Mutant]) -> bool:
        """Whether the inputs find out at least half of these answers."""
        step = max(1, len(refused) // SAMPLE)
        sample = [self.compare(mutant) for mutant in refused[::step][:SAMPLE]]
        return 2 * sum(bool(one.difference) for one in sample) >= len(sample)

    def _program(self, answer: str) -> str:
        cells = [cell for cell in self.subject.cells if cell.role != "tests"]
        return "\n\n".join(
            answer if cell == self.subject.cell else bare(cell.source) for cell in cells
        )


def _first_function(source: str) -> str:
    functions = [node for node in parse(bare(source)).body if isinstance(node, ast.FunctionDef)]
    return functions[0].name if functions else ""


def _read(result: str | None) -> Likeness:
    """What the sandbox says: a text of JSON, as Python shows it."""
    try:
        told = json.loads(ast.literal_eval(result or ""))
        difference, tried = told
        return Likeness(str(difference), int(tried))
    except (ValueError, TypeError, SyntaxError):
        return Likeness()
