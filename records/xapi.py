"""What happened, as statements of xAPI 1.0.3 (the Experience API, by ADL).

A statement's id follows from the event's number, so the same event is always the same statement,
and a store that gets it twice keeps it once. Only what learners do and what they achieve becomes
one; `audit.*` never does.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from coursewright.records.errors import Invalid

VERSION = "1.0.3"
PLATFORM = "Coursewright"
ADL = "http://adlnet.gov/expapi"

Json = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """An event's verb (an IRI of ADL's or ActivityStreams' registry) and what it is done to."""

    verb: str
    word: str
    about: str


# By the event's name; what is not here is no statement.
KINDS: Mapping[str, Kind] = {
    "learning.here": Kind(f"{ADL}/verbs/experienced", "experienced", "lesson"),
    "learning.opened": Kind(f"{ADL}/verbs/initialized", "initialized", "lesson"),
    "code.checked": Kind(f"{ADL}/verbs/attempted", "attempted", "exercise"),
    "exercise.hint": Kind(f"{ADL}/verbs/asked", "asked", "exercise"),
    "learning.submitted": Kind("http://activitystrea.ms/schema/1.0/submit", "submitted", "lesson"),
    "learning.graded": Kind(f"{ADL}/verbs/scored", "scored", "lesson"),
    "learning.marked": Kind(f"{ADL}/verbs/scored", "scored", "lesson"),
    "learning.regraded": Kind(f"{ADL}/verbs/scored", "scored", "lesson"),
    "quiz.answered": Kind(f"{ADL}/verbs/answered", "answered", "quiz"),
    "learning.mastery": Kind(f"{ADL}/verbs/progressed", "progressed", "course"),
}
TYPES = {
    "course": f"{ADL}/activities/course",
    "lesson": f"{ADL}/activities/lesson",
    "exercise": f"{ADL}/activities/performance",
    "quiz": f"{ADL}/activities/assessment",
}
# Of an event's detail, what goes along under a name of this site.
TOLD = ("submission", "attempt", "tier", "concepts")


@dataclass(frozen=True)
class Site:
    """`iri` ends with a slash. With a `key`, people are pseudonyms that only the key can make."""

    iri: str
    key: bytes = b""

    @classmethod
    def of(cls, iri: str, key: str = "") -> Site:
        """Raises Invalid for what names no site."""
        parts = urlsplit(iri)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            raise Invalid(
                f"{iri!r} does not name a site. Give the address at which people reach Coursewright"
                ", such as https://learn.example.org/, in COURSEWRIGHT_XAPI_SITE"
            )
        return cls(iri.rstrip("/") + "/", key.encode())

    def account(self, person: str) -> str:
        if not self.key:
            return person
        return hmac.new(self.key, person.encode(), hashlib.sha256).hexdigest()[:32]

    def actor(self, person: str) -> Json:
        account = {"homePage": self.iri, "name": self.account(person)}
        return {"objectType": "Agent", "account": account}

    def course(self, key: str) -> str:
        return f"{self.iri}courses/{quote(key, safe='')}"

    def extension(self, name: str) -> str:
        return f"{self.iri}xapi/extensions/{name}"

    def registration(self, person: str, course: str) -> str:
        """One for a person in a course; made of the account, so that it tells no name."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.course(course)}#{self.account(person)}"))

    def number(self, event: int) -> str:
        """The id of the statement of an event."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.iri}xapi/statements/{event}"))


@dataclass(frozen=True)
class Happened:
    """An event with what is known about it.

    `points`: earned and most. `seconds`: how long the person worked on what is handed in.
    """

    id: int
    name: str
    at: datetime
    person: str
    object: str
    course_title: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    points: tuple[float, float] | None = None
    seconds: float | None = None


def statement(site: Site, one: Happened) -> Json:
    """Raises Invalid with the reason why there is none."""
    if one.name not in KINDS:
        raise Invalid(f"{one.name} is not told to others")
    kind = KINDS[one.name]
    course, _, rest = one.object.partition("/")
    lesson, _, part = rest.partition("/")
    found: Json = {
        "id": site.number(one.id),
        "version": VERSION,
        "actor": site.actor(one.person),
        "verb": {"id": kind.verb, "display": {"en": kind.word}},
        "object": _object(site, one, (course, lesson, part)),
        "timestamp": one.at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "context": {
            "registration": site.registration(one.person, course),
            "platform": PLATFORM,
            "contextActivities": _around(site, one, course, lesson),
            "extensions": {site.extension("event"): one.name},
        },
    }
    for name in TOLD:
        if name in one.detail:
            found["context"]["extensions"][site.extension(name)] = one.detail[name]
    result = _result(one)
    return {**found, "result": result} if result else found


def _object(site: Site, one: Happened, place: tuple[str, str, str]) -> Json:
    course, lesson, part = place
    about = KINDS[one.name].about
    if about == "course":
        return _activity(site.course(course), about, one.course_title)
    if not lesson:
        raise Invalid(f"{one.name} says of no lesson that it happened there")
    where = f"{site.course(course)}/lessons/{quote(lesson, safe='')}"
    if about == "lesson":
        return _activity(where, about)
    name = part or one.detail.get(about)
    if not isinstance(name, str) or not name:
        # A check that names no exercise is about the lesson.
        return _activity(where, "lesson")
    return _activity(f"{where}#{about}-{quote(name, safe='')}", about, name)


def _around(site: Site, one: Happened, course: str, lesson: str) -> Json:
    grouping = [_activity(site.course(course), "course", one.course_title)]
    if KINDS[one.name].about in ("exercise", "quiz"):
        where = f"{site.course(course)}/lessons/{quote(lesson, safe='')}"
        return {"parent": [_activity(where, "lesson")], "grouping": grouping}
    return {"grouping": grouping}


def _activity(iri: str, kind: str, name: str = "") -> Json:
    # Nobody notes in which language a title is; `und` is the tag for that (BCP 47).
    told = {"name": {"und": name}} if name else {}
    return {"objectType": "Activity", "id": iri, "definition": {"type": TYPES[kind], **told}}


def _result(one: Happened) -> Json:
    points = one.points
    if points is None:
        earned, most = (("passed", "of"), ("points", "max_points"))[one.name != "code.checked"]
        if earned in one.detail and most in one.detail:
            points = one.detail[earned], one.detail[most]
    found: Json = {}
    if points is not None:
        found = {"score": score(*points), "success": 0 < points[1] <= points[0]}
    if one.seconds is not None:
        found["duration"] = f"PT{max(0.0, one.seconds):.2f}S"
    return found


def score(earned: Any, most: Any) -> Json:
    """By the rules for scores: raw from min to max, scaled from -1 to 1. Raises Invalid.

    Extra credit may earn more than the most; then no `max` is given.
    """
    if not all(isinstance(one, int | float) and math.isfinite(one) for one in (earned, most)):
        raise Invalid(f"{earned!r} of {most!r} is no score")
    if most <= 0:
        return {"raw": earned}
    found: Json = {"scaled": round(max(-1.0, min(1.0, earned / most)), 4), "raw": earned}
    if earned >= 0:
        found["min"] = 0
    if earned <= most:
        found["max"] = most
    return found
