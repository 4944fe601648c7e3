"""Who makes a course: the bank, or a model as author, with the one who solves blind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from coursewright.generator.authors import authors
from coursewright.generator.bank.maker import Bank
from coursewright.generator.budget import Budget
from coursewright.generator.calls import Call, Ledger
from coursewright.generator.endpoint import from_environment
from coursewright.generator.ladder import Memory
from coursewright.generator.maker import Maker
from coursewright.generator.model import CONCURRENT
from coursewright.generator.steps import digest

Provider = Literal["openai", "bank"]


@dataclass(frozen=True)
class Makers:
    """`material` is a digest of the author's own, `calls` gives what was paid for up to now."""

    maker: Maker
    solver: Maker
    material: str = ""
    calls: Callable[[], Sequence[Call]] = tuple

    @property
    def origin(self) -> str:
        """What every piece depends on: by whom, and of what material."""
        return digest(self.maker.name, self.material)


def provider(settings: Mapping[str, str]) -> Provider:
    """The model where one is set, else the bank. Raises Invalid for half of a setting."""
    return "bank" if from_environment(settings) is None else "openai"


@asynccontextmanager
async def makers(
    which: Provider,
    *,
    seed: int,
    settings: Mapping[str, str],
    folder: Path | None,
    budget: Budget,
    sources: Mapping[str, str],
    ledger: Ledger | None = None,
    memory: Memory | None = None,
    concurrent: int = CONCURRENT,
    notice: Callable[[str], None] | None = None,
) -> AsyncIterator[Makers]:
    """The bank takes the seed, a model the rest; see authors()."""
    if which == "bank":
        bank = Bank(seed)
        yield Makers(bank, bank)
        return
    async with authors(
        settings,
        folder,
        budget=budget,
        sources=sources,
        ledger=ledger,
        memory=memory,
        concurrent=concurrent,
        notice=notice,
    ) as who:
        material = digest(dict(sources)) if sources else ""
        yield Makers(who.maker, who.solver, material, who.ledger.calls)
