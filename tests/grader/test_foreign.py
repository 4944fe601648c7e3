"""Notebooks in other languages: real Jupyter kernels, in the sandbox."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from homework import code, exercise, flags, notebook

from coursewright.grader.foreign import visible
from coursewright.grader.grade import grade
from coursewright.grader.kernelspecs import Wanted, find, wanted
from coursewright.grader.limits import Limits
from coursewright.grader.reckoning import findings
from coursewright.grader.result import Result
from coursewright.records.course import Lesson
from coursewright.records.errors import Unavailable

QUICK = Limits(cell_seconds=2.0, total_seconds=30.0)
PATH = "/usr/local/bin:/usr/bin:/bin"
BASH = ["python", "-m", "bash_kernel", "-f", "{connection_file}"]
# Python under a name that is not its own: what it shows is what IPython shows.
OTHER = ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]


@pytest.fixture(scope="module")
def specs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("jupyter")
    install(folder, "bash", "bash", BASH)
    install(folder, "serpent", "serpent", OTHER)
    install(folder, "silent", "silent", ["/usr/bin/false"])
    install(folder, "homely", "homely", [str(folder / "program")])
    (folder / "program").write_text("#!/bin/sh\n")
    (folder / "program").chmod(0o755)
    return folder


@pytest.fixture(autouse=True)
def installed(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_PATH", str(specs))


def install(folder: Path, name: str, language: str, argv: list[str]) -> None:
    place = folder / "kernels" / name
    place.mkdir(parents=True)
    about = {"argv": argv, "display_name": name, "language": language}
    (place / "kernel.json").write_text(json.dumps(about))


def lesson(language: str, *cells: dict[str, Any]) -> dict[str, Any]:
    spec = {"name": language, "display_name": language, "language": language}
    return {**notebook(*cells), "metadata": {"kernelspec": spec}}


SECRET = "### BEGIN HIDDEN TESTS\n[ $(double 1234567) = 2469134 ]\n### END HIDDEN TESTS"


def shell(double: str = "double() { echo $((2 * $1)); }", later: str = "Y=5") -> dict[str, Any]:
    return lesson(
        "bash",
        code("setup", "X=3", flags("setup", locked=True)),
        *exercise("double", double, f"[ $(double $X) = 6 ]\n{SECRET}", promises=("It doubles.",)),
        *exercise("later", later, "[ $Y = 5 ]"),
    )


def points(result: Result) -> list[float]:
    return [cell.points for cell in result.cells]


def test_the_lessons_kernel_grades_whichever_one_the_student_names() -> None:
    handed_in = {**shell(), "metadata": {"kernelspec": {"name": "python3", "language": "python"}}}
    result = grade(shell(), handed_in, QUICK)
    assert (points(result), result.mode) == ([2, 2], "shared")
    assert [cell.message for cell in result.cells] == ["", ""]
    assert "graded with the lesson's, bash" in result.repairs[0]
    # ruff knows Python and nothing else.
    assert findings(Lesson.from_notebook(shell(), key="a", title="A"), shell(), result) == {}


ANSWERS = {
    "wrong": ("double() { echo 7; }", "Not yet: It doubles. A hidden test failed."),
    "right for the visible test only": ("double() { echo 6; }", "A hidden test failed."),
    "an error": ("double() { echo 7; }; false", "Your cell raised an error: 1."),
    "endless": ("while true; do :; done", "Your cell took more than 2 seconds and was stopped."),
    "no answer": ("unset double", "A hidden test failed."),
}


def test_a_wrong_answer_costs_only_itself() -> None:
    test = f"[ $(double $X) = 6 ]\n{SECRET}"
    handed_in = shell()
    handed_in["cells"] = shell()["cells"][:1]
    source = shell()
    source["cells"] = shell()["cells"][:1]
    for number, (answer, _) in enumerate(ANSWERS.values()):
        about = (test, 2, ("It doubles.",))
        right = "double() { echo $((2 * $1)); }"
        handed_in["cells"] += exercise(f"double-{number}", answer, *about)
        source["cells"] += exercise(f"double-{number}", right, *about)
    handed_in["cells"] += shell()["cells"][-2:]
    source["cells"] += shell()["cells"][-2:]
    result = grade(source, handed_in, QUICK)
    assert points(result) == [*(0 for _ in ANSWERS), 2]
    for cell, (_, message) in zip(result.cells, ANSWERS.values(), strict=False):
        assert message in cell.message


def test_an_answer_that_ends_all_it_can_reach_costs_only_itself() -> None:
    result = grade(shell(), shell("kill -9 -1"), QUICK)
    assert points(result) == [0, 2]
    assert "ended while this ran: your cell" in result.cells[0].message


def test_hidden_tests_are_shown_to_nobody() -> None:
    keep = 'double() { echo "$@" >> /tmp/seen; echo $((2 * $1)); }'
    tell = "Y=5; history; declare -f; cat /tmp/seen; cat /tmp/seen >&2; false"
    result = grade(shell(), shell(keep, tell), QUICK)
    assert "1234567" not in str(result)
    assert result.cells[0].points == 2


SERPENT = """
print("before")
from IPython.display import HTML, display
display(HTML("<b>bold</b><script>x</script>"))
41 + 1
"""
CREDIT = {
    "1": 1,
    "0": 0,
    "5": 2,
    "'words'": 2,
    "import sys\nprint(1, file=sys.stderr)": 0,
    "1/0": 0,
}


def test_points_and_what_is_shown_are_as_in_jupyter() -> None:
    tests = [cell for n, test in enumerate(CREDIT) for cell in exercise(f"e{n}", "x = 1", test)]
    source = lesson("serpent", code("mine", SERPENT), *tests)
    result = grade(source, source, QUICK)
    assert points(result) == list(CREDIT.values())
    kinds = [output["output_type"] for output in result.outputs["mine"]]
    assert kinds == ["stream", "display_data", "execute_result"]
    assert result.outputs["mine"][1]["data"]["text/html"] == "<b>bold</b>"
    assert result.outputs["mine"][2]["data"]["text/plain"] == "42"
    assert "The test failed: division by zero" in result.cells[-1].message


FLOOD = "import sys\nwhile True: sys.stdout.write('x' * 10**6)"


def test_who_prints_without_end_is_stopped() -> None:
    source = lesson("serpent", *exercise("it", "x = 1", "assert x == 1"))
    handed_in = lesson("serpent", *exercise("it", FLOOD, "assert x == 1"))
    result = grade(source, handed_in, QUICK)
    assert points(result) == [0]
    assert len(str(result.outputs)) < 30_000


NOT_THERE = {
    "klingon": "needs the Jupyter kernel 'klingon', which is not installed",
    "r": "IRkernel",
    "silent": "The kernel 'silent' did not start",
    "homely": "which no sandbox shows",
}


@pytest.mark.parametrize("language", NOT_THERE)
def test_a_kernel_that_is_not_there_is_named_with_what_to_do(language: str) -> None:
    source = lesson(language, *exercise("it", "x", "y"))
    with pytest.raises(Unavailable, match=NOT_THERE[language]):
        grade(source, source, QUICK)


def test_another_kernel_of_the_same_language_will_do() -> None:
    assert find(Wanted("bash-5.2", "bash"), PATH).name == "bash"


NAMED = [
    ({}, None),
    ({"kernelspec": {"name": "conda-env-x", "language": "python"}}, None),
    ({"kernelspec": {"name": "python3"}}, None),
    ({"kernelspec": {"name": "mine"}, "language_info": {"name": "python"}}, None),
    ({"kernelspec": {"name": "ir", "language": "R"}}, Wanted("ir", "r")),
    ({"language_info": {"name": "julia"}}, Wanted("julia", "julia")),
    ({"kernelspec": [], "language_info": 3}, None),
]


@pytest.mark.parametrize(("metadata", "kernel"), NAMED)
def test_a_notebook_says_which_kernel_it_needs(metadata: Any, kernel: Wanted | None) -> None:
    assert wanted({"metadata": metadata}) == kernel


def test_hidden_tests_may_stand_in_any_languages_comments() -> None:
    source = "a\n// ### BEGIN HIDDEN TESTS\nsecret\n// ### END HIDDEN TESTS\nb"
    assert visible(source) == "a\nb"
    assert visible("a\n### BEGIN HIDDEN TESTS\nsecret") == "a"
