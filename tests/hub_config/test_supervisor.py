"""Programs on a leash."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from coursewright.hub_config.supervisor import Program

ENVIRON = {"PATH": os.environ["PATH"]}
STUBBORN = (
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('ready', flush=True); signal.pause()"
)


def program(tmp_path: Path, code: str, **more: float) -> Program:
    return Program("a program", [sys.executable, "-c", code], ENVIRON, tmp_path / "log", **more)


def test_its_words_go_to_its_log(tmp_path: Path) -> None:
    async def run() -> Program:
        child = program(tmp_path, "print('hello'); raise SystemExit(3)")
        await child.start()
        assert await child.ended() == 3
        return child

    assert asyncio.run(run()).last_lines() == "hello"
    assert (tmp_path / "log").stat().st_mode & 0o077 == 0


def test_one_that_does_not_want_to_stop_is_stopped(tmp_path: Path) -> None:
    async def run() -> int:
        child = program(tmp_path, STUBBORN, grace=0.2)
        await child.start()
        assert child.process is not None
        await asyncio.to_thread(wait_for_text, tmp_path / "log")
        await child.stop()
        return await child.ended()

    assert asyncio.run(run()) == -signal.SIGKILL


def test_one_that_ends_is_started_again(tmp_path: Path) -> None:
    async def run() -> None:
        child = program(tmp_path, "print('once more', flush=True)")
        keeper = asyncio.create_task(child.keep())
        await asyncio.to_thread(wait_for_text, tmp_path / "log", 2)
        keeper.cancel()
        await child.stop()

    asyncio.run(run())


def test_it_dies_with_the_one_who_started_it(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys, pathlib, os, signal\n"
        "from coursewright.hub_config.supervisor import Program\n"
        "async def run():\n"
        "    child = Program('x', ['sleep', '600'], {'PATH': os.environ['PATH']},"
        " pathlib.Path(sys.argv[1]))\n"
        "    await child.start()\n"
        "    print(child.process.pid, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(run())\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "log")], capture_output=True, check=False
    )
    pid = int(told.stdout)
    try:
        psutil.Process(pid).wait(10)
    except psutil.NoSuchProcess:
        return
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def wait_for_text(log: Path, lines: int = 1) -> None:
    """A file tells nobody when it grows, so this looks again and again."""
    for _ in range(3000):
        if log.exists() and len(log.read_text().splitlines()) >= lines:
            return
        subprocess.run(["sleep", "0.01"], check=True)
    raise TimeoutError(f"{log} did not grow")
