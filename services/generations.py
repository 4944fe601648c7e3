"""Courses that are made on request: what may be asked for, how far each is, stop and go on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from coursewright.generator import offers
from coursewright.records import authoring, generation_cards, generations, settings, spending
from coursewright.records.authoring import Rights
from coursewright.records.errors import Invalid
from coursewright.records.generation_cards import Watched
from coursewright.records.generations import Limits, Order
from coursewright.records.tables import GENERATION_STATES
from coursewright.services.authors import AuthorHandler
from coursewright.services.guards import needs
from coursewright.services.paging import PAGED, chosen, page
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import TEACH
from coursewright.services.shapes import one_of
from coursewright.services.submissions import IDEMPOTENCY_KEY, KEY_HEADER

# Whether a model is set. Its key is the workers' alone.
SETTINGS: Mapping[str, str] = os.environ


class Options(AuthorHandler):
    @documented({200: "GenerationOptions"})
    @needs(TEACH)
    async def get(self) -> None:
        """What a request may choose from: providers, levels, the bank's topics, the defaults."""
        await self.ask(authoring.refuse_strangers, self.rights)
        self.answer(
            {
                "providers": offers.offers(SETTINGS),
                "levels": offers.LEVELS,
                "topics": offers.topics(),
                "defaults": offers.defaults(),
            }
        )


class Problems(AuthorHandler):
    @documented({200: "RequestProblems"}, takes="RequestSent")
    @needs(TEACH)
    async def post(self) -> None:
        """What keeps a request from being made, one problem a field; nothing is stored."""
        sent = self.sent()
        await self.ask(authoring.refuse_strangers, self.rights)
        self.answer({"problems": offers.faults(sent["request"], sent["provider"], SETTINGS)})


class Generations(AuthorHandler):
    @documented({200: "Generations"}, query={**PAGED, "state": one_of(*GENERATION_STATES)})
    @needs(TEACH)
    async def get(self) -> None:
        """The courses that one has asked for, the newest first; administrators see all.

        With `state`, those alone.
        """
        state = chosen(self, "state", GENERATION_STATES)
        found = await self.ask(generation_cards.cards, self.person, everybody=self.is_admin)
        fitting = (one for one in found if state in (None, one.state))
        here, following = page(self, fitting, lambda one: (-one.id,))
        self.answer({"generations": here, "next": following})

    @documented(
        {201: "GenerationNumber"}, takes="GenerationSent", headers=KEY_HEADER, conflicts=True
    )
    @needs(TEACH)
    async def post(self) -> None:
        """Ask for a course; a worker makes it.

        The same Idempotency-Key gives the same number, however often it is sent.
        """
        key = self.request.headers.get("Idempotency-Key", "")
        if not IDEMPOTENCY_KEY.match(key):
            raise Invalid(
                "Send an Idempotency-Key header of 8 to 200 visible ASCII characters, a new one "
                "for each request and the same one when you try again"
            )
        order = order_of(self.sent())
        number = await self.ask(request, self.rights, order, key, self.request_id)
        self.answer({"id": number}, 201)


class Generation(AuthorHandler):
    @documented({200: "GenerationProgress"})
    @needs(TEACH)
    async def get(self, generation: str) -> None:
        """How far one is: its pieces, what it has cost, and at the end the report."""
        self.answer(await watched(self, generation))


class Receipts(AuthorHandler):
    @documented({200: "Receipts"})
    @needs(TEACH)
    async def get(self, generation: str) -> None:
        """What was proven of every piece, by place; nothing until the course is done."""
        await watched(self, generation)
        self.answer({"receipts": await self.ask(generation_cards.receipts, int(generation))})


class Cancel(AuthorHandler):
    @documented({200: "GenerationProgress"}, takes="Nothing", conflicts=True)
    @needs(TEACH)
    async def post(self, generation: str) -> None:
        """Stop one that is not done; what was finished is kept."""
        self.sent()
        await watched(self, generation)
        await self.ask(generations.cancel, int(generation), self.person, self.request_id)
        self.answer(await watched(self, generation))


class Resume(AuthorHandler):
    @documented({200: "GenerationProgress"}, takes="LimitsSent", conflicts=True)
    @needs(TEACH)
    async def post(self, generation: str) -> None:
        """Go on with one that ended without a course; new `limits` take the place of the old."""
        given = self.sent().get("limits")
        await watched(self, generation)
        limits = Limits(**given) if given is not None else None
        await self.ask(resume, int(generation), self.person, limits, self.request_id)
        self.answer(await watched(self, generation))


async def watched(handler: AuthorHandler, generation: str) -> Watched:
    """Raises NotFound for somebody else's."""
    return await handler.ask(
        generation_cards.watch,
        handler.person,
        int(generation),
        admin=handler.is_admin,
        request_id=handler.request_id,
    )


def order_of(sent: Mapping[str, Any]) -> Order:
    """Raises Invalid with every field that is not as it should be."""
    sources = {name: storable(text) for name, text in sent.get("sources", {}).items()}
    wanted = {**sent["request"], "sources": sorted(sources)}
    found = offers.faults(wanted, sent["provider"], SETTINGS, sources)
    if found:
        told = "; ".join(f"{one.field}: {one.message}" for one in found)
        raise Invalid(f"This cannot be made. {told}")
    limits = Limits(**sent.get("limits", {}))
    return Order(wanted, sent["provider"], sent.get("seed", 0), sources, limits)


def storable(text: str) -> str:
    """Without what PostgreSQL does not take."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def request(session: Session, who: Rights, order: Order, key: str, request_id: str) -> int:
    """Raises Denied for those who write no courses, and when a budget is used up."""
    authoring.refuse_strangers(session, who)
    refuse_costly(session, who.person, order.provider, str(order.request.get("key") or ""))
    return generation_cards.request(session, order, who.person, key, request_id)


def resume(
    session: Session, number: int, person: str, limits: Limits | None, request_id: str
) -> None:
    """As generations.resume. Raises Denied when a budget is used up: it may cost more now."""
    provider, key, whose = spending.of_generation(session, number)
    refuse_costly(session, whose or person, provider, key)
    generations.resume(session, number, person, limits, request_id)


def refuse_costly(session: Session, person: str, provider: str, course: str) -> None:
    """The bank costs nothing. Raises Denied, and Invalid for a model that is not allowed."""
    if provider == "bank":
        return
    model = SETTINGS.get("COURSEWRIGHT_LLM_MODEL", "")
    settings.refuse_model(settings.read(session), model)
    spending.refuse_overspent(session, person, course)


ROUTES = [
    Route("api/v1/generations/options", Options),
    Route("api/v1/generations/problems", Problems),
    Route("api/v1/generations", Generations),
    Route("api/v1/generations/{generation}", Generation),
    Route("api/v1/generations/{generation}/receipts", Receipts),
    Route("api/v1/generations/{generation}/cancel", Cancel),
    Route("api/v1/generations/{generation}/resume", Resume),
]
