"""The question bank of a course, and a person's own, over the API."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, cast

from sqlalchemy.orm import Session

from coursewright.grader import bank_questions
from coursewright.records import bank
from coursewright.records.bank import Change, Desk, Entry, Wanted, Whose
from coursewright.records.errors import Invalid
from coursewright.services import bank_sheets
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.base import Handler
from coursewright.services.guards import needs
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import TEACH
from coursewright.services.shapes import TEXT, one_of

WHOSE = {"whose": one_of("course", "mine")}
PAGE = 50


class Bank(APIHandler):
    @documented(
        {200: "Bank"},
        query={
            **WHOSE,
            **{name: TEXT for name in ("concept", "kind", "text", "difficulty", "archived")},
            "limit": {"type": "integer", "minimum": 1, "maximum": bank.MOST},
            "after": {"type": "integer", "minimum": 0},
        },
    )
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """Questions, in the order in which they were made, and how many ask about each concept.

        `after` in the answer is what to send as `after` for the next page; null at the end.
        """
        desk, wanted = desk_of(self, course), wanted_of(self)
        self.answer(await self.ask(listed, desk, wanted))

    @documented({201: "BankQuestion", 200: "BankQuestion"}, takes="BankQuestionSent", query=WHOSE)
    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """Add a question. One that says the very same is not added again (200)."""
        sent = self.sent()
        entry, new = await self.ask(
            added, desk_of(self, course), sent["question"], sent.get("difficulty")
        )
        self.answer(told(entry), 201 if new else 200)


class BankQuestion(APIHandler):
    @documented({200: "BankQuestionWithHistory"})
    @needs(TEACH, role="assistant")
    async def get(self, course: str, question: str) -> None:
        """A question with all its versions, newest first."""
        desk = desk_of(self, course)
        entry = await self.ask(bank.one, desk, int(question))
        changes = await self.ask(bank.history, desk, int(question))
        self.answer({**told(entry), "history": [changed(one) for one in changes]})

    @documented({200: "BankQuestion"}, takes="BankQuestionSent", conflicts=True)
    @needs(TEACH, role="instructor")
    async def put(self, course: str, question: str) -> None:
        """Change a question: a new version of it, which attempts from now on are asked.

        `version` is the one that you have seen; when somebody changed it since, nothing is kept
        (409).
        """
        sent = self.sent()
        item = bank_questions.question(sent["question"])
        level = bank_questions.difficulty(sent.get("difficulty"))
        desk = desk_of(self, course)
        seen = sent.get("version")
        self.answer(told(await self.ask(bank.change, desk, int(question), item, level, seen=seen)))


class BankArchive(APIHandler):
    @documented({200: "BankQuestion"}, takes="BankArchived")
    @needs(TEACH, role="instructor")
    async def put(self, course: str, question: str) -> None:
        """Take a question out of use, or back into it. Quizzes that pick it keep it."""
        desk, archived = desk_of(self, course), self.sent()["archived"]
        self.answer(told(await self.ask(bank.archive, desk, int(question), archived)))


class BankCopies(APIHandler):
    @documented({200: "BankQuestion", 201: "BankQuestion"}, takes="BankCopied")
    @needs(TEACH, role="instructor")
    async def post(self, course: str, question: str) -> None:
        """Copy a question into your own bank (`mine`), or from there into the course's."""
        to: Whose = self.sent()["to"]
        entry, new = await self.ask(copied, desk_of(self, course), int(question), to)
        self.answer(told(entry), 201 if new else 200)


class BankDocument(APIHandler):
    @documented({200: "BankDocument"}, query=WHOSE)
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """All questions in use, as an import takes them."""
        self.set_header("Content-Disposition", f'attachment; filename="{course}-questions.json"')
        self.answer(await self.ask(bank_sheets.document, desk_of(self, course)))


class BankImports(APIHandler):
    @documented({200: "BankImported"}, takes="BankImportSent", query=WHOSE)
    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """Add questions from a document or a sheet: all of them, or none.

        What the bank has already is left out, so sending it again adds nothing.
        """
        sent = self.sent()
        found = bank_sheets.read(sent["csv"]) if "csv" in sent else sent["questions"]
        self.answer(await self.ask(bank_sheets.take_in, desk_of(self, course), found))


class BankSheet(PageHandler):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """The same as a sheet."""
        written = await self.ask(bank_sheets.sheet, desk_of(self, course))
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", f'attachment; filename="{course}-questions.csv"')
        self.write(written)


def desk_of(handler: Handler, course: str) -> Desk:
    """Raises Invalid."""
    whose = handler.get_query_argument("whose", "course")
    if whose not in ("course", "mine"):
        raise Invalid("`whose` is course or mine")
    return Desk(handler.person, course, cast(Whose, whose), handler.request_id)


def wanted_of(handler: Handler, limit: int = PAGE) -> Wanted:
    """What the address asks for. Raises Invalid."""
    names = ("concept", "kind", "text", "difficulty")
    found: dict[str, Any] = {
        name: handler.get_query_argument(name, "").replace("\0", "")[:500] for name in names
    }
    for name, usual in (("limit", limit), ("after", 0)):
        said = handler.get_query_argument(name, str(usual))
        if not (said.isascii() and said.isdecimal() and len(said) < 19):
            raise Invalid(f"`{name}` must be a whole number")
        found[name] = int(said)
    if not 1 <= found["limit"] <= bank.MOST:
        raise Invalid(f"`limit` is 1 to {bank.MOST}")
    archived = handler.get_query_argument("archived", "") in ("true", "yes", "1")
    return Wanted(archived=archived, **found)


def listed(session: Session, desk: Desk, wanted: Wanted) -> dict[str, Any]:
    found = bank.listed(session, desk, wanted)
    full = len(found) == wanted.limit
    return {
        "questions": [told(entry) for entry in found],
        "concepts": bank.concepts(session, desk),
        "after": found[-1].id if full else None,
    }


def added(
    session: Session, desk: Desk, content: dict[str, Any], difficulty: str | None
) -> tuple[Entry, bool]:
    """The question in the bank, and whether it is new there. Raises Invalid."""
    item = bank_questions.question(content)
    level = bank_questions.difficulty(difficulty)
    known = bank.same(session, desk, item, level)
    return (known, False) if known else (bank.add(session, desk, item, level), True)


def copied(session: Session, desk: Desk, number: int, to: Whose) -> tuple[Entry, bool]:
    """Raises NotFound."""
    entry = bank.one(session, desk, number)
    there = Desk(desk.person, desk.course, to, desk.request_id)
    known = bank.same(session, there, entry.question, entry.difficulty)
    if known:
        return known, False
    return bank.add(session, there, entry.question, entry.difficulty), True


def told(entry: Entry) -> dict[str, Any]:
    return {**vars(entry), "question": entry.question.to_json()}


def changed(one: Change) -> dict[str, Any]:
    return {**asdict(one), "question": one.question.to_json()}


PLACE = "api/v1/courses/{course}/bank"
ROUTES = [
    Route(PLACE, Bank),
    Route(f"{PLACE}/questions.json", BankDocument),
    Route(f"{PLACE}/imports", BankImports),
    Route(f"{PLACE}/{{question}}", BankQuestion),
    Route(f"{PLACE}/{{question}}/archived", BankArchive),
    Route(f"{PLACE}/{{question}}/copies", BankCopies),
    Route("courses/{course}/bank.csv", BankSheet),
]
