"""Submissions that attack: none gets a point for it, and the honest cells keep theirs."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from homework import lesson, submission

from coursewright.grader import pool
from coursewright.grader.grade import grade
from coursewright.grader.limits import Limits

HERE = Path(__file__).parents[2]
QUICK = Limits(cell_seconds=1.0, total_seconds=20.0, memory=512 << 20, processes=32)

BOMBS = {
    "memory": "kept = []\nwhile True:\n    kept.append(bytearray(1 << 20))",
    "memory in a child": "import os\nif not os.fork():\n    x = b'x' * (1 << 40)\ndouble = None",
    "forks": "import os\nwhile True:\n    os.fork()",
    "forks that hide": (
        "import os\nfor n in range(200):\n"
        "    try:\n        if not os.fork():\n            os.setsid()\n"
        "            while True: pass\n"
        "    except OSError: pass"
    ),
    "threads": (
        "import threading, time\nfor n in range(9999):\n"
        "    threading.Thread(target=time.sleep, args=(60,)).start()"
    ),
    "output": "while True:\n    print('x' * 10_000)",
    "output past Python": "import os\nwhile True:\n    os.write(2, b'x' * 100_000)",
    "disk": "for n in range(99):\n    open(f'/tmp/{n}', 'wb').write(bytes(10 << 20))",
    "a file": "open('/tmp/big', 'wb').write(bytes(1 << 30))",
    "recursion": "def again(): again()\nagain()",
    "a crash": "import ctypes\nctypes.string_at(0)",
    "closed descriptors": "import os\nos.closerange(0, 256)",
    "a stopped process": "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
    "an exit": "import sys\nsys.exit(1)",
    "an exit that is no exception": "import os\nos._exit(0)",
    "a question": "double = input('what? ')",
    "nonsense on every descriptor": (
        "import os\nfor n in range(3, 64):\n"
        "    try: os.write(n, b'[' * 60_000 + b'\\n')\n    except OSError: pass"
    ),
    "an event without an end": (
        "import os\nfor n in range(3, 64):\n"
        "    try: os.write(n, b'{' * 90_000)\n    except OSError: pass"
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_hurts_only_its_own_exercise(name: str) -> None:
    result = grade(lesson(), submission(double=BOMBS[name]), QUICK)
    assert [cell.points for cell in result.cells] == [0, 2, 0]
    assert result.seconds < 15


FORGERIES = {
    "a verdict from an earlier cell": (
        "import os, json\n"
        "line = json.dumps({'event': 'verdict', 'nonce': '', 'error': None, 'result': '2'})\n"
        "for n in range(3, 64):\n"
        "    try: os.write(n, line.encode() + b'\\n')\n    except OSError: pass"
    ),
    "an end of the test": (
        "import os\nfor n in range(3, 64):\n"
        '    try: os.write(n, b\'{"event": "ended"}\\n\' * 9)\n    except OSError: pass'
    ),
    "verdicts from a process left behind": (
        "import os, time\nif not os.fork():\n"
        '    line = b\'{"event": "verdict", "nonce": null, "error": null}\\n\'\n'
        "    for _ in range(200):\n"
        "        time.sleep(0.01)\n"
        "        for n in range(3, 16):\n"
        "            try: os.write(n, line)\n            except OSError: pass\n"
        "    os._exit(0)"
    ),
    "leaving before the test is over": "def double(x):\n    import os\n    os._exit(0)",
    "a quiet exit": "def double(x):\n    raise SystemExit(0)",
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_verdict_is_worth_nothing(name: str) -> None:
    result = grade(lesson(), submission(double=FORGERIES[name]), QUICK)
    assert result.cells[0].points == 0


REACHES = {
    "the accounts": "print(open('/etc/shadow').read())",
    "this repository": f"import os\nprint(os.listdir({str(HERE / 'tests')!r}))",
    "the courses": f"import os\nprint(os.listdir({str(HERE / 'generator')!r}))",
    "our modules": "import coursewright.records.tables",
    "the database": "import psycopg\npsycopg.connect('dbname=postgres')",
    "another process": "import os\nos.kill(3, 0)\nraise SystemExit if os.getpid() == 3 else None",
    "root": "import os\nos.setuid(0)",
    "new namespaces": "import os, ctypes\nif ctypes.CDLL(None).unshare(0x10000000): raise OSError",
    "another place": "open('/usr/lib/here', 'w')",
    "the world": "import socket\nsocket.create_connection(('192.0.2.1', 80), 1)",
}


@pytest.mark.parametrize("name", REACHES)
def test_it_is_out_of_reach(name: str) -> None:
    result = grade(lesson(), submission(double=f"{REACHES[name]}\ndouble = lambda x: 2 * x"), QUICK)
    assert result.cells[0].points == 0
    assert "raised" in result.cells[0].message


def test_a_service_on_this_machine_is_out_of_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 1)"
        result = grade(lesson(), submission(double=code), QUICK)
    assert "ConnectionRefusedError" in result.cells[0].message


def test_no_secret_of_the_worker_is_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSEWRIGHT_DATABASE_URL", "postgresql://sesame")
    code = "import os\nprint(dict(os.environ))\n!cat /proc/[0-9]*/environ"
    result = grade(lesson(), submission(double=code), QUICK)
    assert "PATH" in result.cells[0].output
    assert "sesame" not in result.cells[0].output


def test_a_test_is_not_in_the_process_before_it_runs() -> None:
    code = (
        "import gc\n"
        "texts = [o for o in gc.get_objects() if isinstance(o, (dict, list, tuple))]\n"
        "print(any('4319642'[::-1] in v for t in texts"
        " for v in (t.values() if isinstance(t, dict) else t) if isinstance(v, str)))"
    )
    result = grade(lesson(), submission(double=code), Limits())
    assert result.cells[0].output == "False\n"


def test_nothing_is_left_running() -> None:
    before = set(os.listdir("/proc"))
    hide = "if not os.fork():\n        os.setsid()\n        while True: pass"
    code = f"import os\nfor _ in range(3):\n    {hide}"
    grade(lesson(), submission(double=code), QUICK)
    pool.close()  # it keeps a sandbox for the next submission
    for name in set(os.listdir("/proc")) - before:
        if name.isdigit():
            status = Path("/proc", name, "status")
            owner = status.read_text().split("Uid:")[1].split()[0] if status.exists() else "0"
            assert not 200_000 <= int(owner) < 250_000
