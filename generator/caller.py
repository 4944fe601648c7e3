"""The way of a call: is it paid for already, may it be made, how does this endpoint take it?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coursewright.generator import calls, ladder
from coursewright.generator.budget import Budget, estimate
from coursewright.generator.calls import Call, Ledger
from coursewright.generator.endpoint import Endpoint, connect
from coursewright.generator.exchange import Cut, Message, Reply, exchange
from coursewright.generator.ladder import Capabilities, Memory
from coursewright.generator.slots import Slots
from coursewright.generator.trouble import (
    KEPT,
    Misconfigured,
    Rejected,
    Spent,
    TimedOut,
    Unreachable,
)
from coursewright.records import tracing

# Forms of one call that are tried; the ladder has fewer rungs.
MOST_FORMS = 10
# Why a call has no reply that was ended from here, where it was not cancelled.
ENDED: Mapping[type[BaseException], str] = {TimedOut: "timed out", Spent: "out of time"}


@dataclass(frozen=True)
class Asked:
    """What a call asks. `form` is the schema of the reply, `cap` the most tokens that it may have.

    `purpose` names the piece in the ledger, and the schema. Another `attempt` is another call, also
    where all else is the same: votes must not be copies.
    """

    purpose: str
    messages: tuple[Message, ...]
    form: dict[str, Any]
    cap: int
    temperature: float | None = None
    attempt: str = ""


class Caller:
    """See Model, which owns it."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        ledger: Ledger,
        budget: Budget,
        memory: Memory,
        slots: Slots,
        notice: Callable[[str], None],
    ):
        self.endpoint = endpoint
        self.ledger = ledger
        self.budget = budget
        self.memory = memory
        self.slots = slots
        self.notice = notice
        self.client = connect(endpoint, self._heard)
        self._finding_out = asyncio.Lock()

    async def reply(self, asked: Asked) -> Call:
        """The stored reply to this very question, or a new one that is stored first."""
        key = calls.key(
            self.endpoint.model,
            asked.messages,
            form=asked.form,
            cap=asked.cap,
            temperature=asked.temperature,
            attempt=asked.attempt,
        )
        call = self.ledger.find(key)
        if call is None:
            async with self.slots.place(asked.purpose):
                known = await self._capabilities()
                call, found = await self._descend(key, asked, known)
            if found != known:
                self.memory.keep(self.endpoint, found)
        calls.collect(call)
        return call

    async def find_out(self) -> Capabilities:
        """Ask the canary, and remember what it shows. Raises Unavailable or Spent."""
        found = Capabilities()
        for cap in (ladder.CANARY_CAP, ladder.ROOMY_CAP):
            asked = Asked("canary", ladder.CANARY, ladder.CANARY_SCHEMA, cap, 0.0)
            try:
                call, found = await self._descend("canary", asked, found)
            except Rejected as error:
                raise Misconfigured(f"Not even a simple call is taken. {error} {KEPT}") from None
            shown = ladder.judge(found, call, cap)
            if shown is not None:
                found = shown
                break
        self.memory.keep(self.endpoint, found)
        return found

    async def _capabilities(self) -> Capabilities:
        """What the endpoint can do; the first who asks finds it out for all."""
        async with self._finding_out:
            return self.memory.find(self.endpoint) or await self.find_out()

    async def _descend(
        self, key: str, asked: Asked, known: Capabilities
    ) -> tuple[Call, Capabilities]:
        """Ask, and step down the ladder while the endpoint refuses how it is asked."""
        tried, waiting = [known], list[Capabilities]()
        while True:
            form = tried[-1]
            options = form.options(asked.cap, asked.form, asked.purpose, asked.temperature)
            try:
                return await self._try(key, asked, options), form
            except Rejected as refused:
                lower = ladder.step_down(form, refused, options)
                waiting = [lower] if lower else waiting or list(ladder.rungs(form, options))
                waiting = [one for one in waiting if one not in tried]
                if not waiting or len(tried) == MOST_FORMS:
                    raise
                tried.append(waiting.pop(0))

    async def _try(self, key: str, asked: Asked, options: dict[str, Any]) -> Call:
        """One paid call, made anew where its reply breaks off; what each try took is counted."""
        prompt = sum(estimate(message["content"]) for message in asked.messages)
        for left in range(self.endpoint.retries, -1, -1):
            async with self.budget.hold(prompt, asked.cap, self.endpoint.prices):
                await asyncio.to_thread(self.ledger.refuse_overspent)
                call = await self._to_its_end(self._sent(key, asked, options, prompt))
            if not call.failure:
                return call
            if left:
                self.notice(f"A reply broke off ({call.failure}); asking again.")
        raise Unreachable(
            f"The reply of {self.endpoint.address} broke off {self.endpoint.retries + 1} times"
            f" ({call.failure}). {KEPT}"
        )

    async def _to_its_end(self, sent: Coroutine[Any, Any, Call]) -> Call:
        """A cancel waits for what was sent, for it is paid for: one time-out long.

        A second cancel does not wait. Either way what had come by then is counted.
        """
        sending = asyncio.create_task(sent)
        try:
            return await asyncio.shield(sending)
        except asyncio.CancelledError:
            try:
                await asyncio.wait((sending,), timeout=self.endpoint.timeout)
            finally:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
            raise

    async def _sent(self, key: str, asked: Asked, options: dict[str, Any], prompt: int) -> Call:
        """Send it once, and keep what comes of it, whatever that is."""
        began = time.monotonic()
        reply, failure = Reply(), ""
        try:
            with tracing.span("model call", "CLIENT", **self._facts()) as span:
                await self._in_time(asked.messages, reply, options)
                if span is not None:
                    span.set_attributes(_used(reply))
        except Cut as cut:
            failure = str(cut)
        except (TimedOut, Spent, asyncio.CancelledError) as error:
            failure = ENDED.get(type(error), "cancelled")
            await self._keep(self._call(key, asked, reply, failure, prompt=prompt, began=began))
            raise
        call = self._call(key, asked, reply, failure, prompt=prompt, began=began)
        await self._keep(call)
        return call

    def _facts(self) -> dict[str, str]:
        """For a trace: which model is asked, and never what."""
        return {"gen_ai.operation.name": "chat", "gen_ai.request.model": self.endpoint.model}

    async def _in_time(
        self, messages: Sequence[Message], reply: Reply, options: dict[str, Any]
    ) -> None:
        """The exchange, ended by the end of patience or of the budget's seconds."""
        left = self.budget.left
        patience = self.endpoint.patience
        try:
            async with asyncio.timeout(patience if left is None else min(patience, left)):
                await exchange(self.client, self.endpoint, messages, reply, options)
        except TimeoutError:
            if left is not None and left <= patience:
                raise Spent(
                    f"The budget of {self.budget.seconds:g} seconds is reached. {KEPT}"
                ) from None
            raise TimedOut(
                f"{self.endpoint.address} did not finish a reply within {patience:g} s. {KEPT}"
            ) from None

    def _call(
        self, key: str, asked: Asked, reply: Reply, failure: str, *, prompt: int, began: float
    ) -> Call:
        """What a try took: as reported, else reckoned, which the call says."""
        completion = estimate(reply.text + reply.refusal) + reply.thoughts // 3
        known = reply.prompt is not None and reply.completion is not None
        took = (reply.prompt or 0, reply.completion or 0) if known else (prompt, completion)
        prices = self.endpoint.prices
        return Call(
            key=key,
            purpose=asked.purpose,
            model=reply.model or self.endpoint.model,
            text=reply.text if not failure else "",
            finish=reply.finish,
            refusal=reply.refusal,
            prompt=took[0],
            completion=took[1],
            cap=asked.cap,
            cost=prices.cost(*took) if prices else None,
            estimated=not known,
            seconds=round(time.monotonic() - began, 3),
            fingerprint=reply.fingerprint,
            request_id=reply.request_id,
            streamed=reply.streamed,
            failure=failure,
            at=round(time.time(), 3),
        )

    async def _keep(self, call: Call) -> None:
        """Count it and store it. A paid reply is stored even where its task is cancelled now."""
        self.budget.add(call.usage)
        await asyncio.shield(asyncio.to_thread(self.ledger.add, call))

    async def _heard(self, response: Any) -> None:
        """Tell of refusals for now: the client waits as long as the endpoint asks, and retries."""
        if response.status_code == 429 or response.status_code >= 500:
            asked = response.headers.get("retry-after", "")
            wait = f" and asks to wait {asked[:40]} s" if asked else ""
            self.notice(f"{self.endpoint.address} answers {response.status_code}{wait}.")


def _used(reply: Reply) -> dict[str, int]:
    used = {"input": reply.prompt, "output": reply.completion}
    return {f"gen_ai.usage.{kind}_tokens": many for kind, many in used.items() if many is not None}
