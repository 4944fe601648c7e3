"""How OpenAI-compatible servers differ: what each enforces, ignores and refuses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import jsonschema

if TYPE_CHECKING:
    from fake_model import Said

Way = Literal["obeyed", "ignored", "refused"]
BOTH = ("max_tokens", "max_completion_tokens")


@dataclass(frozen=True)
class Persona:
    """`caps` are the parameters that cap a reply here; one that is in neither list is ignored."""

    name: str
    caps: tuple[str, ...] = BOTH
    refused_caps: tuple[str, ...] = ()
    json_schema: Way = "obeyed"
    json_object: Way = "obeyed"
    temperature: Way = "obeyed"
    streams: bool = True
    streaming_refused: bool = False
    usage_refused: bool = False
    thinks: int = 0  # tokens before the first word
    keyed: bool = True
    names_parameters: bool = True
    refuses_all: bool = False
    models: tuple[str, ...] = ()

    def refusal(self, body: Mapping[str, Any]) -> tuple[str, str] | None:
        """The parameter that is refused, and the sentence that says so."""
        if self.refuses_all:
            return ("", "Bad request")
        for name in self._refused(body):
            if not self.names_parameters:
                return ("", "Bad request")
            other = BOTH[BOTH.index(name) - 1] if name in BOTH else ""
            instead = f" Use '{other}' instead." if other else ""
            return (name, f"Unsupported parameter: '{name}' is not supported.{instead}")
        return None

    def _refused(self, body: Mapping[str, Any]) -> list[str]:
        found = [name for name in self.refused_caps if name in body]
        if self.temperature == "refused" and "temperature" in body:
            found.append("temperature")
        form = body.get("response_format", {}).get("type", "")
        if form and getattr(self, form) == "refused":
            found.append("response_format")
        if self.usage_refused and "stream_options" in body:
            found.append("stream_options")
        if self.streaming_refused and body.get("stream"):
            found.append("stream")
        return found


OPENAI = Persona("OpenAI", refused_caps=("max_tokens",), caps=("max_completion_tokens",))
REASONING = replace(OPENAI, name="OpenAI, a reasoning model", temperature="refused", thinks=60)
ANTHROPIC = Persona("Anthropic's endpoint", json_schema="ignored", json_object="ignored")
VLLM = Persona("vLLM", keyed=False)
LLAMA = Persona("llama.cpp", refused_caps=("max_completion_tokens",), caps=("max_tokens",))
OLLAMA = Persona("Ollama", caps=("max_tokens",), keyed=False)
OLLAMA_CLOUD = replace(OLLAMA, name="Ollama Cloud", json_schema="ignored", json_object="ignored")
LITELLM = Persona("a LiteLLM proxy", usage_refused=True, json_schema="refused")
PLAIN = Persona(
    "a plain server",
    caps=("max_tokens",),
    refused_caps=("max_completion_tokens",),
    json_schema="refused",
    json_object="refused",
    temperature="refused",
    streaming_refused=True,
    usage_refused=True,
)
SILENT = replace(PLAIN, name="a plain server that names nothing", names_parameters=False)
UNSTREAMED = Persona("a server that answers in one piece", streams=False)


def conform(said: Said, body: Mapping[str, Any], persona: Persona) -> Said:
    """The reply as this server lets it out: forced into the schema, cut at the cap."""
    form = body.get("response_format", {})
    text = said.content
    if text is not None and form.get("type") == "json_schema" and persona.json_schema == "obeyed":
        text = _forced(text, form["json_schema"]["schema"])
    said = replace(said, content=text, reasoning=said.reasoning + persona.thinks)
    caps = [body[name] for name in persona.caps if name in body]
    room = min(caps) - said.reasoning if caps else None
    if room is not None and text is not None and len(text) // 4 >= room:
        used = said.reasoning if room > 0 else min(caps)
        said = replace(said, content=text[: max(room, 0) * 4], finish="length", reasoning=used)
    return said


def _forced(text: str, schema: Mapping[str, Any]) -> str:
    try:
        jsonschema.validate(json.loads(text), schema)
    except (ValueError, jsonschema.ValidationError):
        return json.dumps(_least(schema))
    return text


def _least(schema: Mapping[str, Any]) -> Any:
    """A small value that the schema allows."""
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return _least(schema["anyOf"][-1])
    if schema["type"] == "object":
        return {name: _least(one) for name, one in schema["properties"].items()}
    return {"array": [], "string": "x", "integer": 1, "boolean": True, "null": None}[schema["type"]]
