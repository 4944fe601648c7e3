"""The student's side of isolated mode: runs the student's cells, and answers an examiner's asks.

Lives in the sandbox, with the student's code and without any test. Beside what interpreter.py
does, its channel takes

    {"link": true} with one descriptor

on which tests ask from then on, each beginning with a fresh start; no answer. All is done by one
process, as nbgrader has it: what a test makes the student's functions do, later tests find done.
A process of its own for each test would keep nothing from a hostile answer, which can hand what
it was called with to its other processes (a file, shared memory), and costs more than the rest.
"""

from __future__ import annotations

import asyncio
import builtins
import copy
import io
import os
import select
import socket
import sys
import traceback
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any, NoReturn

from coursewright.grader import dialogue, interpreter
from coursewright.grader.isolated_codec import Reader
from coursewright.grader.isolated_link import CALL, FRESH, QUESTION, Gone, Link
from coursewright.grader.isolated_mirrors import SPECIALS
from coursewright.grader.isolated_pipe import Pipe

MOST_PRINTED = 1 << 20


class Candidate(Link):
    """Does everything that one test asks: nothing here is hidden from the student.

    From `enter` to `leave` the streams are the test's.
    """

    def __init__(self, pipe: Pipe, names: dict[str, Any]) -> None:
        super().__init__(pipe, 1)
        self.names = names
        self.process = os.getpid()
        self.originals: dict[tuple[str, str], Any] = {}
        self.left = MOST_PRINTED
        self.output, self.errors = io.StringIO(), io.StringIO()

    def enter(self) -> None:
        self.replaced = sys.stdin, sys.stdout, sys.stderr, builtins.input
        sys.stdout, sys.stderr = self.output, self.errors
        sys.stdin = Questions(self)
        builtins.input = self.input

    def leave(self) -> None:
        """Give the streams back, and what the test patched."""
        sys.stdin, sys.stdout, sys.stderr, builtins.input = self.replaced
        for (module, name), value in self.originals.items():
            setattr(import_module(module), name, value)

    def perform(self, what: str, *matter: Any) -> Any:
        return getattr(self, f"do_{what}")(*matter)

    def do_name(self, name: str) -> Any:
        try:
            return self.names[name]
        except KeyError:
            raise NameError(f"name {name!r} is not defined", name=name) from None

    def do_has(self, name: str) -> bool:
        return name in self.names

    def do_store(self, name: str, value: Any) -> None:
        self.names[name] = value

    def do_delete(self, name: str) -> None:
        self.names.pop(name, None)

    def do_call(self, function: Any, args: tuple[Any, ...], named: tuple[Any, ...]) -> Any:
        return function(*args, **dict(named))

    def do_special(self, thing: Any, name: str, args: tuple[Any, ...]) -> Any:
        if name in ("copy", "deepcopy"):
            return getattr(copy, name)(thing)
        if name == "__bool__":
            return bool(thing)
        if name in SPECIALS:
            return getattr(type(thing), name)(thing, *args)
        raise AttributeError(name)

    def do_get(self, thing: Any, name: str) -> Any:
        return getattr(thing, name)

    def do_set(self, thing: Any, name: str, value: Any) -> None:
        setattr(thing, name, value)

    def do_drop(self, thing: Any, name: str) -> None:
        delattr(thing, name)

    def do_resume(self, number: int, how: str, value: Any) -> tuple[bool, Any]:
        return resume(self.own[number], how, value)

    def input(self, prompt: object = "") -> str:
        return self.ask("input", str(prompt))

    def frames_of(self, error: BaseException) -> list[tuple[str, int]]:
        return [
            (frame.f_code.co_filename, line)
            for frame, line in traceback.walk_tb(error.__traceback__)
            if frame.f_code.co_filename.startswith("cell:")
        ][-dialogue.FRAMES :]

    def printed(self) -> tuple[str, str]:
        return self._taken(self.output), self._taken(self.errors)

    def show(self, output: str, errors: str) -> None:
        sys.stdout.write(output)
        sys.stderr.write(errors)

    def hear(self, news: Any) -> None:
        for module, name, what, value in news:
            if what == "call":
                getattr(import_module(module), name)(*value)
                continue
            place = import_module(module)
            kept = self.originals.setdefault((module, name), getattr(place, name, None))
            setattr(place, name, value if what == "set" else kept)

    def start_of_rest(self, reader: Reader) -> None:
        self.drops_in(reader)

    def send(self, kind: bytes, matter: Any) -> None:
        """Only the process that was asked answers, not one that a student's function forked."""
        if os.getpid() != self.process:
            self._step_aside(kind)
        super().send(kind, matter)

    def _step_aside(self, kind: bytes) -> NoReturn:
        if kind in (QUESTION, CALL):
            self.fail("asked by another process")
        os._exit(0)

    def _taken(self, stream: io.StringIO) -> str:
        said = stream.getvalue()
        if said:
            stream.seek(0)
            stream.truncate()
            self.left -= len(said)
            if self.left < 0:
                raise MemoryError("too much was printed")
        return said


