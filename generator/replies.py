"""From a model's reply to a checked draft: thoughts, fences and prose are left out.

What arrives is hostile until proven otherwise: it may be deep, huge, or hold NUL bytes.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

T = TypeVar("T", bound=BaseModel)

# Characters of a reply; the longest lesson has a tenth of it.
LARGEST = 1 << 20
# Places where an object may begin that are tried; prose has few braces.
MOST_STARTS = 64
MOST_PROBLEMS = 12
TOO_DEEP = "The answer's JSON is too deep."

THOUGHTS = re.compile(r"\s*<(think|thinking|reasoning)>.*?(</\1>|\Z)", re.DOTALL)
# Some templates open the thoughts in the prompt, so that the reply only closes them.
END_OF_THOUGHTS = re.compile(r"(?!\s*[{`]).*?</(?:think|thinking|reasoning)>", re.DOTALL)
# What begins like JSON, as braces in prose do not.
OBJECT = re.compile(r'\{\s*"')
# Raw line breaks within strings are what small models get wrong most.
DECODER = json.JSONDecoder(strict=False)


class Unreadable(Exception):
    """The reply is not what was asked for; the text tells a model, and a person, what is wrong."""


def read(text: str, shape: type[T]) -> T:
    """Raises Unreadable, naming each problem with its place."""
    try:
        return shape.model_validate(clean(find_object(text, shape)))
    except ValidationError as error:
        raise Unreadable(problems(error)) from None
    except RecursionError:
        raise Unreadable(TOO_DEEP) from None


def problems(error: ValidationError) -> str:
    """Pydantic's findings, one a line, as ``modules.0.title: Field required``."""
    found = [
        f"{'.'.join(map(str, one['loc'])) or 'the object'}: {one['msg']}"
        for one in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    more = len(found) - MOST_PROBLEMS
    return "\n".join(found[:MOST_PROBLEMS] + ([f"and {more} more"] if more > 0 else []))


def find_object(text: str, shape: type[BaseModel]) -> dict[str, Any]:
    """The largest object that has every field of `shape`, else the one that has the most of them.

    Models show examples, and repeat the schema, before they answer. Raises Unreadable; and where
    an object was begun and is broken, no part of it passes for the answer.
    """
    if len(text) > LARGEST:
        raise Unreadable(f"The answer is longer than {LARGEST} characters.")
    said = spoken(text)
    if not said.strip():
        raise Unreadable("The answer was empty.")
    whole, broken = _objects(said)
    wanted = shape.model_fields.keys()
    complete = [one for one in whole if wanted <= one.value.keys()]
    if complete:
        return max(complete, key=lambda one: one.length).value
    if broken:
        raise Unreadable(f"The answer is not valid JSON: {broken}.")
    fitting = [one for one in whole if wanted & one.value.keys()]
    if fitting:
        return max(fitting, key=lambda one: (len(wanted & one.value.keys()), one.length)).value
    if whole:
        raise Unreadable(f"The answer holds no object with the fields {', '.join(wanted)}.")
    raise Unreadable("The answer holds no JSON object.")


def spoken(text: str) -> str:
    """The reply without the thoughts before it. Thoughts that never end leave nothing."""
    while thought := THOUGHTS.match(text) or END_OF_THOUGHTS.match(text):
        text = text[thought.end() :]
    return text


@dataclass(frozen=True)
class _Found:
    value: dict[str, Any]
    length: int


def _objects(text: str) -> tuple[list[_Found], str]:
    """The JSON objects in a text, none within another; and what is wrong with a broken one."""
    found: list[_Found] = []
    broken = ""
    place = text.find("{")
    for _ in range(MOST_STARTS):
        if place < 0:
            break
        try:
            value, end = DECODER.raw_decode(text, place)
            found.append(_Found(value, end - place))
        except json.JSONDecodeError as error:
            end = max(place + 1, error.pos)
            if OBJECT.match(text, place):
                near = text[max(0, error.pos - 20) : error.pos + 20]
                broken = broken or f"{error.msg} at line {error.lineno}, near {near!r}"
        except (ValueError, RecursionError):
            return found, "it is too deep, or holds a number that is too long"
        place = text.find("{", end)
    return found, broken


def clean(value: Any) -> Any:
    """Without NUL bytes and half surrogates, which neither files nor databases hold."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [clean(one) for one in value]
    if isinstance(value, dict):
        return {plain(str(name)): clean(one) for name, one in value.items()}
    return value


def plain(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
