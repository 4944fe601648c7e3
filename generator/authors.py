"""The authors of one course, from the settings: who writes, who solves, one ledger, one budget."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from coursewright.generator.author import Author
from coursewright.generator.budget import Budget
from coursewright.generator.calls import Ledger, LedgerFile, Notebook
from coursewright.generator.endpoint import from_environment, solver_from_environment
from coursewright.generator.ladder import Memory
from coursewright.generator.model import CONCURRENT, Model
from coursewright.generator.slots import Slots
from coursewright.records.errors import Invalid

CALLS, ENDPOINT = "calls.jsonl", "endpoint.json"


@dataclass(frozen=True)
class Authors:
    """`solver` answers blind: by the second model where one is set, else by the first one.

    `budget.spent` is what the whole course took, earlier runs included.
    """

    maker: Author
    solver: Author
    budget: Budget
    ledger: Ledger


@asynccontextmanager
async def authors(
    environ: Mapping[str, str],
    folder: Path | None,
    *,
    budget: Budget | None = None,
    sources: Mapping[str, str] | None = None,
    ledger: Ledger | None = None,
    memory: Memory | None = None,
    concurrent: int = CONCURRENT,
    notice: Callable[[str], None] | None = None,
) -> AsyncIterator[Authors]:
    """Calls, and what endpoints can do, are kept in `folder` where no ledger or memory is given.

    Raises Invalid without an endpoint.

    Raises Conflict while another run works in this folder.
    """
    main = from_environment(environ)
    if main is None:
        raise Invalid(
            "No model is set. Set COURSEWRIGHT_LLM_BASE_URL, COURSEWRIGHT_LLM_API_KEY and"
            " COURSEWRIGHT_LLM_MODEL, or use the bank: --provider bank."
        )
    second = solver_from_environment(environ, main)
    budget = budget or Budget()
    slots = Slots(concurrent)
    memory = memory or Memory(folder / ENDPOINT if folder else None)
    async with AsyncExitStack() as stack:
        if ledger is None and folder is not None:
            ledger = file = LedgerFile(folder / CALLS)
            stack.callback(file.close)
        ledger = ledger or Notebook()
        for call in ledger.calls():
            budget.add(call.usage)
        models = [
            await stack.enter_async_context(
                Model(
                    endpoint,
                    ledger=ledger,
                    budget=budget,
                    memory=memory,
                    slots=slots,
                    notice=notice,
                )
            )
            for endpoint in (main, second)
            if endpoint is not None
        ]
        maker = Author(models[0], sources or {})
        yield Authors(maker, Author(models[-1]), budget, ledger)
