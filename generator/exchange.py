"""One question to an endpoint and its reply, whole or not at all; and what its errors mean.

A reply is read piece by piece where the endpoint streams: then the time-out is one of silence, and
a model may think for longer. The client never retries within a stream and ends a cut one without
an error, so that the end is looked for here.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import httpx2
import openai
from openai import AsyncOpenAI, AsyncStream
from openai.types.chat import ChatCompletionChunk

from coursewright.generator.endpoint import PREFIX, Endpoint
from coursewright.generator.refusals import refusal
from coursewright.generator.replies import LARGEST, plain
from coursewright.generator.trouble import KEPT, Abstained, Misconfigured, TimedOut, Unreachable

Message = Mapping[str, str]
HTML = ("text/html", "application/xhtml")


class Cut(Exception):
    """The reply broke off; says why."""


@dataclass
class Reply:
    """What came back. Token counts are None where the endpoint reports none."""

    text: str = ""
    refusal: str = ""
    finish: str = ""
    model: str = ""
    fingerprint: str = ""
    request_id: str = ""
    prompt: int | None = None
    completion: int | None = None
    streamed: bool = False
    tools: bool = False
    thoughts: int = field(default=0)  # characters of reasoning that stand beside the text

    def take(self, data: Any) -> None:
        """Add a chunk, or a whole completion, as an endpoint sent it: any field may be odd."""
        if not isinstance(data, dict):
            return
        self.model = _text(data.get("model")) or self.model
        self.fingerprint = _text(data.get("system_fingerprint")) or self.fingerprint
        usage = data.get("usage")
        if isinstance(usage, dict):
            self.prompt = _count(usage.get("prompt_tokens"), self.prompt)
            self.completion = _count(usage.get("completion_tokens"), self.completion)
        choices = data.get("choices")
        for choice in choices if isinstance(choices, list) else ():
            if isinstance(choice, dict) and choice.get("index") in (0, None):
                self._take_choice(choice)
                break

    def _take_choice(self, choice: Mapping[str, Any]) -> None:
        self.finish = _text(choice.get("finish_reason")) or self.finish
        said = choice.get("delta") or choice.get("message")
        if not isinstance(said, dict):
            return
        self.text += _text(said.get("content"))
        self.refusal += _text(said.get("refusal"))
        self.tools = self.tools or bool(said.get("tool_calls"))
        for name in ("reasoning", "reasoning_content"):
            self.thoughts += len(_text(said.get(name)))
        if len(self.text) + self.thoughts > LARGEST:
            raise Abstained(
                f"The model's reply was given up after {LARGEST} characters.", "too large"
            )


def _text(value: Any) -> str:
    return plain(value) if isinstance(value, str) else ""


def _count(value: Any, otherwise: int | None) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if whole else otherwise


async def exchange(
    client: AsyncOpenAI,
    endpoint: Endpoint,
    messages: Sequence[Message],
    reply: Reply,
    options: Mapping[str, Any],
) -> None:
    """Ask once, into `reply`; the client itself retries what no reply came to.

    Raises Unreachable, Misconfigured, Rejected, Abstained; and Cut for a reply that broke off. What
    had come by then is in `reply`, also when the exchange is cancelled.
    """
    read = _streamed if options.get("stream") else _whole
    try:
        await read(client, endpoint, messages, reply, options)
    except openai.APIStatusError as error:
        if error.code == "json_validate_failed":
            _finish_cut(error, reply)
            return
        raise refusal(error, endpoint) from None
    except (openai.OpenAIError, httpx2.TransportError, ValueError) as error:
        raise _broken(error, endpoint, reply) from None
    if not reply.finish:
        raise Cut("the connection was closed before its end")


async def _streamed(
    client: AsyncOpenAI,
    endpoint: Endpoint,
    messages: Sequence[Message],
    reply: Reply,
    options: Mapping[str, Any],
) -> None:
    stream: AsyncStream[ChatCompletionChunk] = await client.chat.completions.create(
        model=endpoint.model,
        messages=cast(Any, list(messages)),
        **options,
    )
    async with stream:
        reply.request_id = stream.response.headers.get("x-request-id", "")
        kind = stream.response.headers.get("content-type", "")
        if not kind.startswith("text/event-stream"):
            reply.take(await _body(stream.response.aiter_bytes(), kind, endpoint))
            return
        reply.streamed = True
        async for chunk in stream:
            reply.take(chunk.to_dict(warnings=False))


async def _whole(
    client: AsyncOpenAI,
    endpoint: Endpoint,
    messages: Sequence[Message],
    reply: Reply,
    options: Mapping[str, Any],
) -> None:
    async with client.chat.completions.with_streaming_response.create(
        model=endpoint.model,
        messages=cast(Any, list(messages)),
        **options,
    ) as response:
        reply.request_id = response.headers.get("x-request-id", "")
        kind = response.headers.get("content-type", "")
        reply.take(await _body(response.iter_bytes(), kind, endpoint))


async def _body(pieces: AsyncIterator[bytes], kind: str, endpoint: Endpoint) -> Any:
    """The reply of an endpoint that does not stream. Raises Misconfigured for a web page."""
    body = b""
    async for piece in pieces:
        body += piece
        if len(body) > 4 * LARGEST:
            raise Abstained(f"The reply was given up after {4 * LARGEST} bytes.", "too large")
    if kind.startswith(HTML) or body.lstrip()[:1] == b"<":
        raise Misconfigured(
            f"{endpoint.address} answers with a web page. {PREFIX}BASE_URL must be the address of"
            f" the API, which mostly ends in /v1; a sign-in page in between gives this too. {KEPT}"
        )
    if not body.strip():
        return None
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError("too deep") from None


def _finish_cut(error: openai.APIStatusError, reply: Reply) -> None:
    """A cut reply that some endpoints report as an error, because it breaks the schema."""
    body = error.body if isinstance(error.body, dict) else {}
    reply.text = _text(body.get("failed_generation"))
    reply.finish = "length"


def _broken(error: Exception, endpoint: Endpoint, reply: Reply) -> Exception:
    """What it means that the way to the endpoint failed, before the reply or within it."""
    tried = f"tried {endpoint.retries + 1} times"
    begun = bool(reply.text) or reply.streamed
    cause = error.__cause__ or error.__context__ or error
    why = endpoint.mask(str(cause)) or type(cause).__name__
    if isinstance(error, openai.APITimeoutError) and not begun:
        within = f"within {endpoint.timeout:g} s"
        return TimedOut(f"{endpoint.address} gave no answer {within}, {tried}. {KEPT}")
    if isinstance(error, openai.APIConnectionError) and not begun:
        return Unreachable(
            f"{endpoint.address} cannot be reached ({why}), {tried}. Is the server running, and"
            f" {PREFIX}BASE_URL right? {KEPT}"
        )
    if isinstance(error, openai.APIConnectionError | httpx2.TransportError):
        return Cut(why)
    if isinstance(error, openai.APIError):
        return Cut(endpoint.mask(error.message))
    return Cut(f"it was no valid JSON ({endpoint.mask(str(error))})")
