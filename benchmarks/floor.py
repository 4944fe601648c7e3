"""The least that grading could cost: the same cells in a bare fork of a warm IPython.

No sandbox, no second process, no database, no feedback: what is left is Python's and IPython's.
`floor.py --cells FILE` runs them: the file has one list of cells for each submission; it prints
CPU milliseconds for each. grading.py does that.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from coursewright.grader import interpreter


def cells(source: dict[str, Any], submission: dict[str, Any]) -> list[str]:
    """The code of a submission, its tests the author's."""
    tests = {_name(cell): cell["source"] for cell in source["cells"] if _flags(cell).get("grade")}
    return [
        "".join(tests.get(_name(cell), cell["source"]))
        for cell in submission["cells"]
        if cell["cell_type"] == "code"
    ]


def measure(submissions: Sequence[Sequence[str]], file: Path) -> float:
    """CPU milliseconds for each, in a process of its own; `file` is written."""
    file.write_text(json.dumps(submissions))
    done = subprocess.run(
        [sys.executable, __file__, "--cells", file], capture_output=True, text=True, check=True
    )
    return float(done.stdout.splitlines()[-1])


def run(submissions: Sequence[Sequence[str]]) -> float:
    shell = interpreter.make_shell()
    gc.collect()
    gc.freeze()
    before = _seconds()
    for sources in submissions:
        child = os.fork()
        if child == 0:
            with open(os.devnull, "w") as nowhere:
                sys.stdout = sys.stderr = nowhere
                for number, source in enumerate(sources, 1):
                    interpreter.run(shell, f"cell:{number}", source)
            os._exit(0)
        os.waitpid(child, 0)
    return (_seconds() - before) / len(submissions) * 1000


def _seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _flags(cell: dict[str, Any]) -> dict[str, Any]:
    flags: dict[str, Any] = cell["metadata"].get("nbgrader", {})
    return flags


def _name(cell: dict[str, Any]) -> str | None:
    return _flags(cell).get("grade_id")


if __name__ == "__main__" and sys.argv[1:2] == ["--cells"]:
    # What cells show leaves marks on the same stream.
    print(f"\n{run(json.loads(Path(sys.argv[2]).read_text()))}")
