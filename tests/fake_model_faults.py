"""Ways in which an endpoint fails, each a handler's misdeed: what it sends instead of the reply."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fake_model import Asked, Completions, Said

Fault = Callable[["Completions", "Asked", "Said"], Awaitable[None]]
FAULTS: dict[str, Fault] = {}
PAGE = "<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>"


def fault(name: str) -> Callable[[Fault], Fault]:
    def enter(made: Fault) -> Fault:
        FAULTS[name] = made
        return made

    return enter


def status(number: int, message: str, headers: dict[str, str] | None = None, **more: Any) -> Fault:
    async def refuse(door: Completions, asked: Asked, said: Said) -> None:
        for name, value in (headers or {}).items():
            door.set_header(name, value)
        door.refuse(number, message, **more)

    return refuse


def altered(change: Callable[[str], str]) -> Fault:
    """The reply of the script, its text changed."""

    async def send(door: Completions, asked: Asked, said: Said) -> None:
        door.send(asked, replace(said, content=change(said.content or "")))

    return send


def instead(text: str) -> Fault:
    async def send(door: Completions, asked: Asked, said: Said) -> None:
        door.send(asked, replace(said, content=text))

    return send


FAULTS |= {
    "400": status(400, "Something is wrong with this request"),
    "401": status(401, "Incorrect API key provided", code="invalid_api_key"),
    "403": status(403, "You may not use this model"),
    "404": status(404, "The model does not exist", code="model_not_found"),
    "413": status(413, "Request entity too large"),
    "429": status(429, "Too many requests"),
    "429, wait a moment": status(429, "Too many requests", {"Retry-After": "0.01"}),
    "429, wait an hour": status(429, "Too many requests", {"Retry-After": "3600"}),
    "429, no credit": status(429, "You exceeded your quota", code="insufficient_quota"),
    "500": status(500, "Internal error"),
    "503": status(503, "Overloaded"),
    "context too long": status(
        400, "This model's maximum context length is 8192 tokens", code="context_length_exceeded"
    ),
    "json_validate_failed": status(
        400, "Failed to generate JSON", code="json_validate_failed", failed_generation='{"a": '
    ),
    "fenced": altered(lambda text: f"```json\n{text}\n```"),
    "thoughts first": altered(lambda text: f'<think>Maybe {{"a": 1}}?</think>\n{text}'),
    "thoughts closed only": altered(lambda text: f"Let me see.</think>\n{text}"),
    "prose around": altered(lambda text: f"Here is {{what}} you want:\n{text}\nAnything else?"),
    "invalid JSON": altered(lambda text: text.replace(":", " ", 1)),
    "schema ignored": instead(json.dumps({"something": "else"})),
    "wrong types": altered(lambda text: json.dumps({name: 3 for name in json.loads(text)})),
    "extra fields": altered(lambda text: json.dumps({**json.loads(text), "more": 1})),
    "NUL bytes": altered(lambda text: text.replace('": "', '": "\\u0000\0', 1)),
    "empty content": instead(""),
    "huge": instead("x" * (3 << 20)),
    "not JSON at all": instead("I would rather talk about the weather."),
}


@fault("reset")
async def reset(door: Completions, asked: Asked, said: Said) -> None:
    door.detach().close()


@fault("hang")
async def hang(door: Completions, asked: Asked, said: Said) -> None:
    await asyncio.Event().wait()


@fault("hang in the stream")
async def hang_in_the_stream(door: Completions, asked: Asked, said: Said) -> None:
    await begin(door, asked, said)
    await asyncio.Event().wait()


@fault("cut stream")
async def cut_stream(door: Completions, asked: Asked, said: Said) -> None:
    """The stream ends in order, in the middle: clients take it for the whole."""
    await begin(door, asked, said)


@fault("reset stream")
async def reset_stream(door: Completions, asked: Asked, said: Said) -> None:
    await begin(door, asked, said)
    door.detach().close()


@fault("error in the stream")
async def error_in_the_stream(door: Completions, asked: Asked, said: Said) -> None:
    await begin(door, asked, said)
    door.chunk({"error": {"message": "The server had an error", "type": "server_error"}})


@fault("garbage in the stream")
async def garbage_in_the_stream(door: Completions, asked: Asked, said: Said) -> None:
    await begin(door, asked, said)
    door.chunk('{"choices": [')


async def begin(door: Completions, asked: Asked, said: Said) -> None:
    door.begin_stream()
    for piece in door.pieces(asked, replace(said, content=(said.content or "")[:20]))[:2]:
        door.chunk(piece)
    await door.flush()


@fault("page")
async def page(door: Completions, asked: Asked, said: Said) -> None:
    door.set_header("Content-Type", "text/html")
    door.write(PAGE)


@fault("empty body")
async def empty_body(door: Completions, asked: Asked, said: Said) -> None:
    door.set_header("Content-Type", "application/json")


@fault("no choices")
async def no_choices(door: Completions, asked: Asked, said: Said) -> None:
    door.send_json({**door.head(), "choices": []})


@fault("odd fields")
async def odd_fields(door: Completions, asked: Asked, said: Said) -> None:
    choice = {"index": 0, "message": {"content": ["a"], "refusal": 3}, "finish_reason": 1}
    door.send_json({**door.head(), "choices": ["x", choice], "usage": "much"})


@fault("refusal")
async def refusal(door: Completions, asked: Asked, said: Said) -> None:
    door.send(asked, replace(said, content=None, refusal="I cannot help with that."))


@fault("content filter")
async def content_filter(door: Completions, asked: Asked, said: Said) -> None:
    door.send(asked, replace(said, content="", finish="content_filter"))


@fault("length")
async def length(door: Completions, asked: Asked, said: Said) -> None:
    text = said.content or ""
    door.send(asked, replace(said, content=text[: len(text) // 2], finish="length"))


@fault("several choices")
async def several_choices(door: Completions, asked: Asked, said: Said) -> None:
    data = door.whole(asked, said)
    other = {"index": 1, "message": {"content": "the other"}, "finish_reason": "stop"}
    door.send_json({**data, "choices": [other, *data["choices"]]})


@fault("no usage")
async def no_usage(door: Completions, asked: Asked, said: Said) -> None:
    door.send(asked, replace(said, usage=False))


@fault("tool calls")
async def tool_calls(door: Completions, asked: Asked, said: Said) -> None:
    call = {"id": "1", "type": "function", "function": {"name": "answer", "arguments": "{}"}}
    extra = {"tool_calls": [{"index": 0, **call}]}
    door.send(asked, replace(said, content=None, extra=extra, finish="tool_calls"))


@fault("thoughts beside")
async def thoughts_beside(door: Completions, asked: Asked, said: Said) -> None:
    door.send(asked, replace(said, extra={"reasoning_content": "Let me see."}))
