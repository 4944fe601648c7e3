"""Grading where the sandboxes are built by another program, of another user, without a secret."""

from __future__ import annotations

import os
import select
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from attacked import SECRET, graded
from attacks import FORGERIES, LOOKS, STALLS
from homework import lesson, submission
from keeping import COMMAND, ROOT, UID, Keeper, as_user, descendants, keeper, owner

from coursewright.grader import kept, pool
from coursewright.grader.binds import python_binds, read_only, writable
from coursewright.grader.grade import grade
from coursewright.grader.kernel import Kernel
from coursewright.grader.limits import DEFAULT, Limits
from coursewright.grader.sandbox import Rlimits, Sandbox, available
from coursewright.grader.snippet import run_snippet
from coursewright.grader.wire import Lost
from coursewright.records.errors import Unavailable

PATH = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
PLAIN = Sandbox(environment=PATH)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where a keeper listens, in a folder that its user may write to."""
    with tempfile.TemporaryDirectory(prefix="cw-", dir="/tmp") as folder:
        os.chmod(folder, 0o770)
        if ROOT:
            os.chown(folder, UID, os.getegid())
        monkeypatch.setenv(kept.VARIABLE, f"{folder}/s")
        pool.close()
        yield Path(folder, "s")
        pool.close()


@pytest.fixture
def running(place: Path) -> Iterator[Keeper]:
    with keeper(place) as started:
        yield started
        pool.close()


def run(confined: Sandbox, *argv: str) -> tuple[int, str]:
    with confined.popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        text = process.stdout.read().decode()
        return process.wait(), text


def test_submissions_are_graded_as_without_it(running: Keeper) -> None:
    good = "def double(x): return 2 * x"
    result = grade(lesson(), submission(double=good))
    assert [cell.points for cell in result.cells] == [2, 2, 0]
    assert grade(lesson(), submission(double="double = None")).cells[0].points == 0
    theirs = descendants(running.process.pid)
    assert {owner(pid) for pid in theirs} == {UID}
    ours = set(descendants(os.getpid())) - {running.process.pid, *theirs}
    assert not any("zygote" in Path(f"/proc/{pid}/cmdline").read_text() for pid in ours)


def test_attacks_get_nothing(running: Keeper) -> None:
    for key, answer, status in FORGERIES.values():
        mark = graded(key, answer)[1]
        assert (mark.points, mark.status) == (0, status), mark.message
    for look in LOOKS.values():
        result, mark = graded("total", look)
        assert mark.points == 0
        assert SECRET not in str(result)
    for stall in list(STALLS.values())[:3]:
        assert graded("total", stall)[1].points == 0


def test_a_snippet_prints_and_is_stopped(running: Keeper) -> None:
    assert run_snippet("print(input())", "hello\n").stdout == "hello\n"
    assert run_snippet("raise SystemExit(3)").status == 3
    late = run_snippet("while True: pass", limits=Limits(total_seconds=1, memory=50 << 20))
    assert (late.stopped, late.status) == ("time", None)


def test_a_program_has_the_environment_and_descriptors_of_its_order(running: Keeper) -> None:
    found = run(PLAIN, "env")[1].split()
    assert set(found) <= {f"PATH={PATH['PATH']}", f"PWD={PLAIN.cwd}"}
    reading, writing = os.pipe()
    os.dup2(writing, 321)
    with PLAIN.popen(
        ["bash", "-c", "ls /proc/self/fd; echo >&3 2>/dev/null || echo shut; echo yes >&321"],
        pass_fds=[321],
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        listed = process.stdout.read().split()
    os.close(321)
    os.close(writing)
    assert listed == [b"0", b"1", b"2", b"3", b"321", b"shut"]  # 3 is what `ls` reads from
    assert os.read(reading, 9) == b"yes\n"
    os.close(reading)


def test_the_status_is_the_programs(running: Keeper) -> None:
    assert run(PLAIN, "sh", "-c", "exit 7")[0] == 7
    assert run(PLAIN, "sh", "-c", "kill -9 $$")[0] == 128 + 9
    assert run(replace(PLAIN, limits=Rlimits(cpu_seconds=1)), "sh", "-c", "while :; do :; done")[0]


TREE = "setsid sleep 600 & (trap '' TERM HUP; sleep 600) & echo started; sleep 600"
ENDS = ("killed", "the worker dies", "the keeper dies", "the keeper is told to stop twice")


@pytest.mark.parametrize("way", ENDS)
def test_the_whole_tree_dies(running: Keeper, way: str) -> None:
    reading, writing = os.pipe()
    code = (
        "import os, sys\nfrom coursewright.grader.sandbox import Sandbox\n"
        f"held = Sandbox(environment={PATH!r}).popen(['sh', '-c', {TREE!r}],"
        f" pass_fds=[{writing}])\nos.close({writing})\nsys.stdin.read()\nheld.kill()\nheld.wait()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        pass_fds=[writing],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as worker:
        os.close(writing)
        assert worker.stdout is not None
        assert worker.stdin is not None
        worker.stdout.readline()
        match way:
            case "killed":
                worker.stdin.close()
            case "the worker dies":
                worker.kill()
            case "the keeper dies":
                running.process.kill()
            case _:
                running.process.send_signal(signal.SIGTERM)
                running.wait_for("stopping")
                running.process.send_signal(signal.SIGTERM)
        # The last holder of the pipe's other end is gone when the pipe reads as ended.
        assert select.select([reading], [], [], 10)[0]
        worker.stdin.close()
    assert os.read(reading, 1) == b""
    os.close(reading)


def test_asked_to_stop_it_waits_for_the_sandboxes_that_run(running: Keeper) -> None:
    with PLAIN.popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        running.process.send_signal(signal.SIGTERM)
        running.wait_for("stopping")
        assert run(PLAIN, "true")[0] == 0  # the submission under way may need another one
        process.stdin.write(b"still here")
        process.stdin.close()
        assert process.stdout.read() == b"still here"
    assert running.process.wait(30) == 0
    assert not running.path.exists()


def test_a_keeper_killed_in_the_middle_costs_nobody_a_point(place: Path) -> None:
    endless = submission(double="while True: pass")
    outcome: list[BaseException | object] = []

    def try_it() -> None:
        try:
            outcome.append(grade(lesson(), endless, Limits(cell_seconds=60)))
        except Unavailable as error:
            outcome.append(error)

    with keeper(place) as first:
        grade(lesson(), submission())  # the reference has run
        pool.close()
        before = len(first.heard("started"))
        grading = threading.Thread(target=try_it)
        grading.start()
        first.wait_for("started", before + 2)
        first.end()
        grading.join(60)
    assert [type(one) for one in outcome] == [Unavailable]
    assert "again" in str(outcome[0]) or "waits" in str(outcome[0])
    with keeper(place):
        result = grade(lesson(), submission(double="def double(x): return 2 * x"))
        assert [cell.points for cell in result.cells] == [2, 2, 0]
        pool.close()


def test_a_cell_that_was_lost_with_the_keeper_has_no_outcome(running: Keeper) -> None:
    lease = pool.leased(Kernel, DEFAULT)
    kernel = lease.__enter__()
    kernel.start()
    assert kernel.run("first", "x = 1", 5).error is None
    running.end()
    with pytest.raises(Lost):
        kernel.run("second", "x += 1", 5)
    with pytest.raises(Unavailable, match="again"):
        lease.__exit__(None, None, None)


def test_what_rests_in_the_pool_is_not_missed(place: Path) -> None:
    for _ in range(2):  # the second keeper's worker still holds the first one's sandboxes
        with keeper(place):
            result = grade(lesson(), submission(double="def double(x): return 2 * x"))
            assert [cell.points for cell in result.cells] == [2, 2, 0]
    pool.close()


ORDERS = {
    "a place to write": (replace(PLAIN, binds=(writable("/var/tmp"),)), "/var/tmp would be"),
    "the accounts": (replace(PLAIN, binds=(read_only("/etc/shadow"),)), "/etc/shadow is shown to"),
    "the long way round": (replace(PLAIN, binds=(read_only("/usr/../root"),)), "shown to no"),
    "another system": (replace(PLAIN, system=(read_only("/"),)), "/ is shown to no sandbox"),
    "our other rooms": (replace(PLAIN, binds=python_binds(("generator",))), "generator is shown"),
    "the network": (replace(PLAIN, share_network=True), "no network"),
    "a life of its own": (replace(PLAIN, die_with_parent=False), "ends with it"),
    "a user of the system's": (replace(PLAIN, uid=1000), "the user 1000"),
}


@pytest.mark.parametrize("name", ORDERS)
def test_it_is_refused(running: Keeper, name: str) -> None:
    confined, reason = ORDERS[name]
    with pytest.raises(Unavailable, match=reason):
        confined.popen(["true"])


def test_nonsense_is_refused_and_harms_nobody(running: Keeper) -> None:
    for content in (b"", b"[]", b'{"argv": 7}', b"x" * 100):
        with kept.reach(str(running.path)) as connection, tempfile.TemporaryFile() as plan:
            plan.write(content)
            plan.flush()
            socket.send_fds(connection, [b"!"], [plan.fileno()] * 4)
            assert b"refused" in connection.recv(4096)
    assert run(PLAIN, "true")[0] == 0


def test_nobody_else_may_connect(running: Keeper) -> None:
    about = running.path.stat()
    assert stat.S_IMODE(about.st_mode) == 0o660
    assert (about.st_uid, about.st_gid) == (UID, os.getegid())
    code = (
        "import socket\ns = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)\n"
        f"s.connect({str(running.path)!r})\nassert s.recv(9) == b''"
    )
    strangers = {(0, 65_534): 0, (65_534, 65_534): 1} if ROOT else {}
    for (uid, gid), status in strangers.items():
        line = as_user(uid, gid, [sys.executable, "-c", code])
        done = subprocess.run(line, capture_output=True, text=True, check=False)
        assert done.returncode == status, done.stderr
        assert status == 0 or "PermissionError" in done.stderr
    if strangers:
        running.wait_for("refused")


SECRETS = (
    "COURSEWRIGHT_DATABASE_URL",
    "COURSEWRIGHT_HUB_DATABASE_URL",
    "COURSEWRIGHT_LLM_BASE_URL",
    "COURSEWRIGHT_LLM_API_KEY",
    "JUPYTERHUB_API_TOKEN",
    "PGPASSWORD",
)


@pytest.mark.parametrize("name", SECRETS)
def test_with_a_secret_it_does_not_start(place: Path, name: str) -> None:
    done = started(place, {name: "sesame-opens"})
    assert done.returncode != 0
    assert f"{name} is set here" in done.stderr
    assert "sesame" not in done.stderr


REFUSED = "import isolation, sys; isolation.refuse_mounts(); "
RUN = (
    "from coursewright.hub_config.command import Coursewright as c; c.launch_instance(sys.argv[1:])"
)


def test_where_nothing_isolates_it_does_not_start_and_says_what_is_missing(place: Path) -> None:
    code = f"import sys\nsys.path.insert(0, {str(Path(__file__).parents[1])!r})\n{REFUSED}\n{RUN}"
    line = [sys.executable, "-c", code, "sandboxes", "--socket", str(place)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "hostUsers: false" in done.stderr
    assert "seccomp" in done.stderr
    assert not place.exists()


def test_without_a_keeper_nothing_runs_and_the_work_is_kept(place: Path) -> None:
    with pytest.raises(Unavailable, match=r"kept and waits"):
        kept.reach(str(place), 0.2)
    done = started(place, {}, "--probe")
    assert done.returncode != 0
    assert "does not answer" in done.stderr


def test_a_worker_without_its_keeper_takes_no_job() -> None:
    line = [*COMMAND[:-1], "worker", "grade"]
    environ = {**os.environ, kept.VARIABLE: "/etc/passwd/s"}
    done = subprocess.run(line, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "kept and waits" in done.stderr


def test_what_a_dead_keeper_left_behind_is_taken_away(place: Path) -> None:
    with keeper(place) as first:
        first.process.kill()
        first.process.wait()
        assert place.exists()
        with keeper(place):
            assert available() is None
            assert "already" in started(place, {}).stderr
            assert started(place, {}, "--probe").returncode == 0


def started(
    place: Path, environ: dict[str, str], *options: str
) -> subprocess.CompletedProcess[str]:
    line = [*COMMAND, "--socket", str(place), *options]
    return subprocess.run(
        line, env=os.environ | environ, capture_output=True, text=True, check=False, timeout=60
    )
