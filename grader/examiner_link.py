"""The examiner's end of the pipe: what the candidate may ask, and which truths it may decide.

A lost peer, bytes that are no value, or a truth that the answer may not decide end the test: as a
BaseException, and with `trouble`, which stays whatever the test's own code does about exceptions.
"""

from __future__ import annotations

import builtins
import os
import random
import sys
import time
import types
from collections.abc import Callable, Collection
from operator import is_, itemgetter
from typing import Any, NoReturn

from coursewright.grader.isolated_handles import FUNCTIONS
from coursewright.grader.isolated_link import FRESH, Gone, Link
from coursewright.grader.isolated_mirrors import SPECIALS, Mirror
from coursewright.grader.isolated_pipe import Pipe

MOST_PRINTED = 4 << 20  # characters in one test
Truth = tuple[str, ...]

# Special methods whose result tells nothing that the examiner does not look at itself. All others
# get to see a value of the test, or are a truth: an object could be "equal" to everything.
HARMLESS = frozenset(
    f"__{name}__"
    for name in (
        "iter",
        "next",
        "len",
        "str",
        "repr",
        "format",
        "hash",
        "int",
        "float",
        "complex",
        "index",
        "bytes",
        "call",
        "enter",
        "await",
        "aiter",
        "anext",
        "aenter",
        "reversed",
        "getitem",
        "setitem",
        "delitem",
        "trunc",
        "length_hint",
        "missing",
    )
) | {"copy", "deepcopy"}
LEAVING = ("__exit__", "__aexit__")

# Modules whose objects a test may lend with their public attributes; "__main__" is the test's own.
LENT = ("__main__", "_io", "io", "unittest.mock", "random", "re", "sqlite3", "_random")
# Classes of iterators and the like, of which only the special methods can be used.
BARE = ("builtins", "itertools", "abc", "typing", "functools", "_functools", "collections")

# What tests patch for the answer to see.
WATCHED = [
    *(
        (random, name)
        for name in ("random", "randint", "choice", "shuffle", "sample", "uniform", "randrange")
    ),
    *((time, name) for name in ("sleep", "time", "perf_counter", "monotonic")),
    *((os, name) for name in ("getcwd", "listdir", "system", "getenv")),
    *((builtins, name) for name in ("open", "print")),
]
ORIGINALS = [getattr(module, name) for module, name in WATCHED]
_LOOKS = [
    (vars(module), itemgetter(*(name for one, name in WATCHED if one is module)))
    for module in (random, time, os, builtins)
]


