"""What a confined program can and cannot do, tried with real programs."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from coursewright.grader import sandbox as module
from coursewright.grader.binds import empty, python_binds, read_only, system_binds, writable
from coursewright.grader.sandbox import Host, Rlimits, Sandbox, available, ready
from coursewright.records.errors import Unavailable

HERE = Path(__file__).parents[2]
PATH = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
PLAIN = Host("bwrap", "prlimit", "setpriv", privileged=True)
ORDINARY = Host("bwrap", "prlimit", "setpriv", privileged=False, disable_userns=True)


def run(sandbox: Sandbox, *argv: str) -> subprocess.CompletedProcess[str]:
    with sandbox.popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        said, complained = process.communicate(timeout=30)
    return subprocess.CompletedProcess(
        argv, process.returncode, said.decode(), complained.decode(errors="replace")
    )


def python(code: str, sandbox: Sandbox | None = None) -> str:
    confined = sandbox or Sandbox(binds=python_binds(rooms=()), environment=PATH)
    done = run(confined, sys.executable, "-I", "-c", code)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_sandboxes_work_here() -> None:
    assert available() is None


def test_the_program_is_an_ordinary_user_for_good() -> None:
    status = run(Sandbox(environment=PATH, uid=212_345), "cat", "/proc/self/status").stdout
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
}


@pytest.mark.parametrize("name", BARRED)
def test_it_is_refused(name: str) -> None:
    assert run(Sandbox(environment=PATH), *BARRED[name]).returncode != 0


def test_it_sees_its_own_processes_only() -> None:
    seen = python("import os; print([int(n) for n in os.listdir('/proc') if n.isdigit()])")
    assert json.loads(seen) == [1, 2]


def test_it_sees_no_file_that_was_not_given(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    code = f"import os; print(os.listdir('/tmp'), os.path.exists({str(tmp_path)!r}))"
    # This very environment may lie below /tmp, and Python must be found.
    given = [Path(sys.prefix).parts[2]] if sys.prefix.startswith("/tmp/") else []
    assert python(code) == f"{given} False"


def test_a_bind_is_read_only_or_writable_as_was_asked(tmp_path: Path) -> None:
    for name in ("read", "write"):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(0o777)
    binds = (read_only(tmp_path / "read", "/given"), writable(tmp_path / "write", "/home/me"))
    confined = Sandbox(binds=binds, environment=PATH, cwd="/home/me")
    assert run(confined, "sh", "-c", "pwd; touch here").stdout == "/home/me\n"
    assert (tmp_path / "write" / "here").exists()
    assert run(confined, "touch", "/given/here").returncode != 0


def test_an_empty_folder_hides_what_is_below_it(tmp_path: Path) -> None:
    (tmp_path / "rooms" / "a").mkdir(parents=True)
    tmp_path.chmod(0o755)
    confined = Sandbox(
        binds=(read_only(tmp_path, "/given"), empty("/given/rooms")), environment=PATH
    )
    assert run(confined, "ls", "-A", "/given/rooms").stdout == ""
    assert run(confined, "touch", "/given/rooms/x").returncode != 0


def test_our_rooms_are_hidden_but_for_those_that_are_named() -> None:
    confined = Sandbox(binds=python_binds(rooms=("records",)), environment=PATH)
    assert python("from coursewright.records import course", confined) == ""
    for room in ("grader", "generator", "services", "hub_config"):
        code = f"import importlib.util as u\nprint(u.find_spec('coursewright.{room}.__init__'))"
        assert run(confined, sys.executable, "-I", "-c", code).stdout.strip() in ("None", "")
    listed = run(
        confined, "find", str(HERE), "-name", "*.ipynb", "-not", "-path", "*/site-packages/*"
    )
    assert listed.stdout == ""


def test_the_environment_is_what_was_given_and_stands_on_no_command_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COURSEWRIGHT_LLM_API_KEY", "sesame")
    confined = Sandbox(environment={**PATH, "TOKEN": "own-secret"})
    found = run(confined, "env").stdout.split()
    assert "TOKEN=own-secret" in found
    assert {line.partition("=")[0] for line in found} <= {"TOKEN", "PATH", "PWD"}
    assert "own-secret" not in " ".join(confined.command(["env"], ready()))
    assert "own-secret" not in repr(confined)


def test_no_network_is_reached_unless_it_is_shared() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = (
            "import socket\n"
            f"try: socket.create_connection(('127.0.0.1', {port}), 2); print('reached')\n"
            "except OSError as error: print(type(error).__name__)"
        )
        assert python(code) == "ConnectionRefusedError"
        shared = Sandbox(binds=python_binds(rooms=()), environment=PATH, share_network=True)
        assert python(code, shared) == "reached"


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
def test_a_limit_holds(name: str) -> None:
    limits, code = LIMITS[name]
    confined = Sandbox(binds=python_binds(rooms=()), environment=PATH, limits=limits)
    assert python(code, confined).splitlines()[0] == "held"


def test_processor_time_is_limited() -> None:
    confined = Sandbox(environment=PATH, limits=Rlimits(cpu_seconds=1))
    assert run(confined, "sh", "-c", "while :; do :; done").returncode != 0


@pytest.mark.parametrize("folder", ["/tmp", "/dev/shm"])
def test_its_disk_is_small_and_in_memory(folder: str) -> None:
    confined = Sandbox(environment=PATH, tmp_size=1 << 20, shm_size=1 << 20)
    fill = f"head -c 2000000 /dev/zero > {folder}/big"
    done = run(confined, "sh", "-c", fill)
    assert "No space left" in done.stderr


def test_killing_it_ends_every_process_that_it_started() -> None:
    reading, writing = os.pipe()
    code = "setsid sleep 600 & setsid setsid sleep 600 & echo started; sleep 600"
    process = Sandbox(environment=PATH).popen(
        ["sh", "-c", code], pass_fds=[writing], stdout=subprocess.PIPE
    )
    os.close(writing)
    assert process.stdout is not None
    with process, process.stdout:
        process.stdout.readline()
        process.kill()
        # The last holder of the pipe's other end is gone when the pipe reads as ended.
        assert select.select([reading], [], [], 10)[0]
    assert os.read(reading, 1) == b""
    os.close(reading)


def test_it_ends_with_the_process_that_started_it() -> None:
    reading, writing = os.pipe()
    code = (
        "import sys\nfrom coursewright.grader.sandbox import Sandbox\n"
        "Sandbox(environment={'PATH': '/usr/bin:/bin'})"
        f".popen(['sh', '-c', 'echo started; sleep 600'], pass_fds=[{writing}])\n"
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


def test_an_ordinary_user_starts_one_too() -> None:
    line = Sandbox(environment=PATH, uid=65_534).command(
        ["sh", "-c", "id -u; unshare --user true || echo refused; ls /proc | grep -c '^[0-9]'"],
        Host(**{**vars(ready()), "privileged": False, "disable_userns": True, "seccomp": None}),
    )
    become = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    become = become if os.geteuid() == 0 else []
    done = subprocess.run([*become, *line], env=PATH, capture_output=True, text=True, check=True)
    uid, refused, processes = done.stdout.split()
    assert (uid, refused) == ("65534", "refused")
    assert int(processes) < 6


def test_the_line_is_made_of_the_values_alone() -> None:
    line = Sandbox(uid=7, cwd="/x", share_network=True).command(["prog", "-v"], PLAIN)
    assert line[0] == "bwrap"
    assert "--unshare-net" not in line
    assert "--unshare-user" not in line
    assert line[line.index("--chdir") :] == [
        *("--chdir", "/", "--", "prlimit", "--core=0", "--"),
        *("setpriv", "--reuid=7", "--regid=7", "--clear-groups", "--no-new-privs"),
        *("--inh-caps=-all", "--bounding-set=-all", "--"),
        *("/usr/bin/env", "-C", "/x", "--", "prog", "-v"),
    ]
    ordinary = Sandbox(uid=7).command(["prog"], ORDINARY)
    assert {"--unshare-net", "--unshare-user", "--disable-userns"} <= set(ordinary)
    assert "setpriv" not in ordinary


@pytest.mark.parametrize("top", ["/root", "/tmp/somewhere"])
def test_folders_above_a_bind_can_be_entered(top: str) -> None:
    line = Sandbox(binds=(read_only(f"{top}/a/b"),)).command(["x"], PLAIN)
    made = [line[n + 1] for n, word in enumerate(line) if word == "--dir"]
    assert made == [top, f"{top}/a"]
    assert line.index("/tmp") < line.index("--dir")
    assert all(
        line[n - 2 : n] == ["--perms", "0755"] for n, word in enumerate(line) if word == "--dir"
    )


def test_no_key_of_the_system_is_among_what_everyone_sees() -> None:
    shown = {bind.target for bind in system_binds(share_network=True)}
    assert shown.isdisjoint({"/", "/etc", "/etc/ssl", "/etc/passwd", "/etc/shadow", "/var", "/run"})


def test_without_bubblewrap_nothing_runs_and_the_reason_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ready.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path))
    try:
        assert "apt install bubblewrap" in (available() or "")
        with pytest.raises(Unavailable):
            Sandbox().popen(["/usr/bin/true"])
    finally:
        ready.cache_clear()


def test_where_namespaces_are_refused_the_reason_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'No permissions to create a new namespace' >&2\nexit 1\n")
    broken.chmod(0o755)
    ready.cache_clear()
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    try:
        assert "No permissions" in (available() or "")
    finally:
        ready.cache_clear()
    assert module.MEGABYTE == 1 << 20
