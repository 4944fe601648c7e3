"""From a draft to a version by review, and into the archive and out of it."""

from __future__ import annotations

import pytest
import samples
from sqlalchemy import select
from sqlalchemy.orm import Session

from coursewright.records import (
    checks,
    courses,
    drafts,
    joining,
    lifecycle,
    members,
    quizzes,
    reviews,
    submissions,
)
from coursewright.records.authoring import Rights
from coursewright.records.checks import Finding
from coursewright.records.errors import Conflict, CoursewrightError, Denied, Invalid, NotFound
from coursewright.records.reviews import Decision
from coursewright.records.tables import Event

MARY = Rights("mary", author=True)
NORA = Rights("nora")
ROOT = Rights("root", admin=True)
APPROVE = Decision("approve", "Well done")
BLOCKS = Finding("G4", "adding/add", "The starter passes", blocks=True)


@pytest.fixture
def course(session: Session) -> str:
    """A new course of mary's, with nora as another instructor."""
    drafts.create(session, MARY, samples.course("new"))
    members.set_role(session, "mary", "nora", "new", "instructor")
    return "new"


def checked(session: Session, number: int, *findings: Finding) -> None:
    assert checks.begin(session, number)
    checks.keep(session, number, 0, "adding/add", findings)
    assert checks.finish(session, number)


def sent(session: Session, course: str, *findings: Finding) -> int:
    review = reviews.ask(session, MARY, course, "Please look")
    checked(session, review.check, *findings)
    return review.id


def names(session: Session, course: str) -> list[str]:
    query = select(Event.name).where(Event.object == course, Event.name.startswith("audit."))
    return list(session.scalars(query.order_by(Event.id)))


def test_a_new_course_is_a_draft_that_its_author_teaches(session: Session, course: str) -> None:
    assert lifecycle.state_of(session, course) == "draft"
    assert courses.role_of(session, "mary", course) == "instructor"
    draft = drafts.of(session, course)
    assert draft is not None
    assert (draft.course, draft.changed_by) == (samples.course("new"), "mary")
    assert [one.key for one in lifecycle.in_work(session, "mary")] == [course]
    assert lifecycle.in_work(session, "kay") == []
    assert courses.catalogue(session, "kay") == []
    with pytest.raises(NotFound, match="Nothing of this course has been published"):
        courses.current_version(session, course)


def test_a_review_makes_a_draft_the_first_version(session: Session, course: str) -> None:
    number = sent(session, course)
    assert lifecycle.state_of(session, course) == "in_review"
    review = reviews.settle(session, NORA, course, number, APPROVE)
    assert (review.state, review.reviewer, review.version) == ("approved", "nora", 1)
    assert review.answer == "Well done"
    assert lifecycle.state_of(session, course) == "published"
    assert drafts.of(session, course) is None
    assert lifecycle.in_work(session, "mary") == []
    assert names(session, course) == [
        "audit.course.created",
        "audit.member.added",
        "audit.course.in_review",
        "audit.course.published",
        "audit.course.approved",
    ]


def test_nobody_approves_their_own_draft_unless_as_an_administrator(
    session: Session, course: str
) -> None:
    number = sent(session, course)
    for act in ("approve", "return"):
        with pytest.raises(Denied, match="Somebody else must look"):
            reviews.settle(session, MARY, course, number, Decision(act, "Mine"))
    mary_as_admin = Rights("mary", admin=True)
    assert reviews.settle(session, mary_as_admin, course, number, APPROVE).version == 1


@pytest.mark.parametrize(("who", "error"), [("olga", Denied), ("kay", NotFound)])
def test_only_instructors_settle_a_review(
    session: Session, course: str, who: str, error: type[CoursewrightError]
) -> None:
    members.set_role(session, "mary", "olga", course, "assistant")
    number = sent(session, course)
    with pytest.raises(error):
        reviews.settle(session, Rights(who), course, number, APPROVE)


def test_a_returned_draft_can_be_mended_and_sent_again(session: Session, course: str) -> None:
    number = sent(session, course)
    with pytest.raises(Conflict, match="in review"):
        drafts.save(session, MARY, samples.course("new", title="Other"))
    with pytest.raises(Conflict, match="in review"):
        reviews.ask(session, NORA, course, "Mine too")
    with pytest.raises(Invalid, match="what is to be mended"):
        reviews.settle(session, NORA, course, number, Decision("return", " "))
    review = reviews.settle(session, NORA, course, number, Decision("return", "A typo"))
    assert (review.state, review.answer) == ("returned", "A typo")
    assert lifecycle.state_of(session, course) == "draft"
    with pytest.raises(Conflict, match="settled already: returned"):
        reviews.settle(session, NORA, course, number, APPROVE)
    drafts.save(session, MARY, samples.course("new", title="Mended"))
    again = sent(session, course)
    assert reviews.settle(session, ROOT, course, again, APPROVE).version == 1
    assert courses.title(session, course) == "Mended"
    assert [one.state for one in reviews.listed(session, course)] == ["approved", "returned"]


def test_only_the_sender_withdraws(session: Session, course: str) -> None:
    number = sent(session, course)
    with pytest.raises(Denied, match="You can return it"):
        reviews.settle(session, NORA, course, number, Decision("withdraw"))
    assert reviews.settle(session, MARY, course, number, Decision("withdraw")).version is None
    assert lifecycle.state_of(session, course) == "draft"


