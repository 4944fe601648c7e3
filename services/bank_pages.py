"""The question bank as pages: a list to search, and a form for each kind of question."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from coursewright.grader import bank_questions
from coursewright.records import bank, courses
from coursewright.records.bank import Desk, Entry, Whose
from coursewright.records.bank_tables import DIFFICULTIES
from coursewright.records.course import KINDS, Question
from coursewright.records.errors import Conflict, CoursewrightError, Invalid
from coursewright.services import bank_sheets
from coursewright.services.answers import PageHandler
from coursewright.services.bank import added, copied, desk_of, wanted_of
from coursewright.services.guards import needs
from coursewright.services.problems import status_of
from coursewright.services.quiz_views import KIND_WORDS, preview
from coursewright.services.rendered import html, plain
from coursewright.services.routes import Route
from coursewright.services.schemas import validate
from coursewright.services.scopes import TEACH

ROWS = 6  # of options that a form offers at least
SPARE = 2  # empty ones after those that are filled in
PAGE = 30


@dataclass(frozen=True)
class Line:
    """A question in the list; `name` is the beginning of its text."""

    entry: Entry
    name: str


class BankPages(PageHandler):
    """What the pages of a bank share."""

    async def show_bank(self, template: str, course: str, desk: Desk, **values: Any) -> None:
        title = await self.ask(courses.title, course)
        held = self.role if self.role is not None else "instructor"
        self.show_course(
            template,
            course,
            title,
            desk=desk,
            kinds=KIND_WORDS,
            difficulties=DIFFICULTIES,
            may_change=self.is_admin or held == "instructor",
            **values,
        )

    def go(self, course: str, where: str, desk: Desk) -> None:
        query = "" if desk.whose == "course" else "?whose=mine"
        self.redirect(f"{self.service.prefix}courses/{course}/bank{where}{query}", status=303)


class BankPage(BankPages):
    @needs(TEACH, role="assistant")
    async def get(self, course: str) -> None:
        """Questions to search by concept, kind and text; opens each."""
        await self.show_list(course)

    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """Add the questions of a document (JSON) or a sheet (CSV) that was pasted."""
        desk, text = desk_of(self, course), self.get_body_argument("questions", "", strip=False)
        try:
            done = await self.ask(bank_sheets.take_in, desk, pasted(text))
        except Invalid as error:
            self.set_status(status_of(error))
            await self.show_list(course, error=error, sent=text)
            return
        await self.show_list(course, done=done)

    async def show_list(self, course: str, **said: Any) -> None:
        desk, wanted = desk_of(self, course), wanted_of(self, PAGE)
        found = await self.ask(bank.listed, desk, wanted)
        asked = {name: value for name, value in vars(wanted).items() if value and name != "limit"}
        asked |= {"whose": desk.whose, "archived": "yes"} if wanted.archived else {}
        more = None
        if len(found) == wanted.limit:
            more = urlencode({**asked, "whose": desk.whose, "after": found[-1].id})
        await self.show_bank(
            "bank.html",
            course,
            desk,
            lines=[Line(entry, plain(entry.question.prompt)) for entry in found],
            wanted=wanted,
            concepts=await self.ask(bank.concepts, desk),
            more=more,
            **{"error": None, "sent": "", "done": None, **said},
        )


class BankNewPage(BankPages):
    @needs(TEACH, role="instructor")
    async def get(self, course: str) -> None:
        """An empty form for a question of the `kind`."""
        await self.show_form(course, {"kind": self.kind()})

    @needs(TEACH, role="instructor")
    async def post(self, course: str) -> None:
        """Add what the form says."""
        content, desk = sent(self, self.kind()), desk_of(self, course)
        try:
            level = self.get_body_argument("difficulty", "")
            entry, _ = await self.ask(added, desk, content, level)
        except Invalid as error:
            self.set_status(status_of(error))
            await self.show_form(course, content, error)
            return
        self.go(course, f"/{entry.id}", desk)

    def kind(self) -> str:
        """Raises Invalid."""
        kind = self.get_argument("kind", "single")
        if kind not in KINDS:
            raise Invalid(f"Kinds of questions are {', '.join(KINDS)}")
        return kind

    async def show_form(
        self, course: str, content: dict[str, Any], error: CoursewrightError | None = None
    ) -> None:
        await self.show_bank(
            "bank_question.html",
            course,
            desk_of(self, course),
            entry=None,
            form=form_of(content, self.get_body_argument("difficulty", "")),
            shown=None,
            history=[],
            error=error,
        )


class BankQuestionPage(BankPages):
    @needs(TEACH, role="assistant")
    async def get(self, course: str, question: str) -> None:
        """A question: its form, how students see it, and what it was before."""
        await self.show_question(course, int(question))

    @needs(TEACH, role="instructor")
    async def post(self, course: str, question: str) -> None:
        """What a form says: `change`, `archive`, `restore`, or `copy` into the other bank."""
        number, desk = int(question), desk_of(self, course)
        said = self.request.body_arguments
        entry = await self.ask(bank.one, desk, number)
        if "archive" in said or "restore" in said:
            await self.ask(bank.archive, desk, number, "archive" in said)
        elif "copy" in said:
            to: Whose = "mine" if entry.whose == "course" else "course"
            entry, _ = await self.ask(copied, desk, number, to)
            desk = replace(desk, whose=entry.whose)
        elif "change" in said:
            content = sent(self, entry.question.kind)
            try:
                await self.change(desk, number, content)
            except (Invalid, Conflict) as error:
                self.set_status(status_of(error))
                await self.show_question(course, number, content, error)
                return
        else:
            raise Invalid("The form must say one thing to do: change, archive, restore or copy")
        self.go(course, f"/{entry.id}", desk)

    async def change(self, desk: Desk, number: int, content: dict[str, Any]) -> None:
        item = bank_questions.question(content)
        level = bank_questions.difficulty(self.get_body_argument("difficulty", ""))
        seen = self.get_body_argument("version", "")
        await self.ask(
            bank.change, desk, number, item, level, seen=int(seen) if seen.isdecimal() else None
        )

    async def show_question(
        self,
        course: str,
        number: int,
        content: dict[str, Any] | None = None,
        error: CoursewrightError | None = None,
    ) -> None:
        desk = desk_of(self, course)
        entry = await self.ask(bank.one, desk, number)
        level = entry.difficulty or ""
        if content is not None:
            level = self.get_body_argument("difficulty", "")
        history = await self.ask(bank.history, desk, number)
        await self.show_bank(
            "bank_question.html",
            course,
            replace(desk, whose=entry.whose),
            entry=entry,
            form=form_of(content or entry.question.to_json(), level),
            shown=shown(entry.question),
            history=history,
            error=error,
        )


def pasted(text: str) -> list[dict[str, Any]]:
    """A document or a sheet, whichever it is. Raises Invalid."""
    if not text.strip():
        raise Invalid("Paste the questions: a document (JSON) or a sheet (CSV)")
    if not text.lstrip().startswith(("{", "[")):
        return bank_sheets.read(text)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"The document is not JSON: {error}") from None
    data = {"questions": data} if isinstance(data, list) else data
    found: list[dict[str, Any]] = validate(data, "BankDocument")["questions"]
    return found


def sent(handler: PageHandler, kind: str) -> dict[str, Any]:
    """A question as a form says it; what is not filled in is left out."""

    def text(name: str) -> str:
        return handler.get_body_argument(name, "", strip=False).replace("\r\n", "\n")

    def number(name: str, scale: float = 1.0) -> float:
        said = text(name).strip().replace(",", ".") or "0"
        try:
            return float(said) / scale
        except ValueError:
            return float("nan")

    right = handler.get_body_arguments("right")
    options = [
        {"text": text(f"option-{n}"), "correct": str(n) in right, "why": text(f"why-{n}")}
        for n in range(bank_questions.MOST_OPTIONS)
        if text(f"option-{n}").strip()
    ]
    return {
        "kind": kind,
        "prompt": text("prompt"),
        "options": options,
        "answer": text("answer").rstrip("\n") or None,
        "tolerance": number("tolerance"),
        "relative": number("relative", 100),
        "code": text("code"),
        "accepted": text("accepted").split("\n"),
        "explanation": text("explanation"),
        "points": number("points"),
        "concepts": text("concepts").split(","),
    }


def form_of(content: dict[str, Any], difficulty: str) -> dict[str, Any]:
    """What stands in a form's fields."""
    options = [dict(one) for one in content.get("options", ())]
    spare = max(ROWS - len(options), SPARE)
    options += [{"text": "", "correct": False, "why": ""}] * spare
    answer = content.get("answer")
    relative = float(content.get("relative") or 0) * 100
    return {
        **{name: content.get(name) or "" for name in ("kind", "prompt", "code", "explanation")},
        "options": options[: bank_questions.MOST_OPTIONS],
        "answer": "" if answer is None else str(answer),
        "tolerance": content.get("tolerance") or "",
        "relative": f"{relative:g}" if relative else "",
        "accepted": "\n".join(content.get("accepted", ())),
        "points": f"{content.get('points', 1):g}",
        "concepts": ", ".join(name.strip() for name in content.get("concepts", ())),
        "difficulty": difficulty,
    }


def shown(item: Question) -> dict[str, Any]:
    explanation: Markup | None = html(item.explanation) if item.explanation else None
    return {"view": preview(item), "explanation": explanation}


ROUTES = [
    Route("courses/{course}/bank", BankPage),
    Route("courses/{course}/bank/new", BankNewPage),
    Route("courses/{course}/bank/{question}", BankQuestionPage),
]
