"""A course in which there is something on every page, and every text is one that is given.

Plain texts make it a place to walk through; hostile ones, the proof that no page runs them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import banking
import samples
from fake_hub_people import PeopleHub
from sqlalchemy import func
from sqlalchemy.orm import Session

from coursewright.grader import bank_questions, bank_quizzes
from coursewright.grader.feedback import render
from coursewright.grader.outputs import limited, outputs
from coursewright.grader.quizzes import as_shown, solution
from coursewright.grader.regrade import to_json
from coursewright.grader.result import CellResult, Result
from coursewright.grader.shared import Outcome
from coursewright.grader.wire import Display, Fault, Reply
from coursewright.records import (
    activity,
    bank,
    calendar_feeds,
    certificates,
    courses,
    deadlines,
    drafts,
    facts,
    generations,
    grade_facts,
    grading,
    joining,
    messages,
    people,
    places,
    regrade_requests,
    regrades,
    sections,
    settings,
    spending,
    submissions,
    weights,
)
from coursewright.records.authoring import Rights
from coursewright.records.bank import Desk
from coursewright.records.certificates import Rule
from coursewright.records.course import Course, Lesson, Module
from coursewright.records.facts import Facts
from coursewright.records.generations import Order
from coursewright.records.grading import Item
from coursewright.records.members import NAME
from coursewright.records.policies import Extension, Policy
from coursewright.records.schemes import Category, Scheme
from coursewright.records.tables import Generation, Mastery

KEY = "whole"
PAST, FUTURE = datetime(2020, 1, 10, 12, tzinfo=UTC), datetime(2099, 5, 1, 12, tzinfo=UTC)
PROMISES = 2
Texts = Sequence[str]


def fill(session: Session, texts: Texts, html: Texts = ()) -> dict[str, str]:
    """`texts` are lines without line breaks, `html` what cells show as such.

    ada teaches, olga assists, grace learns, and so do as many as there are texts, each of whom is
    called by one. Gives what the parts of paths in braces may be.
    """
    school = _School(session, tuple(texts), tuple(html) or tuple(texts))
    school.publish()
    school.enrol()
    school.set_rules()
    found = {"course": KEY, "lesson": "lesson-0", "person": "grace", "asset": "style.css"}
    found |= school.hand_in()
    found |= school.ask_questions()
    school.write()
    school.administer()
    session.flush()
    return found


def names(texts: Texts) -> list[str]:
    """What the students are called at the Hub."""
    return [text if NAME.match(text) else f"pupil-{n}" for n, text in enumerate(texts)]


def fill_hub(hub: PeopleHub, texts: Texts) -> None:
    for name in ("ada", "grace", "olga", "root", "kay"):
        hub.add(name, admin=name == "root")
    for name in names(texts):
        hub.add(name)


def lines(texts: Texts) -> str:
    """All of them in one text, a paragraph each."""
    return "\n\n".join(texts)


def fitting(texts: Texts, longest: int = 80) -> list[str]:
    """Those that can be the name of a section, a group or a category."""
    fit = (text.strip() for text in texts if "/" not in text and text.isprintable())
    return list(dict.fromkeys(text for text in fit if 0 < len(text) <= longest))


class _School:
    def __init__(self, session: Session, texts: Texts, html: Texts) -> None:
        self.session, self.texts, self.html = session, texts, html
        self.short = fitting(texts)
        self.students = names(texts)
        self.course = self._course()
        self.lessons = {lesson.key: lesson for lesson in self.course.lessons()}

    def text(self, number: int) -> str:
        return self.texts[number % len(self.texts)]

    def _course(self) -> Course:
        lessons = tuple(self._lesson(number) for number in range(len(self.texts)))
        half = len(lessons) // 2
        modules = (
            Module("first", self.text(1), lessons[:half]),
            Module("more", self.text(2), lessons[half:]),
        )
        return Course(KEY, self.text(0), modules, lines(self.texts[:5]))

    def _lesson(self, number: int) -> Lesson:
        cells = samples.cells()
        for cell in cells:
            own = cell["metadata"].get("coursewright", {})
            if cell["id"] == "intro":
                cell["source"] = lines(self.texts)
            elif cell["id"] == "add":
                own |= {
                    "title": self.text(number),
                    "promises": [self.text(number + n) for n in range(PROMISES)],
                    "concepts": [self.text(number)],
                    "hints": [self.text(number)],
                }
            elif cell["id"] == "quiz":
                own["quiz"] = self._quiz(number)
        found = samples.lesson(f"lesson-{number}", cells=cells)
        return replace(found, title=self.text(number), objectives=(self.text(number),))

    def _quiz(self, number: int) -> dict[str, Any]:
        (sky,) = samples.QUIZ["questions"]
        options = [{**one, "text": f"{self.text(number)} {n}"} for n, one in enumerate(OPTIONS)]
        about = {"prompt": self.text(number), "explanation": self.text(number), "options": options}
        return {"key": "colours", "title": self.text(number), "questions": [{**sky, **about}]}

    def publish(self) -> None:
        courses.publish(self.session, samples.course(KEY, title=self.text(0)), "First", "ada")
        courses.publish(self.session, self.course, lines(self.texts[:8])[:1500], "ada")
        for number, text in enumerate(self.texts):
            key = f"of-text-{number}"
            short = Course(key, text, (Module("m", text, (samples.lesson(),)),), text)
            courses.publish(self.session, short, "First", "ada")
            courses.enrol(self.session, "grace", key)
        facts.say(
            self.session,
            "ada",
            KEY,
            Facts(
                category=self.short[0],
                objectives=tuple(self.short[:20]),
                hours=12,
                price="49",
                currency="EUR",
                term=self.short[-1],
            ),
        )

    def enrol(self) -> None:
        session = self.session
        for who, role in (("ada", "instructor"), ("olga", "assistant"), ("grace", "student")):
            courses.enrol(session, who, KEY, role)
        for name, text in zip(self.students, self.texts, strict=True):
            courses.enrol(session, name, KEY)
            courses.person(session, name, text)
        courses.person(session, "grace", self.text(0))
        for number, text in enumerate(self.short):
            deadlines.set_group(session, "ada", KEY, self.students[number], text)
            sections.put(session, "ada", KEY, text, capacity=100)
            sections.move(session, "ada", KEY, [self.students[number]], text)
            joining.make(session, "ada", KEY, section=text, most_uses=30)
        places.set_places(session, "ada", KEY, len(self.texts) + 1, may_wait=True)
        for name in ("kay", "lin", f"{self.short[0]} waits"):
            joining.join(session, name, KEY)

    def set_rules(self) -> None:
        session = self.session
        categories = [Category(text, 5) for text in self.short[:10]]
        items = {("lesson-0", ""): categories[0].name, ("lesson-1", ""): categories[-1].name}
        weights.set_scheme(session, "ada", KEY, Scheme(tuple(categories), items))
        reason = lines(self.texts)[:200]
        weights.exempt(session, "ada", KEY, "grace", ("lesson-2", ""), excused=True, reason=reason)
        deadlines.set_policy(session, "ada", KEY, "lesson-1", Policy(due=PAST))
        deadlines.set_policy(session, "ada", KEY, "lesson-0", Policy(due=FUTURE))
        longer = Extension(due=FUTURE)
        for reach in ({"person": "grace"}, {"group": self.short[0]}):
            deadlines.grant(session, "ada", KEY, "lesson-1", longer, reason=reason, **reach)
        certificates.set_rule(session, "ada", KEY, Rule(60, None, 40))

    def hand_in(self) -> dict[str, str]:
        """Work of grace's and of everybody else's; grace asks about hers, ada marks some."""
        first = self._submit("grace", "lesson-0", "first")
        second = self._submit("grace", "lesson-1", "second")
        for number, name in enumerate(self.students):
            self._submit(name, f"lesson-{number}", "first")
            told = activity.Told("code.checked", f"lesson-{number}", "add", {"passed": 1, "of": 3})
            activity.keep(self.session, name, KEY, told)
        failed = self._receive("grace", "lesson-2", "third")
        submissions.record_failure(self.session, failed, lines(self.texts))
        self._mark(first)
        self._learn()
        thread = regrade_requests.ask(self.session, "grace", first, "why", lines(self.texts))
        regrade_requests.write(
            self.session, "ada", KEY, thread.about.id, lines(self.texts), reach="taught"
        )
        certificates.issue(self.session, "grace", KEY)
        paper = certificates.own(self.session, "grace", KEY)
        assert paper
        return {
            "submission": str(first),
            "unasked": str(second),
            "request": str(thread.about.id),
            "regrade": str(self._regrade()),
            "code": paper.code,
            "secret": calendar_feeds.renew(self.session, "grace"),
        }

    def _receive(self, who: str, lesson: str, key: str) -> int:
        book = json.dumps(self._notebook()).encode()
        key = f"{key}-{who[:20].encode().hex()}-{lesson}"
        return submissions.receive(self.session, who, KEY, lesson, book, key).id

    def _submit(self, who: str, lesson: str, key: str) -> int:
        number = self._receive(who, lesson, key)
        page = b"<p>Well done"
        if who == "grace":
            page = render(self.lessons[lesson], self._notebook(), self._result())
        submissions.record_grading(self.session, number, self._result(), page)
        return number

    def _notebook(self) -> dict[str, Any]:
        """As a student hands it in, who has written texts and shown HTML in it."""
        cells = samples.cells()
        cells[0]["source"] = lines(self.texts)
        answer = next(one for one in cells if one["id"] == "why")
        answer["source"] = lines(self.texts)
        code = next(one for one in cells if one["id"] == "add")
        code["source"] = f"'''\n{lines(self.texts)}\n'''"
        return samples.notebook(cells)

    def _result(self) -> Result:
        said = lines(self.texts)
        cells = (
            CellResult("add-1", "add", 1, 2, "failed", said, (1, 2)),
            CellResult("why", None, 0, 1, "manual", said),
            CellResult("draw", None, 0, 3, "manual", said),
        )
        shown = [
            Display("display_data", {kind: html, "text/plain": html})
            for html in self.html
            for kind in ("text/html", "text/markdown", "image/svg+xml", "application/javascript")
        ]
        fault = Fault("Error", self.text(0), said)
        found = outputs(Outcome("done", Reply(fault, None, tuple(shown)), said, errors=said))
        return Result(
            score=1,
            max_score=6,
            cells=cells,
            mode="isolated",
            seconds=0.1,
            repairs=self.texts,
            outputs=limited({"add": found}),
        )

    def _learn(self) -> None:
        someone = courses.person(self.session, "grace")
        course = grade_facts.course_id(self.session, KEY)
        self.session.add_all(
            Mastery(person_id=someone.id, course_id=course, concept=text, score=30 + n, evidence={})
            for n, text in enumerate(self.texts)
        )

    def _mark(self, submission: int) -> None:
        for text in self.texts:
            item = Item(0, "draw", text, 1)
            kept = grading.add_item(self.session, "ada", KEY, "lesson-0", item)
        grading.mark(
            self.session,
            "ada",
            KEY,
            submission,
            grade_id="draw",
            seen=0,
            items=[kept.id],
            comment=lines(self.texts),
        )

    def _regrade(self) -> int:
        """With what it would change of grace's first."""
        number = regrades.request(self.session, KEY, "ada", lesson="lesson-0", person="grace")
        said = {"add-1": list(self.texts)}
        for one in regrades.waiting(self.session, number):
            regrades.propose(self.session, one, to_json(self._result()), said, b"<p>Again")
        return number

    def ask_questions(self) -> dict[str, str]:
        """A bank and a quiz, which everybody but grace has taken."""
        session, found = self.session, {}
        desk = Desk("ada", KEY)
        for kind, asked in banking.QUESTIONS.items():
            options = [
                {**one, "text": f"{self.text(n)} {n}", "why": self.text(n) if "why" in one else ""}
                for n, one in enumerate(asked.get("options", []))
            ]
            about = {"prompt": lines(self.texts)[:9000], "explanation": self.text(0)}
            about |= {"concepts": [text for text in self.short[:3]], "code": asked.get("code", "")}
            item = bank_questions.question({**asked, **about, "options": options})
            found[kind] = bank.add(session, desk, item, None).id
        for number, text in enumerate(self.texts):
            quiz = banking.make_quiz(
                session,
                found,
                key=f"quiz-{number}",
                title=text,
                course=KEY,
                attempts=5,
                told="attempt",
            )
        for number, name in enumerate(self.students):
            kept = bank_quizzes.start(session, name, KEY, "quiz-0", f"opening-{number}")
            items = bank_quizzes.asked(session, kept.row)[0].questions
            given = {one.key: as_shown(kept.row.seed, one, solution(one)) for one in items}
            given = {
                key: self.text(number) if isinstance(one, str) and number % 2 else one
                for key, one in given.items()
            }
            bank_quizzes.hand_in(session, name, KEY, "quiz-0", 1, given)
        assert quiz
        # This one is in the middle of it.
        bank_quizzes.start(session, "grace", KEY, "quiz-0", "opening-of-grace")
        return {"question": str(found["single"]), "quiz": "quiz-0"}

    def write(self) -> None:
        session, texts = self.session, self.texts
        messages.send(session, "ada", KEY, ["grace"], lines(texts))
        messages.send(session, "ada", KEY, self.students, lines(texts))
        changed = replace(self.course, title=self.text(3), summary=lines(texts))
        drafts.save(session, Rights("ada"), changed)
        counts = {"planned": 4, "accepted": 3, "repaired": 1, "abstained": 1}
        report = {
            "course": KEY, "title": self.text(0), **counts, "lessons": counts, "questions": counts,
            "mutation_median": 0.96, "mutation_min": 0.8, "promises": 9, "promises_tested": 9,
            "tokens": 123456, "calls": 42, "cost": None,
            "abstained_because": {text: list(texts) for text in texts},
        }  # fmt: skip
        gate = {"gate": "G1", "passed": False, "figures": {}}
        receipts = {
            text: {"place": text, "state": "abstained", "reasons": list(texts), "gates": [gate]}
            for text in texts
        }
        session.add(
            Generation(
                request={"topic": self.text(0), "key": KEY},
                sources={},
                provider="openai",
                seed=0,
                state="done",
                report=report,
                receipts=receipts,
                requested_by=courses.person(session, "ada").id,
                settled_at=func.now(),
            )
        )
        session.flush()

    def administer(self) -> None:
        """What administrators read: failures, spending, who was let out, what was said to all."""
        session = self.session
        order = Order({"topic": self.text(0), "title": self.text(1), "key": KEY}, "openai")
        made = generations.request(session, order, "ada")
        generations.add_call(session, made, lines(self.texts), prompt=1, completion=2, cost=0.1)
        spending.set_budget(session, "root", "site", "", money=10, tokens=None)
        spending.set_budget(session, "root", "person", self.students[0], money=1, tokens=None)
        people.deactivate(session, "root", "left", lines(self.texts)[:500])
        for name in self.students:
            people.note(session, "person.created", "root", name, detail={"said": name})
        said = " ".join(self.short)[:160]
        settings.change(session, "root", {"maintenance": said, "models": tuple(self.short[:3])})


OPTIONS: Sequence[Mapping[str, Any]] = samples.QUIZ["questions"][0]["options"]  # type: ignore[index]
