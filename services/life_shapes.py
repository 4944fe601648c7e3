"""The shapes of a course's life: facts, drafts and reviews, versions and terms."""

from __future__ import annotations

from coursewright.records import meetings
from coursewright.records.course import LEVELS
from coursewright.records.facts import LONG, MOST_OBJECTIVES, SHORT, VISIBILITIES
from coursewright.records.reviews import DECISIONS
from coursewright.records.tables import COURSE_STATES, REVIEW_STATES
from coursewright.services.shapes import (
    COUNT,
    NUMBER,
    TEXT,
    TIME,
    Schema,
    many,
    maybe,
    one_of,
    paged,
    ref,
    shape,
)
from coursewright.services.sources_shapes import NAME, TITLE, some

LINE: Schema = {"type": "string", "maxLength": SHORT}
OBJECTIVES: Schema = {
    "type": "array",
    "items": {"type": "string", "maxLength": LONG},
    "maxItems": MOST_OBJECTIVES,
}
DAY: Schema = {"type": "string", "format": "date"}
MESSAGE: Schema = {"type": "string", "maxLength": 2000}
NUMBERED: Schema = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
TEXTS: Schema = {"type": "array", "items": TEXT}

COMPONENTS: dict[str, Schema] = {
    "Facts": shape(
        category=LINE,
        level=maybe(one_of(*LEVELS)),
        objectives=OBJECTIVES,
        hours=maybe(NUMBER),
        price=LINE,
        currency=LINE,
        visibility=one_of(*VISIBILITIES),
        term=LINE,
        starts=maybe(DAY),
        ends=maybe(DAY),
    ),
    "Meetings": shape(
        meetings={"type": "array", "items": ref("Meeting"), "maxItems": meetings.MOST}
    ),
    "Meeting": shape(
        weekday={"type": "integer", "minimum": 0, "maximum": 6},
        begins={"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
        minutes={
            "type": "integer",
            "minimum": meetings.SHORTEST,
            "maximum": meetings.LONGEST,
        },
        zone=LINE,
    ),
    "CourseServer": shape(
        image={"type": "string", "maxLength": 400},
        cpu=maybe(NUMBER),
        memory_mb=maybe(NUMBERED),
        idle_minutes=maybe(NUMBERED),
    ),
    "NewCourse": some(
        ("key", "title"),
        key=NAME,
        title=TITLE,
        level=one_of(*LEVELS),
        category=LINE,
        summary=MESSAGE,
    ),
    "CourseKey": shape(course=TEXT),
    "CourseState": shape(state=one_of(*COURSE_STATES)),
    "ArchivedSent": some(("archived",), archived={"type": "boolean"}, message=MESSAGE),
    "Review": shape(
        id=COUNT,
        state=one_of(*REVIEW_STATES),
        message=TEXT,
        check=COUNT,
        asked_by=TEXT,
        asked_at=TIME,
        reviewer=maybe(TEXT),
        answer=TEXT,
        settled_at=maybe(TIME),
        version=maybe(COUNT),
    ),
    "Reviews": paged(reviews=many("Review")),
    "ReviewAsked": shape(message=MESSAGE),
    "ReviewSettled": some(
        ("act",), act=one_of(*DECISIONS), message=MESSAGE, despite=maybe(MESSAGE)
    ),
    "Draft": shape(sha256=TEXT, changed_by=TEXT, changed_at=TIME, lessons=COUNT),
    "DraftCard": shape(key=TEXT, title=TEXT, changed_by=TEXT, changed_at=TIME),
    "Drafts": shape(drafts=many("DraftCard")),
    "DraftState": shape(
        state=one_of(*COURSE_STATES), draft=maybe(ref("Draft")), review=maybe(ref("Review"))
    ),
    "Imported": shape(course=TEXT, lessons=COUNT, left_out=TEXTS),
    "CellChanged": shape(
        id=TEXT,
        kind=one_of("added", "removed", "changed", "moved"),
        role=TEXT,
        title=TEXT,
        lines=TEXTS,
        note=TEXT,
    ),
    "LessonChanged": shape(
        key=TEXT,
        title=TEXT,
        kind=one_of("added", "removed", "changed"),
        cells=many("CellChanged"),
    ),
    "VersionDifferences": shape(about=TEXTS, lessons=many("LessonChanged")),
    "GoBack": some(("version", "message"), version=NUMBERED, message=MESSAGE, base=NUMBERED),
    "TermSent": some(
        ("key", "title"),
        key=NAME,
        title=TITLE,
        term=LINE,
        starts=maybe(DAY),
        ends=maybe(DAY),
        began=maybe(DAY),
        dates={"type": "boolean"},
        visibility=one_of(*VISIBILITIES),
    ),
}
