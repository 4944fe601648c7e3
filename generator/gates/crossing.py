"""Whether the answer of one exercise passes the tests of another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coursewright.generator.gates.subject import Subject, bare
from coursewright.generator.gates.trial import LESSON, Trial
from coursewright.grader.kernel import Kernel
from coursewright.grader.pool import leased
from coursewright.grader.wire import Late, Lost
from coursewright.records.course import HIDDEN

SECONDS = 1.0  # for all tests of an answer; few foreign answers come to the second one


def passing(subject: Subject, answers: Sequence[str]) -> list[bool]:
    """Of each of these answers whether it passes this exercise's tests. Raises Unavailable.

    Nearly none does, so they are first run in forks of one interpreter. What is not refused there
    goes through the grader; what takes too long there is taken to fail.
    """
    if not answers:
        return []
    likely = list(_likely(subject, answers))
    trial = Trial(subject)
    return [
        maybe and trial.of(answer).passed for maybe, answer in zip(likely, answers, strict=True)
    ]


def _likely(subject: Subject, answers: Sequence[str]) -> Iterator[bool]:
    tests = "\n\n".join(bare(HIDDEN.sub(r"\1", cell.source)) for cell in subject.tests)
    given = [cell for cell in subject.cells if cell.role != "tests"]
    with leased(Kernel, LESSON) as kernel:
        for answer in answers:
            texts = [answer if cell == subject.cell else bare(cell.source) for cell in given]
            try:
                if not kernel.alive:
                    kernel.start()
                yield kernel.test("answer", "\n\n".join([*texts, tests]), SECONDS).error is None
            except Late:
                yield kernel.expired
            except Lost:
                yield True