def test_what_blocks_is_approved_only_with_a_reason(session: Session, course: str) -> None:
    number = sent(session, course, BLOCKS)
    with pytest.raises(Conflict, match="one thing that blocks"):
        reviews.settle(session, NORA, course, number, APPROVE)
    decision = Decision("approve", "", "It is an example")
    assert reviews.settle(session, NORA, course, number, decision).version == 1
    assert "audit.course.published_despite" in names(session, course)


def test_a_check_that_has_not_ended_keeps_the_review_open(session: Session, course: str) -> None:
    review = reviews.ask(session, MARY, course, "Please look")
    with pytest.raises(Conflict, match="still under way"):
        reviews.settle(session, NORA, course, review.id, APPROVE)
    assert reviews.one(session, course, review.id).state == "waiting"


def test_a_published_course_stays_published_while_its_next_version_is_in_review(
    session: Session,
) -> None:
    courses.publish(session, samples.course(), "First", "mary")
    courses.enrol(session, "mary", "sums", "instructor")
    courses.enrol(session, "nora", "sums", "instructor")
    with pytest.raises(Conflict, match="no draft"):
        reviews.ask(session, MARY, "sums", "Nothing")
    drafts.save(session, MARY, samples.course())
    with pytest.raises(Conflict, match="version 1 is already"):
        reviews.ask(session, MARY, "sums", "The same")
    drafts.save(session, MARY, samples.course(title="Better sums"))
    number = sent(session, "sums")
    assert lifecycle.state_of(session, "sums") == "published"
    assert [one.state for one in lifecycle.in_work(session, "nora")] == ["in_review"]
    assert reviews.settle(session, NORA, "sums", number, APPROVE).version == 2


def test_a_draft_of_a_published_course_can_be_discarded(session: Session, course: str) -> None:
    with pytest.raises(Conflict, match="nothing but its draft"):
        drafts.discard(session, "mary", course)
    reviews.settle(session, NORA, course, sent(session, course), APPROVE)
    drafts.save(session, MARY, samples.course("new", title="Better"))
    drafts.discard(session, "mary", course)
    session.flush()
    assert drafts.of(session, course) is None


@pytest.mark.parametrize(
    ("key", "title", "words"),
    [("New", "T", "must have up to 60"), ("a" * 61, "T", "must have"), ("a", " ", "A title")],
)
def test_a_course_needs_a_key_and_a_title(key: str, title: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        drafts.starting(key, title)


def test_a_key_is_taken_once_and_strangers_make_no_course(session: Session, course: str) -> None:
    with pytest.raises(Conflict, match="already"):
        drafts.create(session, MARY, drafts.starting(course, "Another"))
    with pytest.raises(Denied):
        drafts.create(session, Rights("kay"), drafts.starting("kays", "Kay's"))


def test_the_starting_document_can_be_released() -> None:
    from coursewright.records import release

    release.check(drafts.starting("first", "First"))


@pytest.fixture
def archived(session: Session) -> str:
    courses.publish(session, samples.course(), "First", "mary")
    courses.enrol(session, "mary", "sums", "instructor")
    courses.enrol(session, "grace", "sums")
    assert lifecycle.set_archived(session, "mary", "sums", True, "Over") == "archived"
    return "sums"


def submit(session: Session, who: str, key: str = "a-key-of-a-test") -> submissions.Receipt:
    return submissions.receive(session, who, "sums", "adding", samples.content(), key)


def test_students_read_an_archived_course_and_hand_in_nothing(
    session: Session, archived: str
) -> None:
    assert [card.key for card in courses.catalogue(session, "grace")] == [archived]
    assert courses.student_course(session, "grace", archived).title == "Sums"
    with pytest.raises(Denied, match="in the archive, and nothing is handed in"):
        submit(session, "grace")
    at = quizzes.place(session, "grace", archived, "adding", lock=True)
    with pytest.raises(Denied, match="in the archive"):
        quizzes.keep(session, at, "colours", {}, (1, 1), key="a-key-of-a-test")
    assert submit(session, "mary").attempt == 1  # who teaches may still try it


def test_what_was_taken_in_before_is_told_again(session: Session, archived: str) -> None:
    lifecycle.set_archived(session, "mary", archived, False)
    first = submit(session, "grace")
    lifecycle.set_archived(session, "mary", archived, True)
    assert submit(session, "grace").id == first.id


def test_nobody_joins_an_archived_course(session: Session, archived: str) -> None:
    code = joining.make(session, "mary", archived).code
    assert courses.catalogue(session, "kay") == []
    with pytest.raises(NotFound):
        joining.join(session, "kay", archived)
    assert joining.by_code(session, "kay", code) is None


def test_an_archived_course_gets_no_new_version(session: Session, archived: str) -> None:
    changed = samples.course(title="Other")
    for act in (
        lambda: courses.publish(session, changed, "Second", "mary"),
        lambda: drafts.save(session, MARY, changed),
    ):
        with pytest.raises(Conflict, match="in the archive"):
            act()


def test_a_course_comes_out_of_the_archive_as_it_was(session: Session, archived: str) -> None:
    assert lifecycle.set_archived(session, "mary", archived, False, "Again") == "published"
    assert lifecycle.set_archived(session, "mary", archived, False) == "published"
    assert names(session, archived)[-2:] == ["audit.course.archived", "audit.course.unarchived"]
    assert submit(session, "grace").attempt == 1


def test_a_draft_goes_into_the_archive_and_comes_back_as_a_draft(
    session: Session, course: str
) -> None:
    lifecycle.set_archived(session, "mary", course, True)
    assert lifecycle.set_archived(session, "mary", course, False) == "draft"
    sent(session, course)
    with pytest.raises(Conflict, match="in review"):
        lifecycle.set_archived(session, "mary", course, True)
