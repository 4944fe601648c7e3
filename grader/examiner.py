"""The tests' side of isolated mode. Lives in a sandbox of its own, without the student's code.

It reads one JSON object a line from its channel:

    {"link": true} with one descriptor: the link to the candidate from now on; no answer
    {"examine": name, "source": …, "preamble": […], "own": […], "shared": […], "allowed": …}
        → {"event": "verdict", "error": …, "result": …, "trouble": …, "truths": […], "asked": …}

The source is Python, without magics. A name that it does not define is the student's. `preamble`
are the author's imports and the helpers of locked cells, which are the examiner's; `own` the
built-in names that the author's cells define anew; `shared` the names whose values the author's
solution reads, kept with the student's.
"""

from __future__ import annotations

import ast
import asyncio
import builtins
import inspect
import random
import re
import socket
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import CodeType, ModuleType
from typing import Any

from coursewright.grader import dialogue
from coursewright.grader.examiner_link import ORIGINALS, WATCHED, Examiner
from coursewright.grader.isolated_link import Gone
from coursewright.grader.isolated_mirrors import Function, Mirror
from coursewright.grader.isolated_pipe import Pipe

# Names that IPython puts among the student's: a magic would run the test's text over there.
SHELLS = re.compile(r"_+|_i+|_i?\d+|_[iod]h|In|Out|get_ipython|exit|quit")
AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


class Names(dict[str, Any]):
    """A test's global names: its own, and behind them the student's."""

    def __init__(self, link: Examiner, own: list[str], shared: list[str]) -> None:
        super().__init__({"__name__": "__main__", "__builtins__": builtins})
        self.link = link
        self.own = frozenset(own)
        self.shared = frozenset(shared)
        self.preparing = True

    def __missing__(self, name: str) -> Any:
        if not self._is_students(name):
            raise KeyError(name)
        try:
            value = self.link.ask("name", name)
        except NameError:
            raise KeyError(name) from None
        if isinstance(value, Function | Mirror):
            dict.__setitem__(self, name, value)
        return value

    def __setitem__(self, name: str, value: Any) -> None:
        kept = self.preparing or isinstance(value, ModuleType)
        if name in self.shared and not kept:
            self.link.ask("store", name, value)
        else:
            super().__setitem__(name, value)

    def __delitem__(self, name: str) -> None:
        if name in self.shared:
            self.link.ask("delete", name)
        else:
            super().__delitem__(name)

    def __contains__(self, name: object) -> bool:
        if super().__contains__(name):
            return True
        found = isinstance(name, str) and self._is_students(name)
        return found and self.link.ask("has", name) is True

    def _is_students(self, name: str) -> bool:
        if name.startswith("__") or SHELLS.fullmatch(name):
            return False
        return name in self.own or not hasattr(builtins, name)


class Main(ModuleType):
    """The module `__main__`, for `mock.patch("__main__.name")`."""

    def __init__(self, names: Names) -> None:
        super().__init__("__main__")
        object.__setattr__(self, "_names", names)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._names[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        names: Names = self._names
        if dict.__contains__(names, name) and not names.link.ask("has", name):
            names[name] = value
        else:
            dict.pop(names, name, None)
            names.link.ask("store", name, value)

    def __delattr__(self, name: str) -> None:
        dict.pop(self._names, name, None)
        self._names.link.ask("delete", name)


def ready() -> Callable[[socket.socket], None]:
    """What an examiner does with its channel."""
    return serve


def serve(channel: socket.socket) -> None:
    """Do what the channel asks until it closes."""
    requests = dialogue.Requests(channel)
    pipe: Pipe | None = None
    for asked in requests:
        if "link" in asked:
            if pipe is not None:
                pipe.close()
            pipe = Pipe(socket.socket(fileno=requests.descriptor()))
        elif pipe is not None:
            verdict = examine(pipe, asked)
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            dialogue.send(channel, {"event": "verdict", **verdict})


def examine(pipe: Pipe, asked: Mapping[str, Any]) -> dict[str, Any]:
    allowed = asked["allowed"]
    truths = None if allowed is None else {tuple(truth) for truth in allowed}
    link = Examiner(pipe, truths)
    names = Names(link, asked["own"], asked["shared"])
    error, result = None, None
    with _mirrored(link, names):
        try:
            for statement in asked["preamble"]:
                _prepare(statement, names)
            names.preparing = False
            _mirror_numpy(link)
            result = run(asked["examine"], asked["source"], names)
        except BaseException as caught:  # noqa: BLE001 (SystemExit too is a failure)
            error = describe(caught, asked["examine"], link)
    return {
        "error": error,
        "result": result,
        "trouble": link.trouble[:200],
        "truths": sorted(link.truths),
        "asked": link.asked,
    }


def run(name: str, text: str, names: Names) -> str | None:
    """Run a test cell. The text of its last expression where that is a number."""
    tree = ast.parse(text, name)
    _fetch(tree, names)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr) or text.rstrip().endswith(";"):
        _execute(compile(tree, name, "exec", AWAIT), names)
        return None
    del tree.body[-1]
    _execute(compile(tree, name, "exec", AWAIT), names)
    value = _execute(compile(ast.Expression(last.value), name, "eval", AWAIT), names)
    return repr(value) if type(value) in (int, float) else None


