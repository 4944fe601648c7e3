"""Where the model is: its settings, and a client that sends nothing but what we set."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from coursewright.generator.budget import Prices
from coursewright.records.errors import Invalid

if TYPE_CHECKING:
    from openai import AsyncOpenAI

PREFIX = "COURSEWRIGHT_LLM_"
SOLVER = "COURSEWRIGHT_LLM_SOLVER_"
# Servers without keys still want the header.
NO_KEY = "none"
TIMEOUT = 60.0  # seconds of silence
RETRIES = 2
# A call as a whole, with its retries and waits, ends within this many time-outs.
PATIENCE = 10

Hook = Callable[[Any], Awaitable[None]]


@dataclass(frozen=True)
class Endpoint:
    """`timeout` is the seconds of silence after which a try counts as failed."""

    base_url: str
    model: str
    api_key: str = field(default=NO_KEY, repr=False)
    prices: Prices | None = None
    timeout: float = TIMEOUT
    retries: int = RETRIES

    @property
    def address(self) -> str:
        """The base URL without a password that stands in it."""
        parts = urlsplit(self.base_url)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()

    @property
    def patience(self) -> float:
        """Seconds after which a call is given up, whatever its retries and waits."""
        return self.timeout * PATIENCE

    def mask(self, text: str) -> str:
        """The text without the key, and short enough for a sentence: servers echo what they get."""
        password = urlsplit(self.base_url).password or ""
        for secret in (self.api_key, password):
            if secret and secret != NO_KEY:
                text = text.replace(secret, "…")
        return " ".join(text.split())[:300]


def from_environment(environ: Mapping[str, str]) -> Endpoint | None:
    """The endpoint that the environment names, or None when it names none.

    Raises Invalid when it names half of one.
    """
    base_url, model = (environ.get(PREFIX + name, "").strip() for name in ("BASE_URL", "MODEL"))
    if not base_url and not model:
        return None
    if not base_url:
        raise Invalid(
            f"{PREFIX}MODEL is set and {PREFIX}BASE_URL is not. Set it to the address of an"
            " OpenAI-compatible endpoint, such as https://api.openai.com/v1 or"
            " http://127.0.0.1:11434/v1."
        )
    if not model:
        raise Invalid(
            f"{PREFIX}BASE_URL is set and {PREFIX}MODEL is not. There is no default model: they are"
            " withdrawn too often. `coursewright doctor --llm` lists what the endpoint has."
        )
    return _endpoint(environ, PREFIX, base_url, model, environ.get(PREFIX + "API_KEY", ""))


def solver_from_environment(environ: Mapping[str, str], main: Endpoint) -> Endpoint | None:
    """The second endpoint or model, for the independent solver; None when none is named.

    Another address never gets the first one's key.
    """
    base_url = environ.get(SOLVER + "BASE_URL", "").strip() or main.base_url
    model = environ.get(SOLVER + "MODEL", "").strip()
    if not model:
        if base_url != main.base_url:
            raise Invalid(f"{SOLVER}BASE_URL is set and {SOLVER}MODEL is not. Name its model.")
        return None
    inherited = main.api_key if base_url == main.base_url else ""
    return _endpoint(environ, SOLVER, base_url, model, environ.get(SOLVER + "API_KEY") or inherited)


def _endpoint(
    environ: Mapping[str, str], prefix: str, base_url: str, model: str, key: str
) -> Endpoint:
    if urlsplit(base_url).scheme not in ("http", "https"):
        raise Invalid(f"{prefix}BASE_URL must begin with http:// or https://.")
    prices = [_number(environ, prefix + name) for name in ("INPUT_PRICE", "OUTPUT_PRICE")]
    known = None if None in prices else Prices(prices[0] or 0.0, prices[1] or 0.0)
    timeout = _number(environ, PREFIX + "TIMEOUT")
    if timeout is not None and timeout <= 0:
        raise Invalid(f"{PREFIX}TIMEOUT must be more than 0 seconds.")
    return Endpoint(base_url.rstrip("/"), model, key.strip() or NO_KEY, known, timeout or TIMEOUT)


def _number(environ: Mapping[str, str], name: str) -> float | None:
    given = environ.get(name, "").strip()
    if not given:
        return None
    try:
        number = float(given)
    except ValueError:
        raise Invalid(f"{name} must be a number, such as 2.50; it is {given!r}.") from None
    if not 0 <= number < float("inf"):
        raise Invalid(f"{name} must be a number of 0 or more; it is {given!r}.")
    return number


def connect(endpoint: Endpoint, on_response: Hook | None = None) -> AsyncOpenAI:
    """A client of this endpoint. `on_response` sees every HTTP response, those retried too."""
    # It takes a second to load, and who only reads the settings has no use for it.
    from openai import AsyncOpenAI, DefaultAsyncHttpx2Client

    hooks = {"response": [on_response]} if on_response else {}
    with _without_openai():
        return AsyncOpenAI(
            base_url=endpoint.base_url,
            api_key=endpoint.api_key,
            timeout=endpoint.timeout,
            max_retries=endpoint.retries,
            http_client=DefaultAsyncHttpx2Client(event_hooks=hooks),
        )


@contextmanager
def _without_openai() -> Iterator[None]:
    """Hide OPENAI_*: the client would send organisation, project and headers to any address."""
    names = [name for name in os.environ if name.startswith("OPENAI_")]
    hidden = {name: os.environ.pop(name) for name in names}
    try:
        yield
    finally:
        os.environ.update(hidden)
