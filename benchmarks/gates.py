"""The gates on a seeded corpus: good exercises of the bank, and such with one defect each.

No speed, and no peer: what counts is that every gate catches its kind, that no defect is accepted,
and that at most 5 % of the good exercises are refused. tests/generator/gates/test_corpus.py tries
one of each kind.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

import defects
import defects_around
from defects import GOOD, Case

GATES = ("G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10", "G11", "G12")
OTHERS = ("taught", "solver", "L1", "L2", "L3", "Q1", "Q2", "Q3", "Q4", "Q5")


def confusion(cases: Sequence[Case], said: Sequence[set[str]]) -> dict[str, Counter[str]]:
    """By kind, how often each gate said no; "*" counts the cases, "-" those that none refused."""
    table: dict[str, Counter[str]] = {}
    for case, gates in zip(cases, said, strict=True):
        table.setdefault(case.kind, Counter()).update([*gates, "*", *([] if gates else ["-"])])
    return table


def show(table: dict[str, Counter[str]], own: dict[str, frozenset[str]]) -> None:
    """A gate that is there for a kind is printed with an equals sign."""
    width = max(map(len, table))
    names = [gate for gate in (*GATES, *OTHERS) if any(row[gate] for row in table.values())]
    print(f"{'':{width}}    n  none  {'  '.join(f'{name:>4}' for name in names)}")
    for kind, row in table.items():
        cells = []
        for gate in names:
            mark = "=" if gate in own[kind] else ""
            cells.append(f"{f'{mark}{row[gate]}' if row[gate] else '.':>{max(4, len(gate))}}")
        print(f"{kind:{width}}  {row['*']:>3}  {row['-'] or '.':>4}  {'  '.join(cells)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=2, help="of every kind of defect")
    parser.add_argument("--good", type=int, default=40, help="exercises without a defect")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    good = defects.good(given.good, given.seed)
    bad = defects.defective(given.each, given.seed)
    around = defects_around.good(given.seed), defects_around.defective(given.each, given.seed)
    cases = [*good, *bad, *(case for part in around for case in part)]
    began = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(lambda case: case.blocked(), cases))
    seconds = time.monotonic() - began
    show(confusion(cases, said), {case.kind: case.gates for case in cases})
    pairs = list(zip(cases, said, strict=True))
    missed = [case for case, gates in pairs if case.gates and not case.gates & gates]
    for case in missed:
        print(f"not caught by its gate: {case.kind} ({case.what})")
    for case, gates in pairs:
        if case.kind == GOOD and gates:
            print(f"refused, and good: {case.what} ({', '.join(sorted(gates))})")
    refused = sum(bool(gates) for case, gates in pairs[: len(good)] if case.kind == GOOD)
    figures = {
        "good": len(good),
        "good_refused": refused,
        "defective": len(bad),
        "kinds": len(defects.KINDS),
        "accepted": sum(not gates for case, gates in pairs[len(good) :] if case.kind != GOOD),
        "missed_by_their_gate": len(missed),
        "good_around": len(around[0]),
        "defective_around": len(around[1]),
        "seconds": round(seconds, 1),
    }
    print(json.dumps({"name": "gates", "ratios": {}, "figures": figures}))
    return 0 if not missed and not figures["accepted"] and refused <= 0.05 * len(good) else 1


if __name__ == "__main__":
    sys.exit(main())
