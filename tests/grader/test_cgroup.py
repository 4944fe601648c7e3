"""The memory of a whole sandbox: its processes and its files in memory together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from coursewright.grader.binds import python_binds
from coursewright.grader.cgroup import PREFIX, Home
from coursewright.grader.sandbox import Confined, Host, Rlimits, Sandbox

HOSTS = {host.builder: host for host in Host.here()}
LITTLE = 96 << 20
CHILDREN = (
    "import os, time\n"
    "for _ in range(8):\n"
    "    if not os.fork():\n"
    "        x = b'x' * (30 << 20)\n        time.sleep(10)\n"
    "try:\n    os.wait()\nexcept OSError: pass\n"
)
FILES = (
    "for n in range(40):\n    open(f'/tmp/{n}', 'wb').write(b'x' * (8 << 20))\nwhile True: pass\n"
)


@pytest.fixture(params=["bubblewrap", "namespaces"])
def host(request: pytest.FixtureRequest) -> Host:
    return HOSTS[request.param]


def start(host: Host, code: str, tree: int = LITTLE, **options: int) -> Confined:
    confined = Sandbox(
        binds=python_binds(rooms=()),
        environment={"PATH": "/usr/bin:/bin"},
        limits=Rlimits(tree=tree, cpu_seconds=20),
        tmp_size=512 << 20,
    )
    line = [sys.executable, "-I", "-c", code]
    return confined.start(host, line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)


def groups() -> set[str]:
    """Those of this process that are there now; sandboxes that are kept warm have one too."""
    home = Home.find()
    return set() if home is None else {f.name for f in home.folder.glob(f"{PREFIX}{os.getpid()}-*")}


@pytest.mark.parametrize("code", [CHILDREN, FILES], ids=["processes", "files"])
def test_a_tree_that_takes_too_much_is_killed_and_no_other(host: Host, code: str) -> None:
    with start(host, "print(input())") as other, start(host, code) as bomb:
        bounded = host.memory is not None
        assert bool(bomb.wait(60) is not None and bomb.ooms) == bounded
        assert other.communicate(b"alive\n", timeout=30)[0] == b"alive\n"
    assert other.ooms == 0


def test_what_stays_below_the_limit_is_let_be(host: Host) -> None:
    with start(host, "x = b'x' * (40 << 20); print(len(x))") as process:
        assert process.communicate(timeout=30)[0] == b"41943040\n"
    assert process.ooms == 0


ENDS = {
    "by itself": "",
    "killed": "input()",
    "with a child that hides": "import os\nif not os.fork():\n    os.setsid()\n    input()",
}


@pytest.mark.parametrize("end", ENDS)
def test_no_group_is_left(host: Host, end: str) -> None:
    before = groups()
    with start(host, ENDS[end]) as process:
        assert (groups() != before) == (host.memory is not None)
        if end == "killed":
            process.kill()
    assert groups() == before


def test_a_program_that_does_not_start_leaves_no_group(host: Host) -> None:
    before = groups()
    with pytest.raises(FileNotFoundError):
        start(host, "", cwd="/does/not/exist")
    assert groups() == before


def test_the_group_of_a_killed_process_is_removed_later() -> None:
    code = (
        "import sys\nfrom coursewright.grader.cgroup import Home\nhome = Home.find()\n"
        "print(home.group(1 << 24).folder if home else '', flush=True)\nsys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        folder = process.stdout.readline().strip()
        process.send_signal(signal.SIGKILL)
    if folder:
        assert Path(folder).exists()
        Home.find()
        assert not Path(folder).exists()
    else:
        assert Home.find() is None


def test_where_no_group_can_be_made_none_is(tmp_path: Path) -> None:
    assert not Home(tmp_path / "absent", unified=True).works()
    assert not Home(Path("/proc"), unified=False).works()
