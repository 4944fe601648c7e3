"""Runs a notebook's cells with IPython's rules. Lives inside the sandbox, with the student's code.

It reads one JSON object a line from its channel and answers in kind:

    {"run": name, "source": …}
        → {"event": "done", "error": …, "result": …}
    {"test": name, "source": …, "nonce": …}
        → {"event": "unforkable"}, or
        → from the fork {"event": "verdict", "nonce": …, "error": …, "result": …}
        → {"event": "ended"}

A test's source arrives only when it is about to run, and only a process that knows its nonce can
give its verdict: what an earlier cell left running cannot. The test itself shares a process with
the student's functions, though, and a hostile one can read and forge there. That is what the mode
"shared" means, and why a score is marked with it.

Of ours nothing may be imported here: few other files of the grader are visible from the inside.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import traceback
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

TEXT = 2000  # characters of a message or a result that are worth sending
FRAMES = 20


class Compiler(CachingCompiler):
    """Gives the code of each cell the name that the grader knows it by."""

    name = "cell:0"

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        return self.name


class LastResult(DisplayHook):
    """Keeps the text of a cell's last expression, and prints it without a prompt."""

    text: str | None = None

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
        self.text = format_dict.get("text/plain")
        super().write_format_data(format_dict, md_dict)


class Shell(InteractiveShell):
    """IPython without a terminal, a history or pictures of tracebacks."""

    compile: Compiler
    displayhook: LastResult
    compiler_class = Type(Compiler)
    displayhook_class = Type(LastResult)

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
    sys.path.insert(0, "")
    return shell


def serve(shell: Shell, channel: socket.socket) -> None:
    """Do what the channel asks until it closes."""
    for asked in Requests(channel):
        answer(shell, channel, asked)


def answer(shell: Shell, channel: socket.socket, asked: Mapping[str, Any]) -> None:
    if "test" in asked:
        _test(shell, channel, asked)
    else:
        send(channel, {"event": "done", **_run(shell, asked["run"], asked["source"])})


class Requests:
    """The lines of a channel, as objects, and the descriptors that came with them."""

    def __init__(self, channel: socket.socket) -> None:
        self.channel = channel
        self.descriptors: list[int] = []

    def __iter__(self) -> Iterator[dict[str, Any]]:
        buffer = b""
        while True:
            content, found, _, _ = socket.recv_fds(self.channel, 1 << 16, 4)
            self.descriptors += found
            if not content:
                return
            buffer += content
            while b"\n" in buffer:
                line, _, buffer = buffer.partition(b"\n")
                yield json.loads(line)

    def descriptor(self) -> int:
        return self.descriptors.pop(0)


def _test(shell: Shell, channel: socket.socket, asked: Mapping[str, Any]) -> None:
    sys.stdout.flush()
    child = fork()
    if child is None:
        send(channel, {"event": "unforkable"})
        return
    if child == 0:
        try:
            found = _run(shell, asked["test"], asked["source"])
            send(channel, {"event": "verdict", "nonce": asked["nonce"], **found})
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    send(channel, {"event": "ended"})


def fork() -> int | None:
    """As os.fork(); None where no other process fits."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the student's threads stay behind, as they should
        try:
            return os.fork()
        except OSError:
            while _reap_one():  # the dead count too, until someone asks after them
                pass
        try:
            return os.fork()
        except OSError:
            return None


def _reap_one() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return False


def _run(shell: Shell, name: str, source: str) -> dict[str, Any]:
    shell.compile.name = name
    shell.displayhook.text = None
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
    return {"error": fault, "result": None if result is None else result[:TEXT]}


def describe(error: BaseException) -> dict[str, Any]:
    """The error as plain values: `kind` is the built-in class that it is an instance of."""
    own = type(error)
    kind = next(cls for cls in own.__mro__ if cls.__module__ == "builtins")
    frames = [
        [frame.f_code.co_filename, line]
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename.startswith("cell:")
    ]
    if isinstance(error, SyntaxError):
        frames.append([str(error.filename), error.lineno or 0])
    text = error.msg if isinstance(error, SyntaxError) else _text(error)
    return {
        "name": own.__name__[:100],
        "kind": kind.__name__,
        "text": str(text)[:TEXT],
        "frames": frames[-FRAMES:],
    }


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 (the student's own __str__)
        return ""


def send(channel: socket.socket, event: Mapping[str, Any]) -> None:
    channel.sendall(json.dumps(event).encode() + b"\n")
