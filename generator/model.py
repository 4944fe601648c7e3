"""A language model behind an OpenAI-compatible endpoint: asked for drafts, and for nothing else.

Only chat completions are used, and every reply is checked here: what endpoints promise about a
reply's form differs from one to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

from pydantic import BaseModel

from coursewright.generator import schema
from coursewright.generator.budget import Budget
from coursewright.generator.caller import Asked, Caller
from coursewright.generator.calls import Call, Ledger, Notebook
from coursewright.generator.endpoint import Endpoint
from coursewright.generator.exchange import Message
from coursewright.generator.ladder import Memory
from coursewright.generator.replies import Unreadable, plain, read
from coursewright.generator.slots import Slots
from coursewright.generator.trouble import Abstained

T = TypeVar("T", bound=BaseModel)
# What is wrong with a draft that has the right form; nothing where nothing is.
Check = Callable[[T], Sequence[str]]

CAP = 4096  # tokens of a reply, thoughts included
REPAIRS = 2
DOUBLINGS = 2
CONCURRENT = 8
# Characters of a bad reply that are sent back with what is wrong with it.
QUOTED = 8000


@dataclass(frozen=True)
class Question:
    """One message of the system and one of a user: more are not taken everywhere.

    The same question gets the same reply, but for another `attempt`.
    """

    purpose: str
    system: str
    user: str
    cap: int = CAP
    temperature: float | None = None
    attempt: int = 1


class Model:
    """Ask from one event loop, from as many tasks as you like; `slots` bounds the calls at a time.

    `ledger`, `budget` and `slots` may be shared with another model, so that both keep to one limit.
    `notice` is told, in a sentence, what a person who waits may want to know.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        ledger: Ledger | None = None,
        budget: Budget | None = None,
        memory: Memory | None = None,
        slots: Slots | None = None,
        notice: Callable[[str], None] | None = None,
    ):
        self.endpoint = endpoint
        self.caller = Caller(
            endpoint,
            ledger=ledger if ledger is not None else Notebook(),
            budget=budget or Budget(),
            memory=memory or Memory(),
            slots=slots or Slots(CONCURRENT),
            notice=notice or (lambda _: None),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.caller.client.close()

    async def ask(self, question: Question, shape: type[T], check: Check[T] | None = None) -> T:
        """A draft that is valid. What is wrong is sent back twice; a cut reply gets a longer cap.

        Raises Abstained when that does not help, Unavailable, or Spent.
        """
        first: tuple[Message, ...] = (
            {"role": "system", "content": plain(question.system)},
            {"role": "user", "content": plain(f"{question.user}\n\n{_form(shape)}")},
        )
        messages, cap, repairs = first, question.cap, 0
        while True:
            asked = Asked(
                question.purpose,
                messages,
                schema.rule(shape),
                cap,
                question.temperature,
                f"{question.attempt}.{repairs}",
            )
            call = await self.caller.reply(asked)
            if call.refusal or call.finish == "content_filter":
                raise _refused(question.purpose, call)
            try:
                return _checked(read(call.text, shape), check)
            except Unreadable as error:
                wrong = str(error)
            if call.truncated:
                if cap >= question.cap << DOUBLINGS:
                    raise Abstained(
                        f"The model's {question.purpose} was cut off, even at {cap} tokens.",
                        "truncated",
                    )
                cap *= 2
                continue
            repairs += 1
            if repairs > REPAIRS:
                raise Abstained(
                    f"The model gave no usable {question.purpose} in {repairs} tries: {wrong}",
                    "invalid",
                )
            messages = (*first, *_sent_back(call.text, wrong))


def _form(shape: type[BaseModel]) -> str:
    return (
        "Answer with one JSON object and nothing else, no Markdown around it. Its schema:\n"
        f"{schema.text(shape)}"
    )


def _checked(draft: T, check: Check[T] | None) -> T:
    if check is not None and (found := check(draft)):
        raise Unreadable("\n".join(found))
    return draft


def _sent_back(text: str, wrong: str) -> tuple[Message, ...]:
    """What was said, and what is wrong with it, for the next try."""
    ask = (
        f"That cannot be used:\n{wrong}\nAnswer again with the whole JSON object, these mistakes"
        " put right, everything else as it was."
    )
    if not text.strip():
        return ({"role": "assistant", "content": "(nothing)"}, {"role": "user", "content": ask})
    said = text if len(text) <= QUOTED else f"{text[:QUOTED]} …"
    return ({"role": "assistant", "content": said}, {"role": "user", "content": ask})


def _refused(purpose: str, call: Call) -> Abstained:
    if call.refusal:
        return Abstained(
            f"The model refused to make the {purpose}: {call.refusal[:300]}", "refused"
        )
    return Abstained(f"The endpoint filtered the model's {purpose}.", "filtered")
