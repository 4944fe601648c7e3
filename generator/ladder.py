"""What an endpoint can do with a model: found out once, by what it refuses and by one canary.

Compatible servers refuse parameters, and some silently ignore them: a schema, or the cap on tokens.
From the first rung, all that OpenAI has, each finding steps down:

    json_schema > json_object > prompt        how a reply's form is asked for
    max_completion_tokens > max_tokens > -    how a reply's length is capped
    temperature, stream, usage in streams     given up where refused
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

from coursewright.generator.calls import Call
from coursewright.generator.endpoint import Endpoint
from coursewright.generator.trouble import Rejected

Structured = Literal["json_schema", "json_object", "prompt"]
TokenParameter = Literal["max_completion_tokens", "max_tokens", ""]

# The one word that the canary's schema allows; nobody who sees the question only would say it.
# Long enough that the cap cuts it, so that one call shows whether schema and cap are obeyed.
WORD = " ".join(["zq7"] * 40)
CANARY_CAP = 24
# A model that thinks first needs room for it.
ROOMY_CAP = 2048
CANARY_SCHEMA = {
    "type": "object",
    "properties": {"word": {"type": "string", "enum": [WORD]}},
    "required": ["word"],
    "additionalProperties": False,
}
CANARY = (
    {"role": "system", "content": "Answer with a JSON object."},
    {"role": "user", "content": "In the field `word`, spell out the numbers from 1 to 100."},
)


@dataclass(frozen=True)
class Capabilities:
    """`verified` tells that the canary has shown whether schemas are obeyed."""

    structured: Structured = "json_schema"
    tokens: TokenParameter = "max_completion_tokens"
    temperature: bool = True
    stream: bool = True
    usage: bool = True
    verified: bool = False

    def options(
        self,
        cap: int,
        schema: dict[str, Any] | None = None,
        name: str = "answer",
        temperature: float | None = None,
    ) -> dict[str, Any]:
        """The parameters of a call in the form that this endpoint takes."""
        options: dict[str, Any] = {}
        if self.tokens:
            options[self.tokens] = cap
        if self.temperature and temperature is not None:
            options["temperature"] = temperature
        if self.stream:
            options["stream"] = True
            if self.usage:
                options["stream_options"] = {"include_usage": True}
        if schema is not None and self.structured == "json_schema":
            form = {"name": name, "strict": True, "schema": schema}
            options["response_format"] = {"type": "json_schema", "json_schema": form}
        elif schema is not None and self.structured == "json_object":
            options["response_format"] = {"type": "json_object"}
        return options


POOREST = Capabilities("prompt", "max_tokens", temperature=False, stream=False, usage=False)

# Which words of a refusal mean which parameter; the first that was sent and fits is given up.
WORDS = (
    ("stream_options", r"stream_options|include_usage"),
    ("tokens", r"max_completion_tokens|max_tokens"),
    ("temperature", r"temperature"),
    ("response_format", r"response_format|json_schema|json_object|structured|grammar|schema"),
    ("stream", r"\bstream(ing)?\b"),
)


def step_down(now: Capabilities, refused: Rejected, sent: dict[str, Any]) -> Capabilities | None:
    """What to try after this refusal; None where no parameter of ours can be meant."""
    for said in (refused.about, refused.said):
        for name, words in WORDS:
            if re.search(words, said, re.IGNORECASE) and (lower := _without(now, name, sent)):
                return lower
    return None


def _without(now: Capabilities, name: str, sent: dict[str, Any]) -> Capabilities | None:
    """A rung lower in one respect; None where that was not sent."""
    if name == "tokens" and now.tokens in sent:
        lower: TokenParameter = "max_tokens" if now.tokens == "max_completion_tokens" else ""
        return replace(now, tokens=lower)
    if name not in sent:
        return None
    if name == "response_format":
        schema = now.structured == "json_schema"
        return replace(now, structured="json_object" if schema else "prompt")
    if name == "stream_options":
        return replace(now, usage=False)
    if name == "temperature":
        return replace(now, temperature=False)
    return replace(now, stream=False)


def rungs(now: Capabilities, sent: dict[str, Any]) -> Iterator[Capabilities]:
    """What to try after a refusal that names nothing: each parameter left out, then all of them."""
    for name in ("response_format", "temperature", "stream_options", "tokens", "stream"):
        if lower := _without(now, name, sent):
            yield lower
    yield POOREST
    yield replace(POOREST, tokens="")


def judge(now: Capabilities, reply: Call, cap: int) -> Capabilities | None:
    """What the canary's reply shows; None where it shows nothing, as when only thoughts came."""
    said = re.sub(r"\s+", "", reply.text)
    if not said:
        return None
    obeyed = said.startswith('{"word":"zq7')
    capped = reply.finish == "length" or (len(reply.text) <= 16 * cap and not said.endswith("}"))
    found = replace(now, verified=True)
    if now.structured == "json_schema" and not obeyed:
        found = replace(found, structured="prompt")
    if cap == CANARY_CAP and now.tokens and not capped and len(reply.text) > 4 * cap:
        found = replace(found, tokens="max_tokens" if now.tokens != "max_tokens" else "")
    return found


class Memory:
    """What was found out, by endpoint and model; in a file too, where one is given.

    The file holds no keys. One that cannot be read is as good as none: it is found out again.
    """

    def __init__(self, path: Path | None = None):
        self.path = path
        self._known: dict[str, Capabilities] = {}
        if path is not None and path.exists():
            self._known = dict(_read(path))

    def find(self, endpoint: Endpoint) -> Capabilities | None:
        return self._known.get(_name(endpoint))

    def keep(self, endpoint: Endpoint, capabilities: Capabilities) -> None:
        self._known[_name(endpoint)] = capabilities
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        data = {name: asdict(one) for name, one in self._known.items()}
        new = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        new.write_text(json.dumps(data, indent=1) + "\n", "utf-8")
        new.replace(self.path)


def _name(endpoint: Endpoint) -> str:
    return f"{endpoint.address} {endpoint.model}"


def _read(path: Path) -> Iterator[tuple[str, Capabilities]]:
    known = {one.name for one in fields(Capabilities)}
    try:
        data = json.loads(path.read_text("utf-8"))
        for name, found in data.items():
            if found.keys() == known:
                yield name, Capabilities(**found)
    except (OSError, ValueError, AttributeError):
        return
