"""Whether two answers do the same on many inputs. Its text is sent into the sandbox and runs there.

Equal means: equal values of equal types, or the same kind of exception; the same arguments
afterwards; the same text printed. What raises nothing but other words is equal. Inputs are those
of the author's ``def inputs(random)``; without one, those that the tests called with, and what is
near these and near the constants of the reference.

Only the standard library: nothing of ours is in a sandbox.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import inspect
import io
import random as randomness
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from random import Random
from types import FrameType
from typing import Any

MOST = 500  # inputs
RECORDED = 200  # calls of the tests that are kept
SLOW = 0.2  # seconds for one call
LONG = 2.0  # seconds for all
ITEMS = 200  # of an iterator that are looked at
DEPTH = 20  # of values in values
SHOWN = 300  # characters of a call and its results
Call = tuple[tuple[Any, ...], dict[str, Any]]
Outcome = tuple[Any, tuple[Any, ...], dict[str, Any], str]


class Slow(BaseException):
    """A call that took too long."""


def compare(
    reference: str,
    answer: str,
    name: str,
    *,
    inputs: str | None = None,
    tests: Sequence[str] = (),
    seed: int = 0,
) -> tuple[str, int] | None:
    """The first call of the function `name` on which the two differ, as text, or ""; and how many
    were tried. None where there is nothing to try: the inputs cannot be had, or it is no function.

    `reference` and `answer` are whole programs, `tests` the sources of test cells.
    """
    signal.signal(signal.SIGALRM, _too_long)
    left, right = _defined(reference), _defined(answer)
    if not callable(left.get(name)) or isinstance(left[name], type):
        return None
    began = time.monotonic()
    tried = 0
    random = Random(seed)  # noqa: S311 (to repeat, not to guard)
    for call in _calls(reference, name, inputs, tests, random):
        if tried == MOST or time.monotonic() - began > LONG:
            break
        first = _outcome(left[name], call)
        if first is None:
            continue
        second = _outcome(right.get(name), call)
        tried += 1
        if second is None or not same(first, second):
            return _told(name, call, first, second), tried
    return ("", tried) if tried else None


def same(left: Any, right: Any, depth: int = DEPTH) -> bool:
    """Whether two values are the same to whoever gets them. Classes go by name."""
    if type(left).__name__ != type(right).__name__ or not depth:
        return False
    if isinstance(left, BaseException):
        return True
    if isinstance(left, dict):
        left, right = list(left.items()), list(right.items())
    elif type(left).__module__ == "program":
        left, right = _state(left), _state(right)
    if isinstance(left, list | tuple):
        pairs = zip(left, right, strict=False)
        return len(left) == len(right) and all(same(a, b, depth - 1) for a, b in pairs)
    try:
        return bool(left == right) or repr(left) == repr(right)
    except Exception:  # noqa: BLE001 (of their own __eq__)
        return False


def _state(thing: Any) -> list[Any]:
    slots = getattr(type(thing), "__slots__", ())
    return [getattr(thing, "__dict__", {}), [getattr(thing, slot, None) for slot in slots]]


def _defined(program: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "program"}
    with _silent():
        try:
            exec(compile(program, "program", "exec"), names)  # noqa: S102 (in the sandbox)
        except Exception:  # noqa: BLE001 (of code that is only tried)
            return {}
    return names


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def _outcome(function: Any, call: Call) -> Outcome | None:
    """Value or exception, the arguments afterwards, and what was printed; None when it is slow."""
    try:
        args, named = copy.deepcopy(call)
    except Exception:  # noqa: BLE001 (what cannot be copied is not tried)
        return None
    said = io.StringIO()
    randomness.seed(0)
    signal.setitimer(signal.ITIMER_REAL, SLOW)
    try:
        with contextlib.redirect_stdout(said):
            value = _taken(function(*args, **named))
    except Slow:
        return None
    except (Exception, SystemExit) as error:  # noqa: BLE001 (it is what came of the call)
        value = error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return value, args, named, said.getvalue()


def _taken(value: Any) -> Any:
    """A generator as the list of what it gives."""
    if not hasattr(value, "__next__"):
        return value
    return ("iterator", [item for item, _ in zip(value, range(ITEMS), strict=False)])


def _too_long(_number: int, _frame: FrameType | None) -> None:
    raise Slow


def _calls(
    reference: str, name: str, inputs: str | None, tests: Sequence[str], random: Random
) -> Iterator[Call]:
    """Arguments and keywords; the author's and the tests' own first, then what is near these."""
    recorded = _recorded(reference, name, tests)
    yield from recorded
    if inputs:
        names = _defined(inputs)
        try:
            for args in names["inputs"](random):
                yield tuple(args), {}
        except Exception:  # noqa: BLE001 (as above)
            return
        return
    constants = _constants(reference)
    for _ in range(MOST * 4 if recorded else 0):
        given, named = copy.deepcopy(random.choice(recorded))
        args = list(given)
        for _ in range(random.choice((1, 1, 2))):
            if args and (not named or random.random() < 0.7):
                place = random.randrange(len(args))
                args[place] = _near(args[place], random, constants)
            elif named:
                key = random.choice(sorted(named))
                named[key] = _near(named[key], random, constants)
        yield tuple(args), named


def _recorded(reference: str, name: str, tests: Sequence[str]) -> list[Call]:
    """What the tests call the function with."""
    calls: list[Call] = []
    for test in tests:
        names = _defined(reference)
        original = names.get(name)
        if original is None:
            return []
        names[name] = _recording(original, calls)
        signal.setitimer(signal.ITIMER_REAL, SLOW * 5)
        try:
            with _silent():
                exec(compile(test, "program", "exec"), names)  # noqa: S102 (as above)
        except (Exception, SystemExit, Slow):  # noqa: BLE001, S110 (as above)
            pass
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    return calls


def _recording(function: Callable[..., Any], calls: list[Call]) -> Callable[..., Any]:
    def recording(*args: Any, **named: Any) -> Any:
        if len(calls) < RECORDED:
            with contextlib.suppress(Exception):
                calls.append(copy.deepcopy(_complete(function, args, named)))
        return function(*args, **named)

    return recording


def _complete(function: Callable[..., Any], args: tuple[Any, ...], named: dict[str, Any]) -> Call:
    """The call with its default values, so that these are changed too."""
    bound = inspect.signature(function).bind(*args, **named)
    bound.apply_defaults()
    return bound.args, bound.kwargs


def _constants(program: str) -> list[Any]:
    """Where answers change: the numbers and texts of the program."""
    nodes = ast.walk(ast.parse(program))
    return [node.value for node in nodes if isinstance(node, ast.Constant)]


def _near(value: Any, random: Random, constants: list[Any]) -> Any:
    """A value of the same kind that is a little other."""
    alike = [one for one in constants if type(one) is type(value)]
    if alike and random.random() < 0.3:
        value = random.choice(alike)
    match value:
        case bool():
            return not value
        case int():
            drawn = value + random.randint(-9, 9)
            return random.choice((value, value + 1, value - 1, drawn, 0, -value))
        case float():
            return random.choice((value, value + 0.5, value - 0.25, value * 2, 0.0, -value))
    parts = sorted(value, key=repr) if isinstance(value, set) else value
    if isinstance(value, str | list | tuple | set):
        items = _items(list(parts), random, constants)
        return "".join(items) if isinstance(value, str) else type(value)(items)
    if isinstance(value, dict):
        return dict(_items(list(value.items()), random, constants))
    return value


def _items(items: list[Any], random: Random, constants: list[Any]) -> list[Any]:
    """The items with one taken out, twice there or changed; some gone, or in another order."""
    if not items:
        return items
    place = random.randrange(len(items))
    match random.randrange(6), items[place]:
        case 0, _:
            del items[place]
        case 1, one:
            items.insert(random.randrange(len(items) + 1), one)
        case 2, _:
            random.shuffle(items)
        case 3, _:
            items = items[: random.randrange(len(items) + 1)]
        case _, str(one) if len(one) == 1:
            items[place] = random.choice(("a", " ", one.swapcase()))
        case _, tuple((key, held)):
            items[place] = (key, _near(held, random, constants))
        case _, one:
            items[place] = _near(one, random, constants)
    return items


def _told(name: str, call: Call, first: Outcome, second: Outcome | None) -> str:
    args, named = call
    given = [*map(repr, args), *(f"{key}={value!r}" for key, value in named.items())]
    results = [_shown(first), "no end" if second is None else _shown(second)]
    return f"{name}({', '.join(given)}): {results[0]}, not {results[1]}"[:SHOWN]


def _shown(outcome: Outcome) -> str:
    value, args, _, said = outcome
    text = repr(value)
    return f"{text}, printed {said!r}, arguments then {args!r}" if said else text
