"""An OpenAI-compatible server on loopback: scripted replies, personas of real servers, faults.

`FakeModel(answer=…, persona=OLLAMA)`; then `start()`, `fail("429", "cut stream")` for the next two
completions, and `seen`, every request that came.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fake_hub import Server
from fake_model_faults import FAULTS
from fake_model_personas import OPENAI, Persona, conform
from tornado.iostream import StreamClosedError
from tornado.web import Application, RequestHandler

KEY = "sk-of-the-tests-7f3a"
MODEL = "tested-model"
CHARACTERS = 4  # of a token


@dataclass(frozen=True)
class Said:
    """A reply of the script; `usage` False leaves it out."""

    content: str | None = None
    finish: str = "stop"
    refusal: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)  # further fields of the message
    usage: bool = True
    reasoning: int = 0  # tokens of thoughts, which the cap counts


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def messages(self) -> list[dict[str, str]]:
        return list(self.body.get("messages", []))

    @property
    def text(self) -> str:
        return "\n".join(message["content"] for message in self.messages)

    @property
    def last(self) -> str:
        return self.messages[-1]["content"]

    @property
    def is_canary(self) -> bool:
        return "spell out the numbers" in self.text

    @property
    def stream(self) -> bool:
        return bool(self.body.get("stream"))


Script = Callable[[Asked], "Said | str"]
NUMBERS = " ".join(f"number {number}," for number in range(1, 101))


def in_words(asked: Asked) -> Said:
    """What a model says to the canary when no rule holds it back."""
    return Said(NUMBERS)


@dataclass
class FakeModel:
    """`answer` is called in the server's thread. `latency` are seconds before each reply.

    No reply leaves before `held` is set.
    """

    answer: Script = in_words
    persona: Persona = OPENAI
    latency: float = 0.0
    held: threading.Event = field(default_factory=threading.Event)
    seen: list[Asked] = field(default_factory=list)
    faults: deque[str] = field(default_factory=deque)
    always: str = ""
    answered: Counter[str] = field(default_factory=Counter)
    most_at_once: int = 0
    at_once: int = 0
    url: str = ""

    def __post_init__(self) -> None:
        self.held.set()

    def start(self) -> None:
        rules = [
            ("/v1/chat/completions", Completions, {"fake": self}),
            ("/v1/models", Models, {"fake": self}),
        ]
        self._server = Server(Application(rules))
        self.url = f"http://127.0.0.1:{self._server.port}/v1"

    def stop(self) -> None:
        self._server.stop()

    def fail(self, *names: str) -> None:
        """The next completions, but for canaries, meet these faults, one each."""
        assert set(names) <= set(FAULTS)
        self.faults.extend(names)

    @property
    def completions(self) -> list[Asked]:
        """The completions asked for, without canaries."""
        return [one for one in self.seen if one.path.endswith("completions") and not one.is_canary]

    def environ(self, **more: str) -> dict[str, str]:
        return {
            "COURSEWRIGHT_LLM_BASE_URL": self.url,
            "COURSEWRIGHT_LLM_API_KEY": KEY,
            "COURSEWRIGHT_LLM_MODEL": MODEL,
            **more,
        }


class Door(RequestHandler):
    """What faults work with: the request, the reply that the script has, ways to send it."""

    def initialize(self, fake: FakeModel) -> None:
        self.fake = fake

    def asked(self) -> Asked:
        body = json.loads(self.request.body) if self.request.body else {}
        asked = Asked(self.request.path, dict(self.request.headers), body)
        self.fake.seen.append(asked)
        return asked

    def refuse(self, status: int, message: str, **more: Any) -> None:
        self.set_status(status)
        self.send_json({"error": {"message": message, "type": "error", **more}})

    def send_json(self, data: Any) -> None:
        self.set_header("Content-Type", "application/json")
        self.write(data if isinstance(data, str | bytes) else json.dumps(data))

    def begin_stream(self) -> None:
        self.set_header("Content-Type", "text/event-stream")

    def chunk(self, data: Any) -> None:
        text = data if isinstance(data, str) else json.dumps(data)
        self.write(f"data: {text}\n\n")


class Models(Door):
    def get(self) -> None:
        self.asked()
        names = self.fake.persona.models or (MODEL,)
        listed = [{"id": name, "object": "model", "created": 0, "owned_by": "x"} for name in names]
        self.send_json({"object": "list", "data": listed})


class Completions(Door):
    async def post(self) -> None:
        asked = self.asked()
        self.fake.at_once += 1
        self.fake.most_at_once = max(self.fake.most_at_once, self.fake.at_once)
        try:
            await self.reply(asked)
        except StreamClosedError:
            return
        finally:
            self.fake.at_once -= 1

    async def reply(self, asked: Asked) -> None:
        if self.request.headers.get("Authorization") != f"Bearer {KEY}" and self.fake.persona.keyed:
            self.refuse(401, f"Incorrect key: {self.request.headers.get('Authorization')}")
            return
        if refused := self.fake.persona.refusal(asked.body):
            self.refuse(400, refused[1], param=refused[0], code="unsupported_parameter")
            return
        if self.fake.latency:
            await asyncio.sleep(self.fake.latency)
        said = in_words(asked) if asked.is_canary else self.fake.answer(asked)
        if not self.fake.held.is_set():
            await asyncio.get_running_loop().run_in_executor(None, self.fake.held.wait)
        said = conform(Said(said) if isinstance(said, str) else said, asked.body, self.fake.persona)
        fault = "" if asked.is_canary else self.fake.always
        if self.fake.faults and not asked.is_canary:
            fault = self.fake.faults.popleft()
        if fault:
            await FAULTS[fault](self, asked, said)
            return
        self.fake.answered[json.dumps(asked.messages)] += 1
        self.send(asked, said)

    def send(self, asked: Asked, said: Said, **more: Any) -> None:
        if asked.stream and self.fake.persona.streams:
            self.begin_stream()
            for piece in self.pieces(asked, said):
                self.chunk(piece)
            self.chunk("[DONE]")
            return
        self.send_json(self.whole(asked, said) | more)

    def whole(self, asked: Asked, said: Said) -> dict[str, Any]:
        message = {"role": "assistant", "content": said.content, **said.extra}
        if said.refusal:
            message["refusal"] = said.refusal
        data = {**self.head(), "object": "chat.completion"}
        data["choices"] = [{"index": 0, "message": message, "finish_reason": said.finish}]
        return data | ({"usage": usage(asked, said)} if said.usage else {})

    def pieces(self, asked: Asked, said: Said) -> list[dict[str, Any]]:
        """The chunks of a stream; the last one has the usage, if that was asked for."""
        head = {**self.head(), "object": "chat.completion.chunk"}
        text, size = said.content or "", 200
        deltas: list[dict[str, Any]] = [{"role": "assistant", **said.extra}]
        deltas += [{"content": text[start : start + size]} for start in range(0, len(text), size)]
        if said.refusal:
            deltas.append({"refusal": said.refusal})
        chunks = [{**head, "choices": [{"index": 0, "delta": one}]} for one in deltas]
        end = {"index": 0, "delta": {}, "finish_reason": said.finish}
        chunks.append({**head, "choices": [end]})
        if said.usage and asked.body.get("stream_options", {}).get("include_usage"):
            chunks.append({**head, "choices": [], "usage": usage(asked, said)})
        return chunks

    def head(self) -> dict[str, Any]:
        return {
            "id": "chatcmpl-1",
            "created": 0,
            "model": f"{MODEL}-2026",
            "system_fingerprint": "fp_1",
        }


def usage(asked: Asked, said: Said) -> dict[str, int]:
    prompt = len(asked.text) // CHARACTERS
    completion = len(said.content or "") // CHARACTERS + said.reasoning
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }
