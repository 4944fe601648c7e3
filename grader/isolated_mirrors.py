"""Likenesses of what lives on the other side: real functions, classes, exceptions, generators.

`isinstance`, `except`, `with`, `for` and operators work on them as on anything else, because a
mirrored class has just the special methods that the original has. What is done to them is asked
of the other side, through an `Asker`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine, Generator, Sequence
from functools import cache
from types import FunctionType, MethodType
from typing import Any, Protocol

from coursewright.grader.isolated_codec import EXCEPTIONS, TYPES, Garbled

BINARY = (
    "add",
    "sub",
    "mul",
    "matmul",
    "truediv",
    "floordiv",
    "mod",
    "pow",
    "divmod",
    "and",
    "or",
    "xor",
    "lshift",
    "rshift",
)
SPECIALS = frozenset(
    f"__{name}__"
    for name in [
        *(f"{prefix}{name}" for name in BINARY for prefix in ("", "r", "i") if name != "divmod"),
        *(
            "divmod",
            "rdivmod",
            "neg",
            "pos",
            "abs",
            "invert",
            "eq",
            "ne",
            "lt",
            "le",
            "gt",
            "ge",
            "hash",
            "bool",
            "len",
            "contains",
            "iter",
        ),
        *(
            "next",
            "reversed",
            "getitem",
            "setitem",
            "delitem",
            "call",
            "enter",
            "exit",
            "str",
            "repr",
            "format",
            "int",
            "float",
        ),
        *(
            "complex",
            "index",
            "round",
            "trunc",
            "floor",
            "ceil",
            "bytes",
            "length_hint",
            "missing",
            "await",
        ),
        *("aiter", "anext", "aenter", "aexit"),
    ]
)
# Attributes with underscores that may be asked for. Others could change what a library does with
# an object (numpy's __array_function__ would let it decide `allclose`).
OPEN = frozenset(
    f"__{name}__"
    for name in (
        "dict",
        "annotations",
        "dataclass_fields",
        "match_args",
        "slots",
        "array",
        "wrapped",
        "fields",
    )
)
POSES = {name: TYPES[name] for name in ("map", "filter", "zip", "enumerate", "reversed")}


class Asker(Protocol):
    """Where a likeness asks."""

    busy: bool  # while values are decoded nothing can be asked

    def number(self, likeness: object) -> int: ...
    def call(self, likeness: object, args: Any, kwargs: Any) -> Any: ...
    def special(self, likeness: object, name: str, args: Any) -> Any: ...
    def attribute(self, likeness: object, name: str) -> Any: ...
    def set_attribute(self, likeness: object, name: str, value: Any) -> None: ...
    def drop_attribute(self, likeness: object, name: str) -> None: ...
    def resume(self, number: int, how: str, value: Any) -> Any: ...


class Mirror(type):
    """The class of mirrored classes."""

    _coursewright_asker: Asker

    def __new__(cls, name: str, bases: Any, space: Any, made: bool = False) -> Any:
        if not made:
            raise TypeError("a test's class cannot inherit from one of the answer's")
        return super().__new__(cls, name, bases, space)

    def __init__(cls, name: str, bases: Any, space: Any, made: bool = False) -> None:
        super().__init__(name, bases, space)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return cls._coursewright_asker.call(cls, args, kwargs)

    def __getattr__(cls, name: str) -> Any:
        if _is_special(name) and name not in OPEN:
            raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")
        return cls._coursewright_asker.attribute(cls, name)

    # What an enum's class can do; of another class the other side says that it cannot.
    def __iter__(cls) -> Any:
        return cls._coursewright_asker.special(cls, "__iter__", ())

    def __len__(cls) -> Any:
        return cls._coursewright_asker.special(cls, "__len__", ())

    def __getitem__(cls, key: Any) -> Any:
        return cls._coursewright_asker.special(cls, "__getitem__", (key,))

    def __bool__(cls) -> bool:
        return True

    def __setattr__(cls, name: str, value: Any) -> None:
        if _is_special(name):
            super().__setattr__(name, value)
        else:
            cls._coursewright_asker.set_attribute(cls, name, value)


class Thing:
    """The base of mirrored classes but for exceptions."""

    __slots__ = ("__weakref__", "_coursewright_hash")


def make_class(asker: Asker, about: Any, bases: list[Any], features: Any) -> Mirror:
    """Raises Garbled where this can be no class. `about` is name and docstring; `features` the
    special methods, and whether objects have no hash."""
    (name, doc), (found, unhashable) = about, features
    if not isinstance(name, str) or not all(isinstance(base, type) for base in bases):
        raise Garbled("no class")
    real = [base for base in bases if base in EXCEPTIONS.values() or isinstance(base, Mirror)]
    errors = any(issubclass(base, BaseException) for base in real)
    space = _methods(asker, found, unhashable)
    space |= {"__doc__": doc, "__module__": "__main__", "_coursewright_asker": asker}
    if not errors:
        space["__slots__"] = ()
        space["__dict__"] = property(lambda self: asker.attribute(self, "__dict__"))
        if name in POSES and not bases:
            space["__class__"] = property(lambda _: POSES[name])
    made = Mirror(name, tuple(real) or (Thing,), space, made=True)
    if not errors:
        type.__delattr__(made, "__slots__")  # whether there are any is for the original to say
    return made


def _methods(asker: Asker, found: Sequence[str], unhashable: bool) -> dict[str, Any]:
    """The special methods of a mirrored class."""
    space: dict[str, Any] = {name: _method(name) for name in found if name in SPECIALS}
    if "__len__" in space:
        space.setdefault("__bool__", _method("__bool__"))
    if "__call__" in space:
        space["__call__"] = lambda self, *args, **kwargs: asker.call(self, args, kwargs)
    if "__hash__" in space:
        space["__hash__"] = _kept_hash
    if "__eq__" in space:
        space["__eq__"] = _equal
    if unhashable:
        space["__hash__"] = None
    space |= {
        "__getattr__": _get,
        "__setattr__": _set,
        "__delattr__": _drop,
        "__copy__": lambda self: asker.special(self, "copy", ()),
        "__deepcopy__": lambda self, _: asker.special(self, "deepcopy", ()),
    }
    return space


def make_object(cls: Any, kept_hash: int | None) -> Any:
    if not isinstance(cls, Mirror) or not issubclass(cls, Thing):
        raise Garbled("an object of no class")
    made = object.__new__(cls)
    object.__setattr__(made, "_coursewright_hash", kept_hash)
    return made


def make_error(cls: Any, args: Any, cause: BaseException | None) -> BaseException:
    if not isinstance(cls, Mirror) or not issubclass(cls, BaseException):
        raise Garbled("an exception of no class")
    made = cls.__new__(cls, *args)
    if not isinstance(made, BaseException):
        raise Garbled("no exception")
    BaseException.__setattr__(made, "args", args)
    made.__cause__ = cause
    return made


class Code:
    """All that a test may see of a function's code: whether it is a coroutine or a generator."""

    __slots__ = ("co_flags",)

    def __init__(self, flags: int) -> None:
        self.co_flags = flags