class Questions(io.TextIOBase):
    """Standard input is where the test reads from."""

    def __init__(self, link: Candidate) -> None:
        self.link = link

    def readable(self) -> bool:
        return True

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        return self.link.ask("readline")

    def read(self, size: int | None = -1, /) -> str:
        return "".join(iter(self.readline, ""))


def resume(thing: Any, how: str, value: Any) -> tuple[bool, Any]:
    """One step of a generator, or a whole coroutine: whether it is done, and what came."""
    if how == "await":
        return True, _finish(thing)
    try:
        match how:
            case "throw":
                return False, thing.throw(value)
            case "close":
                return True, thing.close()
            case _:
                return False, thing.send(value)
    except StopIteration as stop:
        return True, stop.value


def _finish(coroutine: Any) -> Any:
    async def waiting() -> Any:
        return await coroutine

    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(waiting())
    finally:
        loop.close()


class Desk:
    """Where one notebook's cells and tests come in."""

    def __init__(self, shell: interpreter.Shell, channel: socket.socket) -> None:
        self.shell = shell
        self.channel = channel
        self.pipe: Pipe | None = None
        self.test: Candidate | None = None

    def serve(self) -> None:
        """Do what the channel asks until it closes."""
        requests = dialogue.Requests(self.channel, self._answer_tests)
        for asked in requests:
            if "link" in asked:
                self._unlink()
                self.pipe = Pipe(socket.socket(fileno=requests.descriptor()))
            else:
                interpreter.answer(self.shell, self.channel, asked)

    def _answer_tests(self) -> None:
        """Until the channel asks: then no test is under way any more."""
        poll = select.poll()
        for end in (self.pipe, self.channel):
            if end is not None:
                poll.register(end, select.POLLIN)
        while self.pipe is not None:
            asked = self.pipe.waiting or self.pipe.fileno() in [end for end, _ in poll.poll()]
            if not asked:
                break
            try:
                self._answer(self.pipe)
            except Gone:
                self._unlink()
        self._end_test()

    def _answer(self, pipe: Pipe) -> None:
        test = self.test or Candidate(pipe, self.shell.user_ns)
        kind, content = test.receive()
        if kind == FRESH:
            self._end_test()
            self.test = Candidate(pipe, self.shell.user_ns)
            self.test.enter()
        elif kind == QUESTION and self.test is not None:
            self.test.answer(content)

    def _end_test(self) -> None:
        if self.test is not None:
            self.test.leave()
            self.test = None

    def _unlink(self) -> None:
        self._end_test()
        if self.pipe is not None:
            self.pipe.close()
            self.pipe = None


def ready() -> Callable[[socket.socket], None]:
    """What a candidate does with its channel, everything loaded that it needs."""
    return partial(serve, interpreter.make_shell())


def serve(shell: interpreter.Shell, channel: socket.socket) -> None:
    Desk(shell, channel).serve()
