"""What a confined program can and cannot do, tried with real programs and both builders."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from isolation import without_isolation

from coursewright.grader.binds import empty, python_binds, read_only, system_binds, writable
from coursewright.grader.sandbox import Host, Rlimits, Sandbox, available, ready, settle
from coursewright.records.errors import Unavailable

HERE = Path(__file__).parents[2]
PATH = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
HOSTS = {host.builder: host for host in Host.here()}


@pytest.fixture(params=["bubblewrap", "namespaces"])
def host(request: pytest.FixtureRequest) -> Host:
    return HOSTS[request.param]


@pytest.fixture
def unsettled() -> Iterator[None]:
    """The choice of a builder is made again in this test, and again after it."""
    ready.cache_clear()
    yield
    ready.cache_clear()


def run(host: Host, sandbox: Sandbox, *argv: str) -> subprocess.CompletedProcess[str]:
    with sandbox.start(host, argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        said, complained = process.communicate(timeout=30)
    return subprocess.CompletedProcess(
        argv, process.returncode, said.decode(), complained.decode(errors="replace")
    )


def python(host: Host, code: str, sandbox: Sandbox | None = None) -> str:
    confined = sandbox or Sandbox(binds=python_binds(rooms=()), environment=PATH)
    done = run(host, confined, sys.executable, "-I", "-c", code)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_sandboxes_work_here() -> None:
    assert available() is None


def test_the_program_is_an_ordinary_user_for_good(host: Host) -> None:
    status = run(host, Sandbox(environment=PATH, uid=212_345), "cat", "/proc/self/status").stdout
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert fields["Uid"].split() == ["212345"] * 4
    assert {fields[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {
        "0" * 16
    }
    assert fields["NoNewPrivs"] == "1"
    assert fields["Seccomp"] == "2"


BARRED = {
    "a new user namespace": ["unshare", "--user", "true"],
    "root again": ["setpriv", "--reuid=0", "true"],
    "a mount": ["mount", "-t", "tmpfs", "none", "/tmp"],
    "another root": ["chroot", "/usr", "bin/true"],
    "a file of the system": ["touch", "/usr/bin/new"],
    "a file in the root": ["touch", "/new"],
    "a device": ["mknod", "/tmp/disk", "b", "8", "0"],
    "a file in /dev": ["touch", "/dev/new"],
    "the accounts": ["cat", "/etc/shadow"],
    "a kernel setting": ["sh", "-c", "echo 1 > /proc/sys/kernel/core_uses_pid"],
    "the kernel's log": ["dmesg"],
    "control groups": ["ls", "/sys/fs/cgroup"],
}


@pytest.mark.parametrize("name", BARRED)
def test_it_is_refused(host: Host, name: str) -> None:
    assert run(host, Sandbox(environment=PATH), *BARRED[name]).returncode != 0


def test_it_sees_its_own_processes_only(host: Host) -> None:
    seen = python(host, "import os; print([int(n) for n in os.listdir('/proc') if n.isdigit()])")
    assert json.loads(seen) == [1, 2]


def test_it_sees_no_file_that_was_not_given(host: Host, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    code = f"import os; print(os.listdir('/tmp'), os.path.exists({str(tmp_path)!r}))"
    # This very environment may lie below /tmp, and Python must be found.
    given = [Path(sys.prefix).parts[2]] if sys.prefix.startswith("/tmp/") else []
    assert python(host, code) == f"{given} False"


def test_a_bind_is_read_only_or_writable_as_was_asked(host: Host, tmp_path: Path) -> None:
    for name in ("read", "write"):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(0o777)
    binds = (read_only(tmp_path / "read", "/given"), writable(tmp_path / "write", "/home/me"))
    confined = Sandbox(binds=binds, environment=PATH, cwd="/home/me")
    assert run(host, confined, "sh", "-c", "pwd; touch here").stdout == "/home/me\n"
    assert (tmp_path / "write" / "here").exists()
    assert run(host, confined, "touch", "/given/here").returncode != 0


def test_an_empty_folder_hides_what_is_below_it(host: Host, tmp_path: Path) -> None:
    (tmp_path / "rooms" / "a").mkdir(parents=True)
    tmp_path.chmod(0o755)
    confined = Sandbox(
        binds=(read_only(tmp_path, "/given"), empty("/given/rooms")), environment=PATH
    )
    assert run(host, confined, "ls", "-A", "/given/rooms").stdout == ""
    assert run(host, confined, "touch", "/given/rooms/x").returncode != 0


def test_our_rooms_are_hidden_but_for_those_that_are_named(host: Host) -> None:
    confined = Sandbox(binds=python_binds(rooms=("records",)), environment=PATH)
    assert python(host, "from coursewright.records import course", confined) == ""
    for room in ("grader", "generator", "services", "hub_config"):
        code = f"import importlib.util as u\nprint(u.find_spec('coursewright.{room}.__init__'))"
        assert run(host, confined, sys.executable, "-I", "-c", code).stdout.strip() in ("None", "")
    listed = run(
        host, confined, "find", str(HERE), "-name", "*.ipynb", "-not", "-path", "*/site-packages/*"
    )
    assert listed.stdout == ""


def test_the_environment_is_what_was_given_and_stands_on_no_command_line(
    host: Host,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COURSEWRIGHT_LLM_API_KEY", "sesame")
    confined = Sandbox(environment={**PATH, "TOKEN": "own-secret"})
    found = run(host, confined, "env").stdout.split()
    assert "TOKEN=own-secret" in found
    assert {line.partition("=")[0] for line in found} <= {"TOKEN", "PATH", "PWD"}
    with confined.start(host, ["true"]) as process:
        assert "own-secret" not in " ".join(process.args)
    assert "own-secret" not in repr(confined)


def test_no_network_is_reached_unless_it_is_shared(host: Host) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = (
            "import socket\n"
            f"try: socket.create_connection(('127.0.0.1', {port}), 2); print('reached')\n"
            "except OSError as error: print(type(error).__name__)"
        )
        assert python(host, code) == "ConnectionRefusedError"
        shared = Sandbox(binds=python_binds(rooms=()), environment=PATH, share_network=True)
        assert python(host, code, shared) == "reached"


LIMITS = {
    "memory": (
        Rlimits(memory=256 << 20),
        "try: bytearray(1 << 30)\nexcept MemoryError: print('held')",
    ),
    "processes": (
        Rlimits(processes=8),
        "import os, time\ntry:\n    for _ in range(9):\n        if not os.fork(): time.sleep(9)\n"
        "except BlockingIOError: print('held')",
    ),
    "file size": (
        Rlimits(file_size=1000),
        "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "try: open('/tmp/f', 'wb', 0).write(b'x' * 1001) == 1000 and print('held')\n"
        "except OSError: print('held')",
    ),
    "open files": (
        Rlimits(open_files=16),
        "try: files = [open('/dev/null') for _ in range(20)]\nexcept OSError: print('held')",
    ),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_holds(host: Host, name: str) -> None:
    limits, code = LIMITS[name]
    confined = Sandbox(binds=python_binds(rooms=()), environment=PATH, limits=limits)
    assert python(host, code, confined).splitlines()[0] == "held"


def test_processor_time_is_limited(host: Host) -> None:
    confined = Sandbox(environment=PATH, limits=Rlimits(cpu_seconds=1))
    assert run(host, confined, "sh", "-c", "while :; do :; done").returncode != 0


@pytest.mark.parametrize("folder", ["/tmp", "/dev/shm"])
def test_its_disk_is_small_and_in_memory(host: Host, folder: str) -> None:
    confined = Sandbox(environment=PATH, tmp_size=1 << 20, shm_size=1 << 20)
    fill = f"head -c 2000000 /dev/zero > {folder}/big"
    done = run(host, confined, "sh", "-c", fill)
    assert "No space left" in done.stderr


ESCAPES = {
    "setsid": "setsid sleep 600 & setsid setsid sleep 600 &",
    "two forks": "(sh -c 'sleep 600 & exit' &) &",
    "a daemon": "nohup setsid sh -c 'cd /; sleep 600' <&- >/dev/null 2>&1 &",
    "deaf to signals": "(trap '' TERM HUP INT QUIT; sleep 600) &",
    "stopped": "sleep 600 & kill -STOP $!;",
}


@pytest.mark.parametrize("name", ESCAPES)
@pytest.mark.parametrize("way", ["it is killed", "its program ends"])
def test_the_whole_tree_dies(host: Host, name: str, way: str) -> None:
    reading, writing = os.pipe()
    last = "sleep 600" if way == "it is killed" else "read line"
    process = Sandbox(environment=PATH).start(
        host,
        ["sh", "-c", f"{ESCAPES[name]} echo started; {last}"],
        pass_fds=[writing],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    os.close(writing)
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        process.stdout.readline()
        if way == "it is killed":
            process.kill()
        else:
            process.stdin.close()
        # The last holder of the pipe's other end is gone when the pipe reads as ended.
        assert select.select([reading], [], [], 10)[0]
    assert os.read(reading, 1) == b""
    os.close(reading)


def test_killed_as_soon_as_it_started_it_leaves_nothing(host: Host) -> None:
    process = Sandbox(environment=PATH).start(host, ["sleep", "600"])
    assert process.first is not None
    first = os.dup(process.first)
    assert not select.select([first], [], [], 0)[0]
    process.kill()
    process.wait()
    assert select.select([first], [], [], 0)[0]
    os.close(first)


def test_it_ends_as_its_program_does(host: Host) -> None:
    assert run(host, Sandbox(environment=PATH), "sh", "-c", "exit 7").returncode == 7
    assert run(host, Sandbox(environment=PATH), "sh", "-c", "kill -9 $$").returncode == 128 + 9
    assert run(host, Sandbox(environment=PATH), "no-such-program").returncode != 0


def test_its_first_process_outlives_a_signal_from_inside(host: Host) -> None:
    done = run(host, Sandbox(environment=PATH), "sh", "-c", "kill -9 1; kill -15 1; echo alive")
    assert done.stdout == "alive\n"


def test_no_socket_without_a_path_is_shared(host: Host) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0coursewright-{os.getpid()}")
        server.listen()
        code = (
            "import socket\n"
            f"try: socket.socket(socket.AF_UNIX).connect('\\0coursewright-{os.getpid()}')\n"
            "except OSError as error: print(type(error).__name__)"
        )
        assert python(host, code) == "ConnectionRefusedError"


def test_it_ends_with_the_process_that_started_it(host: Host) -> None:
    reading, writing = os.pipe()
    code = (
        "import sys\nfrom coursewright.grader.sandbox import Host, Sandbox\n"
        f"host = next(host for host in Host.here() if host.builder == {host.builder!r})\n"
        "Sandbox(environment={'PATH': '/usr/bin:/bin'}).start("
        f"host, ['sh', '-c', 'echo started; sleep 600'], pass_fds=[{writing}])\n"
        "sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        pass_fds=[writing],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    os.close(writing)
    assert parent.stdout is not None
    with parent:
        parent.stdout.readline()
        parent.send_signal(signal.SIGKILL)
        assert select.select([reading], [], [], 10)[0]
    os.close(reading)


def test_no_key_of_the_system_is_among_what_everyone_sees() -> None:
    shown = {bind.target for bind in system_binds(share_network=True)}
    assert shown.isdisjoint({"/", "/etc", "/etc/ssl", "/etc/passwd", "/etc/shadow", "/var", "/run"})


def test_without_bubblewrap_our_own_launcher_builds_it(
    unsettled: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert available() is None
    assert ready().builder == "namespaces"


def test_where_bubblewrap_does_not_work_our_own_launcher_is_tried(tmp_path: Path) -> None:
    broken = replace(HOSTS["bubblewrap"], bwrap=str(refusing(tmp_path)))
    assert settle([broken, HOSTS["namespaces"]]).builder == "namespaces"


def test_where_the_kernel_refuses_nothing_runs_and_the_reason_is_told(unsettled: None) -> None:
    reason = without_isolation(available)
    assert reason is not None
    assert "bubblewrap said" in reason
    assert "namespaces said" in reason
    with pytest.raises(Unavailable):
        without_isolation(lambda: Sandbox().popen(["true"]))
    assert available() is None


NOWHERE = {
    "neither": ([], "apt install bubblewrap"),
    "root without the right": (["bwrap", "python"], "CAP_SYS_ADMIN"),
    "an ordinary user without the right": (["bwrap", "python"], "user.max_user_namespaces"),
    "no bubblewrap, and no right": (["python"], "apt install bubblewrap"),
}


@pytest.mark.parametrize("name", NOWHERE)
def test_where_nothing_works_the_reason_is_told(name: str, tmp_path: Path) -> None:
    programs, advice = NOWHERE[name]
    refuses = str(refusing(tmp_path))
    plain = replace(HOSTS["namespaces"], privileged=name.startswith("root"))
    with pytest.raises(Unavailable) as told:
        settle(replace(plain, **{program: refuses}) for program in programs)
    assert advice in str(told.value)
    assert str(told.value).count("No permissions") == len(programs)


def refusing(folder: Path) -> Path:
    program = folder / "refuses"
    program.write_text("#!/bin/sh\necho 'No permissions to create a new namespace' >&2\nexit 1\n")
    program.chmod(0o755)
    return program
