"""What an endpoint's HTTP errors mean, for the person whose settings or patience they ask for."""

from __future__ import annotations

import openai

from coursewright.generator.endpoint import PREFIX, Endpoint
from coursewright.generator.trouble import KEPT, Abstained, Misconfigured, Rejected, Unreachable

# What endpoints say of prompts that are longer than the model takes.
TOO_LONG = ("context_length", "context length", "context window", "context size", "too long")


def refusal(error: openai.APIStatusError, endpoint: Endpoint) -> Exception:
    """Unreachable, Misconfigured, Rejected or Abstained, with the endpoint's own words."""
    said = endpoint.mask(error.message)
    code = error.status_code
    place = f"{endpoint.address} (model {endpoint.model})"
    if code in (401, 403):
        return Misconfigured(
            f"{endpoint.address} does not accept the key ({code}: {said}). Set {PREFIX}API_KEY to"
            f" one that may use the model {endpoint.model}. {KEPT}"
        )
    if code == 404:
        return Misconfigured(
            f"{endpoint.address} knows no model {endpoint.model!r}, or has no chat completions"
            f" there (404: {said}). `coursewright doctor --llm` lists its models. {KEPT}"
        )
    if code == 429:
        return Unreachable(f"{place} takes no more calls now (429: {said}).{_wait(error)} {KEPT}")
    if code >= 500 or code in (408, 409):
        return Unreachable(f"{place} is failing ({code}: {said}).{_wait(error)} {KEPT}")
    return _rejected(error, said, place)


def _wait(error: openai.APIStatusError) -> str:
    asked = error.response.headers.get("retry-after", "").strip()
    if not asked:
        return ""
    return f" It asks to wait {asked[:40]}{' s' if asked.isdigit() else ''}."


def _rejected(error: openai.APIStatusError, said: str, place: str) -> Exception:
    lower = f"{error.code or ''} {said}".lower()
    if error.status_code == 413 or any(words in lower for words in TOO_LONG):
        return Abstained(
            f"{place} takes no prompt of this length ({said}). Give less source material, or use a"
            " model with a larger context.",
            "too long",
        )
    if "content_filter" in lower or "content management policy" in lower:
        return Abstained(f"{place} filtered this request ({said}).", "filtered")
    return Rejected(
        f"{place} refuses this request ({error.status_code}: {said}).",
        said,
        str(error.param or ""),
    )
