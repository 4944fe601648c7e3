"""The student's side of isolated mode: runs the student's cells, then answers an examiner's asks.

Lives in the sandbox, with the student's code and without any test. Beside what interpreter.py
does, its channel takes

    {"lend": name} with one descriptor   → {"event": "lent"}, and later {"event": "ended"}

which forks the interpreter; the fork answers on that descriptor, as the link of one test, until it
is closed. What a test makes the student's functions do is forgotten with the fork.
"""

from __future__ import annotations

import asyncio
import builtins
import copy
import gc
import io
import os
import socket
import sys
import traceback
from importlib import import_module
from typing import Any

from coursewright.grader import interpreter
from coursewright.grader.isolated_codec import Reader
from coursewright.grader.isolated_link import Link
from coursewright.grader.isolated_mirrors import SPECIALS

MOST_PRINTED = 1 << 20


class Candidate(Link):
    """Does everything that is asked: nothing here is hidden from the student."""

    def __init__(self, end: socket.socket, names: dict[str, Any]) -> None:
        super().__init__(end, 1)
        self.names = names
        self.originals: dict[tuple[str, str], Any] = {}
        self.left = MOST_PRINTED
        self.output, self.errors = io.StringIO(), io.StringIO()
        sys.stdout, sys.stderr = self.output, self.errors
        sys.stdin = Questions(self)
        builtins.input = self.input

    def serve(self) -> None:
        while True:
            kind, content = self._receive()
            if kind == b"?":
                self.answer(content)

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
        ][-interpreter.FRAMES :]

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


def serve(shell: interpreter.Shell, channel: socket.socket) -> None:
    """Do what the channel asks until it closes."""
    requests = interpreter.Requests(channel)
    for asked in requests:
        if "lend" in asked:
            _lend(shell, channel, requests.descriptor())
        else:
            interpreter.answer(shell, channel, asked)


def _lend(shell: interpreter.Shell, channel: socket.socket, descriptor: int) -> None:
    sys.stdout.flush()
    child = interpreter.fork()
    if child == 0:
        try:
            channel.close()
            gc.disable()  # a collection would copy every page that is still shared
            Candidate(socket.socket(fileno=descriptor), shell.user_ns).serve()
        finally:
            os._exit(0)
    os.close(descriptor)
    if child is None:
        interpreter.send(channel, {"event": "unforkable"})
        return
    interpreter.send(channel, {"event": "lent"})
    os.waitpid(child, 0)
    interpreter.send(channel, {"event": "ended"})
