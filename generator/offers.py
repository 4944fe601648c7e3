"""What a person who asks for a course may choose from, and what is wrong with their choice.

Who serves this has no key of a model and does not load the client of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, get_args

from coursewright.generator.endpoint import from_environment
from coursewright.generator.request import Level, Problem, Request, problems
from coursewright.generator.trouble import Abstained
from coursewright.records.errors import Invalid

NO_MODEL = (
    "No model is set. Who runs this Coursewright can set COURSEWRIGHT_LLM_BASE_URL and "
    "COURSEWRIGHT_LLM_MODEL; until then the bank serves"
)
# In the bank's sentences, how a command says it.
OPTION = ": --provider openai"
LEVELS: tuple[str, ...] = get_args(Level)


@dataclass(frozen=True)
class Offer:
    """A provider; `why` is why it is not ready, or empty."""

    name: str
    ready: bool
    why: str = ""


def offers(settings: Mapping[str, str]) -> list[Offer]:
    """The providers, the bank first."""
    try:
        model = from_environment(settings)
    except Invalid as error:
        found = Offer("openai", False, str(error))
    else:
        found = Offer("openai", model is not None, "" if model else NO_MODEL)
    return [Offer("bank", True), found]


def topics() -> list[str]:
    """What the bank holds, in the order in which it can be learnt."""
    from coursewright.generator.bank.catalogue import TOPICS

    return [topic.title for topic in TOPICS]


def defaults() -> dict[str, Any]:
    """What a request says of the fields that it leaves out."""
    whole = Request(topic="any").model_dump(mode="json")
    return {name: value for name, value in whole.items() if name not in ("topic", "outline")}


def faults(
    data: Any, provider: str, settings: Mapping[str, str], sources: Mapping[str, str] | None = None
) -> list[Problem]:
    """Everything that keeps this request from being made, one problem for each field."""
    found = problems(data)
    offer = next((one for one in offers(settings) if one.name == provider), None)
    if offer is None:
        found.append(Problem("provider", f"There is no provider {provider!r}"))
    elif not offer.ready:
        found.append(Problem("provider", offer.why))
    elif provider == "bank" and not found:
        request = Request.model_validate(data)
        named = request.sources or sorted(sources or {})
        found += _unheld(request.model_copy(update={"sources": named}))
    if sources:
        found += _too_long(sources)
    return found


def _too_long(sources: Mapping[str, str]) -> Iterator[Problem]:
    from coursewright.generator.sources import MOST

    length = sum(map(len, sources.values()))
    if length > MOST:
        said = f"Your material has {length} characters together; {MOST} are the most"
        yield Problem("sources", f"{said}. Take the parts that matter")


def _unheld(request: Request) -> Iterator[Problem]:
    """What the bank cannot do."""
    from coursewright.generator.bank import choosing

    try:
        choosing.check(request)
    except Abstained as error:
        english = request.language.partition("-")[0] == "en"
        yield _problem("sources" if english else "language", error)
    if request.outline is not None:
        return
    try:
        found = choosing.topics(request)
    except Abstained as error:
        yield _problem("modules" if error.reason == "does not fit" else "topic", error)
        return
    try:
        for topic in found:
            choosing.exercises(topic, request.exercises, request.level, Random(0))  # noqa: S311
    except Abstained as error:
        yield _problem("exercises", error)


def _problem(field: str, error: Abstained) -> Problem:
    return Problem(field, str(error).replace(OPTION, ""))