# No real function, or a test that looks at its code would see ours and think it the answer's.
# Its class has no docstring, for each has its own.
class Function:
    __slots__ = ("__code__", "__doc__", "__name__", "__signature__", "__weakref__", "_asker")

    def __init__(self, asker: Asker, name: str, doc: str, known: Any, flags: int) -> None:
        fill = object.__setattr__
        fill(self, "_asker", asker)
        fill(self, "__name__", name)
        fill(self, "__doc__", doc or None)
        fill(self, "__code__", Code(flags))
        if known is not None:
            fill(self, "__signature__", _signature(known))

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return FunctionType

    @property
    def __annotations__(self) -> dict[str, Any]:  # type: ignore[override]
        found = self._asker.attribute(self, "__annotations__")
        return found if isinstance(found, dict) else {}

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._asker.call(self, args, kwargs)

    def __get__(self, owner: Any, kind: Any = None) -> Any:
        return self if owner is None else MethodType(self, owner)

    def __getattr__(self, name: str) -> Any:
        if name == "__qualname__":
            return self.__name__
        if _is_special(name) and name not in OPEN:
            raise AttributeError(f"a function of the answer has no {name!r} here")
        return self._asker.attribute(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._asker.set_attribute(self, name, value)


def _signature(known: Any) -> inspect.Signature:
    empty = inspect.Parameter.empty
    parameters = [
        inspect.Parameter(
            name,
            inspect._ParameterKind(kind),
            default=default[0] if default else empty,
            annotation=annotation[0] if annotation else empty,
        )
        for name, kind, default, annotation in known[0]
    ]
    (result,) = known[1]
    return inspect.Signature(parameters, return_annotation=result[0] if result else empty)


def make_generator(asker: Asker, number: int) -> Generator[Any, Any, Any]:
    def generator() -> Generator[Any, Any, Any]:
        how, sent = "send", None
        while True:
            done, value = asker.resume(number, how, sent)
            if done:
                return value
            try:
                how, sent = "send", (yield value)
            except GeneratorExit:
                asker.resume(number, "close", None)
                raise
            except Exception as error:  # noqa: BLE001 (whatever is thrown in is passed on)
                how, sent = "throw", error

    return generator()


def make_coroutine(asker: Asker, number: int) -> Coroutine[Any, Any, Any]:
    async def coroutine() -> Any:
        return asker.resume(number, "await", None)[1]

    return coroutine()


@cache
def _method(name: str) -> Callable[..., Any]:
    def method(self: Any, *args: Any) -> Any:
        return type(self)._coursewright_asker.special(self, name, args)

    method.__name__ = method.__qualname__ = name
    return method


def _equal(self: Any, other: Any) -> Any:
    if type(self)._coursewright_asker.busy:
        return self is other
    return type(self)._coursewright_asker.special(self, "__eq__", (other,))


def _kept_hash(self: Any) -> int:
    kept = getattr(self, "_coursewright_hash", None)
    return object.__hash__(self) if kept is None else kept


def _get(self: Any, name: str) -> Any:
    if _is_special(name) and name not in OPEN:
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
    return type(self)._coursewright_asker.attribute(self, name)


def _set(self: Any, name: str, value: Any) -> None:
    if _is_special(name):
        object.__setattr__(self, name, value)
    else:
        type(self)._coursewright_asker.set_attribute(self, name, value)


def _drop(self: Any, name: str) -> None:
    type(self)._coursewright_asker.drop_attribute(self, name)


def _is_special(name: str) -> bool:
    return name.startswith(("__", "_coursewright", "_repr_", "_ipython"))