def describe(error: BaseException, name: str, link: Examiner) -> dict[str, Any]:
    """As dialogue.describe, with the lines of the student's code where that raised it."""
    try:
        told = dialogue.describe(error)
    except Gone:  # asked for its text, the student's exception took the link down
        told = {"name": "Exception", "kind": "Exception", "text": ""}
    frames = [
        [frame.f_code.co_filename, line]
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename == name
    ]
    if isinstance(error, SyntaxError):
        frames.append([name, error.lineno or 0])
    _, theirs = link.frames.get(id(error), (None, []))
    for frame in theirs if isinstance(theirs, list) else []:
        match frame:
            case (str() as cell, int() as line) if cell != name:
                frames.append([cell[:100], line])
    return {**told, "frames": frames[-dialogue.FRAMES :]}


def _execute(code: CodeType, names: Names) -> Any:
    found = eval(code, names)  # noqa: S307 (the author's test, in the sandbox)
    if code.co_flags & inspect.CO_COROUTINE:
        with asyncio.Runner() as runner:
            return runner.run(found)
    return found


def _fetch(tree: ast.Module, names: Names) -> None:
    """Bodies of classes look names up past `Names.__missing__`: have those here before."""
    for place in ast.walk(tree):
        if not isinstance(place, ast.ClassDef):
            continue
        for node in ast.walk(place):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                with suppress(KeyError):
                    dict.setdefault(names, node.id, names[node.id])


def _prepare(statement: str, names: Names) -> None:
    """One of the author's imports or helpers; one that cannot be had is left out."""
    try:
        exec(compile(statement, "preamble", "exec"), names)  # noqa: S102 (the author's code)
    except Exception:  # noqa: BLE001 (a test that needs it will fail by itself)
        return


@contextmanager
def _mirrored(link: Examiner, names: Names) -> Iterator[None]:
    """Seeds and patches are told to the candidate; `__main__` is the test."""
    kept, main = random.seed, sys.modules["__main__"]
    streams = sys.stdin, sys.stdout, sys.stderr
    random.seed = _seeding(link, "random", kept)
    sys.modules["__main__"] = Main(names)
    try:
        yield
    finally:
        random.seed = kept
        sys.modules["__main__"] = main
        sys.stdin, sys.stdout, sys.stderr = streams
        for (module, name), original in zip(WATCHED, ORIGINALS, strict=True):
            setattr(module, name, original)


def _mirror_numpy(link: Examiner) -> None:
    """numpy is loaded only where a test needs it."""
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        original = getattr(numpy.random.seed, "original", numpy.random.seed)
        numpy.random.seed = _seeding(link, "numpy.random", original)


def _seeding(link: Examiner, module: str, original: Callable[..., Any]) -> Callable[..., Any]:
    def seed(*args: Any) -> None:
        original(*args)
        link.queue.append((module, "seed", "call", args))

    seed.original = original  # type: ignore[attr-defined]
    return seed
