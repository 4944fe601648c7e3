"""What has no form of its own stays where it is, and the other side gets a handle to it.

A handle is described once: a function, a class (with the special methods that it really has), an
object of such a class, an exception, a generator, a coroutine. The other side makes a likeness of
it, see isolated_mirrors.py. All live as long as the link, which is one test.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterable
from typing import Any

from coursewright.grader import isolated_mirrors as mirrors
from coursewright.grader.isolated_codec import Garbled, Reader, put_number
from coursewright.grader.isolated_mutables import Mutables

FUNCTIONS = (
    types.FunctionType,
    types.MethodType,
    types.BuiltinFunctionType,
    types.MethodWrapperType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
)
NEW, KNOWN, YOURS = b"w", b"k", b"y"
TEXT = 4000


class Handles(Mutables):
    """The codec with handles. `asker` does what is asked of a likeness."""

    def __init__(self, first: int, asker: mirrors.Asker) -> None:
        super().__init__(first)
        self.asker = asker
        self.own: dict[int, Any] = {}
        self.own_ids: dict[int, int] = {}
        self.theirs: dict[int, Any] = {}
        self.their_ids: dict[int, int] = {}

    def may_leave(self, value: object) -> None:
        """Raises where the other side must not have a handle to this."""

    def other_out(self, out: bytearray, value: Any, depth: int) -> None:
        theirs = self.their_ids.get(id(value))
        if theirs is not None:  # before all else: most of what is no plain value is a likeness
            out += YOURS
            put_number(out, theirs)
        else:
            super().other_out(out, value, depth)

    def foreign_out(self, out: bytearray, value: Any, depth: int) -> None:
        self._handle_out(out, value, depth)

    def _handle_out(self, out: bytearray, value: Any, depth: int) -> None:
        mine = self.own_ids.get(id(value))
        if mine is not None:
            out += KNOWN
            put_number(out, mine)
            return
        self.may_leave(value)
        number = len(self.own)
        self.own[number] = value
        self.own_ids[id(value)] = number
        out += NEW
        put_number(out, number)
        self._describe(out, value, depth + 1)

    def _describe(self, out: bytearray, value: Any, depth: int) -> None:
        kind = type(value)
        if isinstance(value, type):
            out += b"c"
            self.put(out, (value.__name__[:100], _text(value.__doc__)), depth)
            bases = [base for base in value.__bases__ if base is not object]
            put_number(out, len(bases))
            for base in bases:
                real = issubclass(base, BaseException) and base.__module__ == "builtins"
                (self.put if real else self._handle_out)(out, base, depth)
            self.put(out, (specials(value), value.__hash__ is None), depth)
        elif isinstance(value, FUNCTIONS):
            about = (_text(getattr(value, "__name__", "")), _text(value.__doc__))
            out += b"f"
            self.put(out, (*about, signature(value), flags(value)), depth)
        elif kind is types.GeneratorType:
            out += b"g"
        elif kind is types.CoroutineType:
            out += b"a"
        elif isinstance(value, BaseException):
            out += b"x"
            self._handle_out(out, kind, depth)
            self.put(out, (value.args, value.__cause__), depth)
        else:
            out += b"o"
            self._handle_out(out, kind, depth)
            self.put(out, _hash(value), depth)

    def foreign_in(self, tag: bytes, reader: Reader, depth: int) -> Any:
        if tag not in (NEW, KNOWN, YOURS):
            return super().foreign_in(tag, reader, depth)
        number = reader.number()
        if tag == YOURS:
            return self.own[number]
        if tag == KNOWN:
            return self.theirs[number]
        if number in self.theirs:
            raise Garbled("a handle that is taken")
        made = self._make(reader.take(1), number, reader, depth + 1)
        self.theirs[number] = made
        self.their_ids[id(made)] = number
        return made

    def _make(self, kind: bytes, number: int, reader: Reader, depth: int) -> Any:
        ask = self.asker
        match kind:
            case b"c":
                about = self.get(reader, depth)
                bases = self.get_all(reader, depth)
                return mirrors.make_class(ask, about, bases, self.get(reader, depth))
            case b"f":
                name, doc, known, bits = self.get(reader, depth)
                return mirrors.Function(ask, name, doc, known, bits)
            case b"g":
                return mirrors.make_generator(ask, number)
            case b"a":
                return mirrors.make_coroutine(ask, number)
            case b"x":
                cls = self.get(reader, depth)
                args, cause = self.get(reader, depth)
                return mirrors.make_error(cls, args, cause)
            case b"o":
                cls = self.get(reader, depth)
                return mirrors.make_object(cls, self.get(reader, depth))
        raise Garbled("an unknown kind of handle")


def specials(cls: type) -> tuple[str, ...]:
    """The special methods that objects of this class have beyond any object's."""
    found: set[str] = set()
    for base in cls.__mro__:
        builtin = base.__module__ == "builtins"
        if base is object or (builtin and issubclass(base, BaseException)):
            continue
        found |= {name for name in mirrors.SPECIALS if base.__dict__.get(name) is not None}
    return tuple(sorted(found))


def signature(function: Any) -> tuple[Any, ...] | None:
    """Parameters and the annotation of the result, as values."""
    if not isinstance(function, types.FunctionType | types.MethodType):
        return None
    try:
        found = inspect.signature(function)
    except (ValueError, TypeError):
        return None
    parts = [_given((one.default, one.annotation)) for one in found.parameters.values()]
    named = [(one.name, int(one.kind)) for one in found.parameters.values()]
    pairs = tuple((*name, *part) for name, part in zip(named, parts, strict=True))
    return (pairs, _given([found.return_annotation]))


def flags(function: Any) -> int:
    """Whether it is a coroutine or a generator, as code objects say it."""
    code = getattr(function, "__code__", None)
    kinds = inspect.CO_COROUTINE | inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR
    return code.co_flags & kinds if isinstance(code, types.CodeType) else 0


def _given(values: Iterable[Any]) -> tuple[Any, ...]:
    """Each value in a tuple, which is empty where nothing was given."""
    return tuple(() if value is inspect.Parameter.empty else (value,) for value in values)


def _hash(value: Any) -> int | None:
    """Where the class says how objects are hashed: they may be keys on the other side."""
    own: Any = type(value).__hash__
    if own is None or own is object.__hash__:
        return None
    try:
        return hash(value)
    except Exception:  # noqa: BLE001 (the student's own __hash__)
        return None


def _text(value: object) -> str:
    return value[:TEXT] if isinstance(value, str) else ""
