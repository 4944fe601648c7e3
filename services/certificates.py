"""Certificates: one's own as a PDF, and the page that says whether a code is valid."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from coursewright.grader.completion import Completion, completion
from coursewright.records import bank_grades, bank_quizzes, certificates, courses, mastery
from coursewright.records.certificates import Paper, Rule
from coursewright.records.errors import Conflict, NotFound
from coursewright.services import grades
from coursewright.services.answers import APIHandler, PageHandler
from coursewright.services.certificate_pdf import pdf, spaced
from coursewright.services.grades import Line
from coursewright.services.guards import needs, open_to_all
from coursewright.services.routes import Route
from coursewright.services.schemas import documented
from coursewright.services.scopes import LEARN, TEACH


class CertificatePage(PageHandler):
    @needs(LEARN)
    async def get(self, course: str) -> None:
        """One's certificate as a PDF. 404 as long as there is none."""
        found = await self.ask(certificates.own, self.person, course)
        if found is None or not found.valid:
            raise NotFound("You have no certificate of this course")
        address = f"{self.request.protocol}://{self.request.host}{self.service.prefix}"
        address = f"{address}certificates/{spaced(found.code)}"
        self.set_header("Content-Type", "application/pdf")
        self.set_header("Content-Disposition", f'inline; filename="{course}-certificate.pdf"')
        self.write(pdf(found, self.person, address))

    @needs(LEARN)
    async def post(self, course: str) -> None:
        """Ask for the certificate of a course that one has completed (409 otherwise)."""
        await self.ask(issued, self.person, course, self.request_id)
        self.redirect(f"{self.service.prefix}courses/{course}/progress#certificate", status=303)


class CertificateOfCourse(APIHandler):
    @documented({200: "Completion"})
    @needs(LEARN)
    async def get(self, course: str) -> None:
        """Whether one has completed a course, what is missing, and one's certificate."""
        self.answer(await self.ask(standing, self.person, course))

    @documented({200: "Completion"}, takes="Nothing", conflicts=True)
    @needs(LEARN)
    async def put(self, course: str) -> None:
        """Ask for the certificate; the same one, however often. 409 before one has completed it."""
        self.sent()
        await self.ask(issued, self.person, course, self.request_id)
        self.answer(await self.ask(standing, self.person, course))


class CertificateOfPerson(APIHandler):
    @documented({200: "Nothing"})
    @needs(TEACH, role="instructor")
    async def delete(self, course: str, person: str) -> None:
        """Withdraw a student's certificate; its code is valid no more."""
        await self.ask(
            certificates.withdraw, self.person, course, person, request_id=self.request_id
        )
        self.answer({})


class Verification(PageHandler):
    @open_to_all
    async def get(self, code: str) -> None:
        """Whether a code is valid, and if so for whom and what; for everybody who has the code."""
        found = await self.ask(certificates.check, code)
        paper = found if found and found.valid else None
        self.set_status(200 if paper else 404)
        self.set_header("X-Robots-Tag", "noindex")
        self.show("certificate.html", paper=paper, code=code)


@dataclass(frozen=True)
class Standing:
    """Where somebody stands with the certificate of a course; `code` None: there is none."""

    offered: bool
    done: bool
    missing: tuple[str, ...]
    code: str | None


def standing(session: Session, person: str, key: str) -> Standing:
    """Raises NotFound for those who are no students of the course."""
    _, line = grades.line_of(session, key, person, veiled=True)
    if line is None:
        raise NotFound(f"There is no course {key!r} here in which you are a student")
    rule = certificates.rule(session, key)
    found = completed(session, key, rule, line)
    paper = certificates.own(session, person, key)
    code = paper.code if paper and paper.valid else None
    return Standing(rule.given or code is not None, found.done, found.missing, code)


def completed(session: Session, key: str, rule: Rule, line: Line) -> Completion:
    """`line` is the student's, veiled: what is held back completes nothing."""
    counted = [one.piece for one in line.entries if one.column.category is not None]
    percent = line.grade.percent if line.grade else None
    if rule.pass_mastery is None:
        return completion(rule, counted, percent, {}, ())
    scores = {one.concept: one.score for one in mastery.standing(session, line.who.name, key)}
    return completion(rule, counted, percent, scores, _concepts(session, key))


def issued(session: Session, person: str, key: str, request_id: str) -> Paper:
    """Raises NotFound, and Conflict with what is missing."""
    found = certificates.own(session, person, key)
    if found is not None:
        if not found.valid:
            raise Conflict("Your certificate of this course was withdrawn. Ask your instructor")
        return found
    about = standing(session, person, key)
    if not about.offered:
        raise Conflict("This course gives no certificates")
    if not about.done:
        raise Conflict(f"The course is not completed yet. {'. '.join(about.missing)}")
    return certificates.issue(session, person, key, request_id=request_id)


def _concepts(session: Session, key: str) -> set[str]:
    """What the course's exercises and quizzes are about, those from its bank too."""
    course = courses.newest_source(session, key)
    found: set[str] = set()
    for lesson in course.lessons():
        for exercise in lesson.exercises():
            found |= set(exercise.concepts)
        for quiz in lesson.quizzes():
            for question in quiz.questions:
                found |= set(question.concepts)
    for one in bank_grades.counted(session, bank_quizzes.course_id(session, key)):
        found |= one.concepts
    return found


ROUTES = [
    Route("courses/{course}/certificate", CertificatePage),
    Route("certificates/{code}", Verification),
    Route("api/v1/courses/{course}/certificate", CertificateOfCourse),
    Route("api/v1/courses/{course}/certificates/{person}", CertificateOfPerson),
]
