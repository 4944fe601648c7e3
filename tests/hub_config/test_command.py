"""The `coursewright` command."""

from __future__ import annotations

import subprocess
import sys

import pytest
from traitlets.utils.importstring import import_item

from coursewright.hub_config.command import VERBS

COMMAND = [sys.executable, "-m", "coursewright.hub_config.command"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_explains_itself(verb: str) -> None:
    told = run(verb, "--help")
    assert told.returncode == 0
    first = import_item(VERBS[verb][0]).description.strip().splitlines()[0]
    assert " ".join(first.split()) in " ".join(told.stdout.split())
    assert any(part in told.stdout for part in ("Examples", "Subcommands", "--help-all"))


def test_without_a_verb_it_lists_them_all() -> None:
    told = run()
    assert told.returncode == 2
    for verb in VERBS:
        assert verb in told.stdout


def test_what_was_foreseen_is_told_without_a_traceback() -> None:
    told = run("worker", "nothing")
    assert told.returncode == 1
    assert told.stderr.startswith("coursewright: ")
    assert "Traceback" not in told.stderr


def test_grading_loads_no_hub() -> None:
    code = (
        "import sys; from traitlets.utils.importstring import import_item;"
        "from coursewright.hub_config.command import VERBS; import_item(VERBS['grade'][0]);"
        "print({'jupyterhub', 'sqlalchemy'} & set(sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"