class Examiner(Link):
    """`allowed` are the truths that the reference solution decided; None while it is recorded."""

    def __init__(self, pipe: Pipe, allowed: Collection[Truth] | None) -> None:
        super().__init__(pipe, 0)
        self.before = FRESH
        self.allowed = allowed
        self.truths: set[Truth] = set()
        self.trouble = ""
        self.left = MOST_PRINTED
        self.queue: list[tuple[str, str, str, Any]] = []
        self.patched: dict[int, Any] = {}
        self.frames: dict[int, tuple[BaseException, Any]] = {}

    def fail(self, why: str) -> NoReturn:
        self.trouble = self.trouble or why
        raise Gone(self.trouble)

    def ask(self, what: str, *matter: Any) -> Any:
        if self.trouble:
            raise Gone(self.trouble)
        if self.busy:
            self.fail("asked while a value was read")
        return super().ask(what, *matter)

    def decide(self, *truth: str) -> None:
        """The candidate decided this; it may where the reference solution did."""
        if self.allowed is None:
            self.truths.add(truth)
        elif truth not in self.allowed:
            self.fail("truth " + " ".join(truth))

    def special(self, likeness: Any, name: str, args: Any) -> Any:
        result = super().special(likeness, name, args)
        kind = type(likeness).__name__
        if name in LEAVING:
            if result is not None and result is not False:
                self.decide(name, kind, _kind(args[0]))
        elif name not in HARMLESS and result is not NotImplemented:
            self.decide(name, kind, _kind(*args[:1]))
        return result

    def attribute(self, likeness: object, name: str) -> Any:
        value = super().attribute(likeness, name)
        self.decide(f".{name}")
        return value

    def may_leave(self, value: object) -> None:
        cls = value if isinstance(value, type) else type(value)
        module = str(getattr(cls, "__module__", ""))
        if isinstance(value, FUNCTIONS) or lent(module) or module in BARE:
            return
        if isinstance(value, types.GeneratorType | types.CoroutineType):
            return
        self.fail(f"unfit {cls.__name__}")

    def perform(self, what: str, *matter: Any) -> Any:
        match what, matter:
            case "input", (str() as prompt,):
                return builtins.input(prompt)
            case "readline", ():
                return sys.stdin.readline()
            case "resume", (int() as number, str() as how, value):
                return self._resume(number, how, value)
        return self._use(what, *matter)

    def _use(self, what: str, *matter: Any) -> Any:
        """Something is done with what the test lent."""
        match what, matter:
            case "call", (thing, tuple() as args, tuple() as named) if self._is_own(thing):
                return self._called(thing, args, dict(named))
            case "special", (thing, str() as name, tuple() as args) if self._is_own(thing):
                if name in SPECIALS and not isinstance(thing, type):
                    return self._called(getattr(type(thing), name), (thing, *args), {})
            case "get", (thing, str() as name) if self._has_public(thing, name):
                return getattr(thing, name)
            case "set", (thing, str() as name, value) if self._has_public(thing, name):
                setattr(thing, name, value)
                return None
        raise AttributeError("this cannot be done with what a test lends")

    def _resume(self, number: int, how: str, value: Any) -> tuple[bool, Any]:
        generator = self.own[number]
        if not isinstance(generator, types.GeneratorType) or how not in ("send", "close"):
            raise AttributeError(how)
        try:
            if how == "close":
                generator.close()
                return True, None
            return False, generator.send(value)
        except StopIteration as stop:
            return True, stop.value

    def _called(self, function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except AssertionError:
            self.decide("an assertion in a call-back")  # the answer could swallow it
            raise

    def _is_own(self, thing: object) -> bool:
        return self.own.get(self.own_ids.get(id(thing), -1)) is thing

    def _has_public(self, thing: object, name: str) -> bool:
        if name.startswith("_") or isinstance(thing, FUNCTIONS) or not self._is_own(thing):
            return False
        cls = thing if isinstance(thing, type) else type(thing)
        return lent(cls.__module__)

    def note_frames(self, error: BaseException, frames: Any) -> None:
        self.frames[id(error)] = (error, frames)

    def show(self, output: str, errors: str) -> None:
        self.left -= len(output) + len(errors)
        if self.left < 0:
            self.fail("too much was printed")
        if output:
            sys.stdout.write(output)
        if errors:
            sys.stderr.write(errors)

    def news(self) -> list[Any]:
        """Seeds that were set, and watched functions that were patched or put back."""
        if not self.queue and not self.patched and _is_original():
            return []
        found, self.queue = self.queue, []
        for number, (module, name) in enumerate(WATCHED):
            now = getattr(module, name)
            if now is self.patched.get(number, ORIGINALS[number]):
                continue
            self.patched[number] = now
            what = "restore" if now is ORIGINALS[number] else "set"
            value = None if what == "restore" else now
            found.append((module.__name__, name, what, value))
        return found

    def unused(self) -> list[int]:
        return self.unreached() if self.objects else []


def _is_original() -> bool:
    """Whether nothing that is watched is another now; a test may have deleted it."""
    try:
        found = [one for names, look in _LOOKS for one in look(names)]
    except KeyError:
        return False
    return all(map(is_, found, ORIGINALS))


def lent(module: str) -> bool:
    return module in LENT or module.startswith("numpy.random")


def _kind(*value: Any) -> str:
    """What a value is, where all of the student's classes are one kind."""
    if not value:
        return ""
    cls = value[0] if isinstance(value[0], type) else type(value[0])
    return "of the answer" if isinstance(cls, Mirror) else cls.__name__
