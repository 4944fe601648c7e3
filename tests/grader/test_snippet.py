"""A snippet: what it prints, and how little it can do."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from coursewright.grader import sandbox
from coursewright.grader.limits import Limits
from coursewright.grader.snippet import SnippetResult, run_snippet

HERE = Path(__file__).parents[2]
HASTY = Limits(
    cell_seconds=1.5,
    total_seconds=1.5,
    memory=50 << 20,
    processes=16,
    open_files=64,
    output=1 << 16,
    disk=16 << 20,
)


@pytest.fixture(params=["bubblewrap", "namespaces"], autouse=True)
def builder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Each test runs with both: without bubblewrap on PATH the other one is taken."""
    if request.param == "namespaces":
        monkeypatch.setenv("PATH", "/nowhere")
    sandbox.ready.cache_clear()
    assert sandbox.ready().builder == request.param
    yield request.param
    sandbox.ready.cache_clear()


def printed(source: str, stdin: str = "") -> str:
    result = run_snippet(source, stdin)
    assert (result.status, result.stopped, result.stderr) == (0, None, ""), result
    return result.stdout


def test_it_reads_and_prints() -> None:
    assert printed("print(input()[::-1], 'ü')", "olleh\n") == "hello ü\n"


def test_it_has_the_whole_standard_library() -> None:
    source = (
        "import asyncio, csv, datetime, decimal, json, random, re, sqlite3, ssl, threading\n"
        "import concurrent.futures, hashlib, lzma, multiprocessing, zoneinfo\n"
        "threads = [threading.Thread(target=print, args=('x',)) for _ in range(4)]\n"
        "for t in threads: t.start()\n"
        "for t in threads: t.join()\n"
        "asyncio.run(asyncio.sleep(0))\nopen('/tmp/f', 'w').write('y')\n"
        "print(open('/tmp/f').read(), sqlite3.connect(':memory:').execute('select 1').fetchone())"
    )
    assert printed(source).split() == ["x"] * 4 + ["y", "(1,)"]


ENDINGS = {
    "an error": ("1/0", 1, None, "ZeroDivisionError"),
    "an exit": ("import sys; sys.exit(3)", 3, None, ""),
    "no Python": ("a b", 1, None, "SyntaxError"),
    "half a character": ("print('\udc80')", 0, None, ""),
    "a crash": ("import ctypes; ctypes.string_at(0)", 128 + 11, None, ""),
    "too much memory": ("x = bytearray(60 << 20)", 1, "memory", "MemoryError"),
    "a memory bomb": ("x = []\nwhile True: x.append(b'x' * 4096)", 1, "memory", "MemoryError"),
    "an output bomb": ("while True: print('x' * 1000)", None, "output", ""),
    "a bomb of errors": (
        "import os\nwhile True: os.write(2, b'x' * 9999)",
        None,
        "output",
        "xxx",
    ),
    "a disk bomb": (
        "for n in range(99): open(f'/tmp/{n}', 'wb').write(bytes(1 << 20))",
        1,
        None,
        "No space left",
    ),
    "a large file": ("open('/tmp/f', 'wb').write(bytes(17 << 20))", 1, None, "File too large"),
    "many open files": ("x = [open('/dev/null') for _ in range(99)]", 1, None, "Too many open"),
    "a package": ("import numpy", 1, None, "ModuleNotFoundError"),
    "our own code": ("import coursewright", 1, None, "ModuleNotFoundError"),
    "the accounts": ("open('/etc/shadow')", 1, None, "FileNotFoundError"),
    "our files": (f"open({str(HERE / 'setup.cfg')!r})", 1, None, "FileNotFoundError"),
    "a file beside it": ("open('/new', 'w')", 1, None, "Error"),
    "a shell": ("import subprocess; subprocess.run(['/bin/sh'])", 1, None, "FileNotFoundError"),
    "the network": (
        "import socket; socket.create_connection(('192.0.2.1', 80), 1)",
        1,
        None,
        "unreachable",
    ),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_it_ends_in_its_own_way(name: str) -> None:
    source, status, stopped, said = ENDINGS[name]
    result = run_snippet(source)
    killed = result.stopped == "memory" and result.status is None
    assert result.stopped == stopped, result
    assert killed or (result.status == status and said in result.stderr), result
    assert len(result.stdout) <= 1 << 16
    assert len(result.stderr) <= 1 << 16


ENDLESS = {
    "a loop": "while True: pass",
    "a wait": "import time; time.sleep(99)",
    "a fork bomb": ("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"),
    "sessions of their own": (
        "import os, time\nfor _ in range(3):\n    if not os.fork():\n"
        "        os.setsid()\n        if not os.fork(): time.sleep(99)\n"
        "while True: pass"
    ),
    "silence": "import os, time\nos.closerange(0, 64)\ntime.sleep(99)",
    "deafness": (
        "import signal\nfor n in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:\n"
        "    signal.signal(n, signal.SIG_IGN)\nwhile True: pass"
    ),
    "a stop": "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
}


@pytest.mark.parametrize("name", ENDLESS)
def test_what_does_not_end_is_ended_with_all_that_it_started(name: str) -> None:
    result = run_snippet(ENDLESS[name], limits=HASTY)
    assert (result.status, result.stopped) in [(None, "time"), (None, "memory")], result
    assert left() == []


def test_what_it_left_running_ends_with_it() -> None:
    source = "import os, time\nif not os.fork():\n    os.setsid()\n    time.sleep(99)\nprint(1)"
    assert printed(source) == "1\n"
    assert left() == []


def test_children_together_have_no_more_memory_than_one() -> None:
    source = (
        "import os, time\nfor _ in range(5):\n    if not os.fork():\n"
        "        x = b'x' * (20 << 20)\n        time.sleep(99)\nwhile True: pass"
    )
    result = run_snippet(source, limits=HASTY)
    bounded = sandbox.ready().memory is not None
    assert (result.status, bounded) == (None, result.stopped == "memory")


def test_a_service_on_this_machine_is_out_of_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        result = run_snippet(f"import socket; socket.create_connection(('127.0.0.1', {port}), 1)")
    assert "ConnectionRefusedError" in result.stderr


def test_nothing_of_one_is_there_for_the_next() -> None:
    look = "import os; print(os.listdir('/tmp'), os.listdir('/dev/shm'))"
    printed("open('/tmp/mine', 'w').write('x'); open('/dev/shm/mine', 'w').write('x')")
    assert printed(look) == "[] []\n"


def test_no_secret_of_ours_is_in_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEWRIGHT_LLM_API_KEY", "sesame")
    source = "import os\nprint(dict(os.environ), open('/proc/1/status').read()[:4])"
    assert "sesame" not in printed(source)


def test_its_seconds_are_told() -> None:
    result = run_snippet("import time; time.sleep(99)", limits=HASTY)
    assert isinstance(result, SnippetResult)
    assert HASTY.total_seconds <= result.seconds < HASTY.total_seconds + 5


def left() -> list[str]:
    """The processes of snippets that run now, by their user ids."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            status = Path("/proc", name, "status").read_text()
        except OSError:
            continue
        owner = int(status.split("Uid:")[1].split()[0])
        found += [status] if 250_000 <= owner < 300_000 and "State:\tZ" not in status else []
    return found
