"""Runs a notebook's cells with IPython's rules. Lives inside the sandbox, with the student's code.

It reads one JSON object a line from its channel and answers in kind:

    {"run": name, "source": …}
        → {"event": "done", "error": …, "result": …, "shown": …}
    {"test": name, "source": …, "nonce": …}
        → {"event": "unforkable"}, or
        → from the fork {"event": "verdict", "nonce": …, "error": …, "result": …}
        → {"event": "ended"}

A test's source arrives only when it is about to run, and only a process that knows its nonce can
give its verdict: what an earlier cell left running cannot. The test itself shares a process with
the student's functions, though, and a hostile one can read and forge there. That is what the mode
"shared" means, and why a score is marked with it.

Of ours few files may be imported here: no others of the grader are visible from the inside.
"""

from __future__ import annotations

import io
import linecache
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout, suppress
from functools import partial
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from coursewright.grader.dialogue import TEXT, Requests, describe, fork, send
from coursewright.grader.displays import LastResult, Publisher, Shown

# What a notebook does, once: a first cell in a fresh process costs as much as twenty later ones.
PRACTICE = (
    "import math\ndef f(x, y=1):\n    return [x, math.pi]\nprint(f(1))\n{'a': 1.5}",
    "raise NotImplementedError()",
    "def (",
)


class Compiler(CachingCompiler):
    """Gives the code of each cell the name that the grader knows it by."""

    name = "cell:0"

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        return self.name


class Shell(InteractiveShell):
    """IPython without a terminal, a history or pictures of tracebacks."""

    compile: Compiler
    displayhook: LastResult
    display_pub: Publisher
    compiler_class = Type(Compiler)
    displayhook_class = Type(LastResult)
    display_pub_class = Type(Publisher)

    def enable_gui(self, gui: str | None = None) -> None:
        pass

    def ask_exit(self) -> None:
        pass

    def showtraceback(self, *args: Any, **kwargs: Any) -> None:
        pass

    def showsyntaxerror(self, *args: Any, **kwargs: Any) -> None:
        pass

    def showindentationerror(self, *args: Any, **kwargs: Any) -> None:
        pass

    def _format_exception_for_storage(self, *args: Any, **kwargs: Any) -> list[str]:
        return []


def make_shell() -> Shell:
    config = Config()
    config.HistoryManager.enabled = False
    config.Shell.colors = "nocolor"
    shell: Shell = Shell.instance(config=config)
    _practise(shell)
    return shell


def _practise(shell: Shell) -> None:
    """Load and touch what every cell needs, and leave no trace of it to the student."""
    names = dict(shell.user_ns)
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        for source in PRACTICE:
            run(shell, "cell:0", source)
    shell.reset(new_session=True)
    shell.user_ns.clear()
    shell.user_ns.update(names)
    shell.last_execution_result, shell.last_execution_succeeded = None, True
    linecache.cache.pop("cell:0", None)
    for name in ("last_type", "last_value", "last_traceback"):
        with suppress(AttributeError):
            delattr(sys, name)


def ready() -> Callable[[socket.socket], None]:
    """What an interpreter does with its channel, everything loaded that it needs."""
    return partial(serve, make_shell())


def serve(shell: Shell, channel: socket.socket) -> None:
    """Do what the channel asks until it closes."""
    for asked in Requests(channel):
        answer(shell, channel, asked)


def answer(shell: Shell, channel: socket.socket, asked: Mapping[str, Any]) -> None:
    if "test" in asked:
        _test(shell, channel, asked)
    else:
        send(channel, {"event": "done", **run(shell, asked["run"], asked["source"])})


def _test(shell: Shell, channel: socket.socket, asked: Mapping[str, Any]) -> None:
    sys.stdout.flush()
    child = fork()
    if child is None:
        send(channel, {"event": "unforkable"})
        return
    if child == 0:
        try:
            found = run(shell, asked["test"], asked["source"])
            del found["shown"]  # nobody is shown what a test shows
            send(channel, {"event": "verdict", "nonce": asked["nonce"], **found})
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    send(channel, {"event": "ended"})


def run(shell: Shell, name: str, source: str) -> dict[str, Any]:
    shell.compile.name = name
    shell.displayhook.text = None
    shown = shell.displayhook.shown = shell.display_pub.shown = Shown()
    process = os.getpid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        ran = shell.run_cell(source, store_history=True)
        error = ran.error_before_exec or ran.error_in_exec
        fault = None if error is None else describe(error)
    except KeyboardInterrupt as late:
        fault = describe(late)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    if os.getpid() != process:
        os._exit(0)  # a fork that the cell made came to the cell's end: it is no second interpreter
    result = shell.displayhook.text
    shell.displayhook.shown = shell.display_pub.shown = None
    return {
        "error": fault,
        "result": None if result is None else result[:TEXT],
        "shown": shown.outputs,
    }
