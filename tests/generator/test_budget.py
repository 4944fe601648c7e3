"""What a course may cost, with a hard stop."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.generator.budget import Budget, Prices, Usage, estimate
from coursewright.generator.trouble import Spent
from coursewright.records.errors import Invalid

PRICES = Prices(1.0, 10.0)


def take(budget: Budget, prompt: int, completion: int, prices: Prices | None = PRICES) -> None:
    async def run() -> None:
        async with budget.hold(prompt, completion, prices):
            cost = prices.cost(prompt, completion) if prices else None
            budget.add(Usage(prompt, completion, cost, 1))

    asyncio.run(run())


def test_costs_are_of_a_million_tokens() -> None:
    assert Prices(2.0, 8.0).cost(500_000, 250_000) == pytest.approx(3.0)


def test_without_prices_there_is_no_cost() -> None:
    budget = Budget()
    take(budget, 10, 20, None)
    assert budget.spent == Usage(10, 20, None, 1)


@pytest.mark.parametrize(
    ("budget", "told"),
    [
        (Budget(tokens=100), "100 tokens is reached: 60 are spent, and the next call may take 60"),
        (Budget(money=0.0005), "0.0005 is reached: 0.0003 is spent"),
        (Budget(seconds=0), "0 seconds is reached"),
    ],
    ids=["tokens", "money", "seconds"],
)
def test_a_call_that_may_not_fit_is_not_made(budget: Budget, told: str) -> None:
    if "seconds" not in told:
        take(budget, 30, 30)
    with pytest.raises(Spent, match=told) as caught:
        take(budget, 30, 30)
    assert "--resume" in str(caught.value)
    assert budget.spent.calls == ("seconds" not in told)


def test_a_budget_of_money_needs_prices() -> None:
    with pytest.raises(Invalid, match="COURSEWRIGHT_LLM_INPUT_PRICE"):
        take(Budget(money=1.0), 1, 1, None)


def test_a_call_waits_while_others_hold_what_it_needs() -> None:
    budget = Budget(tokens=100)
    order: list[str] = []

    async def first(begun: asyncio.Event, end: asyncio.Event) -> None:
        async with budget.hold(0, 80, None):
            begun.set()
            await end.wait()
            order.append("first")
            budget.add(Usage(0, 10))

    async def second() -> None:
        async with budget.hold(0, 80, None):
            order.append("second")

    async def run() -> None:
        begun, end = asyncio.Event(), asyncio.Event()
        one = asyncio.create_task(first(begun, end))
        await begun.wait()
        two = asyncio.create_task(second())
        await asyncio.sleep(0)
        assert order == []
        end.set()
        await asyncio.gather(one, two)

    asyncio.run(run())
    assert order == ["first", "second"]


def test_a_call_that_waits_in_vain_is_told_so() -> None:
    budget = Budget(tokens=100)

    async def first(end: asyncio.Event) -> None:
        async with budget.hold(0, 80, None):
            await end.wait()
            budget.add(Usage(0, 80))

    async def second() -> None:
        async with budget.hold(0, 80, None):
            raise AssertionError("it does not fit")

    async def run() -> None:
        end = asyncio.Event()
        one, two = asyncio.create_task(first(end)), asyncio.create_task(second())
        await asyncio.sleep(0)
        end.set()
        await one
        with pytest.raises(Spent):
            await two

    asyncio.run(run())


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=20))
def test_tokens_never_pass_the_budget(wishes: list[tuple[int, int]]) -> None:
    budget = Budget(tokens=150)

    async def one(prompt: int, completion: int) -> None:
        try:
            async with budget.hold(prompt, completion, None):
                await asyncio.sleep(0)
                budget.add(Usage(prompt, completion // 2))
        except Spent:
            return

    async def run() -> None:
        await asyncio.gather(*(one(*wish) for wish in wishes))

    asyncio.run(run())
    assert budget.spent.tokens <= 150


@given(st.text())
def test_an_estimate_is_never_nothing_for_something(text: str) -> None:
    assert (estimate(text) > 0) == bool(text)
