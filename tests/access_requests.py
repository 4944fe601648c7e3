"""What the access table's requests send, and which answers of theirs are no 200."""

from __future__ import annotations

from itertools import count
from typing import Any

import samples
from access_table import ADMIN_FORMS, ADMIN_PAGES, COPY
from banking import QUESTIONS
from drafting import source

PAGES = (
    *ADMIN_PAGES,
    "",
    "courses/sums/regrades",
    "courses/sums/regrades/{regrade}",
    "courses/sums/gradebook",
    "courses/sums/gradebook.csv",
    "courses/sums/people",
    "courses/sums/deadlines",
    "courses/sums/lessons/adding/deadline",
    "courses/sums/submissions/{grace}/marks",
    "courses/sums/people.csv",
    "courses/sums/members/grace",
    "courses/sums/members/grace/looks.csv",
    "courses/sums/people/sections",
    "courses/sums/people/sections.csv",
    "courses/sums/people/waiting",
    "courses/sums/people/waiting.csv",
    "courses/sums/people/extra-time.csv",
    "courses/sums/people/joining",
    "courses/sums/people/roster",
    "courses/sums/weights",
    "courses/sums/grades/grace",
    "courses/sums/progress",
    "courses/sums/progress.csv",
    "courses/sums/weights.csv",
    "courses/sums/deadlines.csv",
    "courses/sums/regrades.csv",
    "courses/sums/regrades/{regrade}/differences.csv",
    "courses/sums/people/codes.csv",
    "courses/sums/grades/grace/items.csv",
    "calendar",
    "calendar.ics",
    "courses/sums/calendar.ics",
    "courses/sums/requests",
    "courses/sums/requests.csv",
    "courses/sums/requests/{request}",
    "courses/sums/submissions/{grace}/ask?cell=why",
    "courses/new",
    "courses/sums/settings",
    "courses/sums/meetings",
    "courses/sums/meetings.csv",
    "courses/sums/draft",
    "courses/sums/versions",
    "courses/sums/versions.csv",
    "courses/sums/term",
    "courses/sums/export.zip",
    "courses/sums/class",
    "courses/sums/class.csv",
    "courses/sums/matrix",
    "courses/sums/matrix.csv",
    "courses/sums/analytics",
    "courses/sums/analytics.csv",
    "courses/sums/report",
    "courses/sums/report.csv",
    "courses/sums/messages",
    "messages",
    "courses/sums/bank",
    "courses/sums/bank.csv",
    "courses/sums/bank/new",
    "courses/sums/bank/{question}",
    "courses/sums/quizzes/week-one/settings",
    "courses/sums/quizzes/week-one/attempts.csv",
    "courses/sums/questions",
    "courses/sums/questions.csv",
)
# A page answers with a redirection where the API answers with a body.
ANSWERS = {
    **{("GET", page, 401): 302 for page in PAGES},
    ("POST", "courses/sums/people", 200): 303,
    ("POST", "courses/sums/deadlines", 200): 303,
    ("POST", "courses/sums/members/grace", 200): 303,
    ("POST", "courses/sums/people/sections", 200): 303,
    ("POST", "courses/sums/people/waiting", 200): 303,
    # Nobody has looked at what it would change.
    ("POST", "courses/sums/people/roster", 200): 409,
    ("POST", "courses/sums/codes", 200): 303,
    ("POST", "api/v1/courses/sums/codes", 200): 201,
    ("POST", "courses/sums/lessons/adding/deadline", 200): 303,
    ("POST", "courses/sums/submissions/{grace}/marks", 200): 303,
    ("POST", "api/v1/courses/sums/lessons/adding/rubric", 200): 201,
    ("POST", "api/v1/courses/sums/lessons/adding/quizzes/colours/attempts", 200): 201,
    # Nobody has seen what stands there.
    ("PUT", "api/v1/courses/sums/submissions/{grace}/marks/draw", 200): 400,
    ("POST", "courses/sums/messages", 200): 303,
    ("POST", "api/v1/courses/sums/messages", 200): 201,
    ("POST", "courses/sums/regrades", 200): 303,
    ("POST", "courses/sums/regrades/{regrade}", 200): 303,
    ("POST", "api/v1/courses/sums/regrades", 200): 201,
    ("POST", "api/v1/generations", 200): 201,
    # It has just been asked for.
    ("POST", "api/v1/generations/{generation}/resume", 200): 409,
    ("GET", "api/v1/generations/{generation}/source", 200): 404,
    ("POST", "api/v1/courses/sums/checks", 200): 201,
    # There is no such check.
    ("POST", "api/v1/courses/sums/versions", 200): 404,
    ("POST", "api/v1/courses/sums/bank/{question}/copies", 200): 201,
    ("POST", "courses/sums/bank/new", 200): 303,
    ("POST", "courses/sums/bank/{question}", 200): 303,
    ("POST", "courses/sums/quizzes/week-one", 200): 303,
    ("POST", "courses/sums/quizzes/week-one/settings", 200): 303,
    # There is one of this key already.
    ("POST", "api/v1/courses/sums/quizzes", 200): 409,
    ("POST", "courses/sums/quizzes", 200): 409,
    # The form says nothing, or the Hub that is played here knows nobody.
    **{("POST", page, 200): 400 for page in ADMIN_FORMS if page != "admin/jobs"},
    ("POST", "admin/jobs", 200): 303,
    # Nobody has graded it yet.
    ("POST", "api/v1/courses/sums/regrades/{regrade}/apply", 200): 409,
    ("POST", "courses/sums/gradebook", 200): 303,
    ("POST", "courses/sums/weights", 200): 303,
    ("POST", "courses/sums/grades/grace", 200): 303,
    ("POST", "api/v1/submissions/{grace}/requests", 200): 201,
    ("POST", "api/v1/courses/sums/requests/{request}/messages", 200): 201,
    ("POST", "courses/sums/requests/{request}", 200): 303,
    ("POST", "courses/sums/submissions/{grace}/ask", 200): 303,
    # There is a request about this answer already, or grace has not completed the course.
    ("GET", "courses/sums/submissions/{grace}/ask?cell=why", 200): 302,
    ("POST", "courses/sums/certificate", 200): 409,
    ("PUT", "api/v1/courses/sums/certificate", 200): 409,
    ("DELETE", "api/v1/courses/sums/certificates/grace", 200): 404,
    ("POST", "api/v1/courses", 200): 400,  # sent without a body
    ("POST", "courses/new", 200): 400,
    ("POST", "courses/sums/settings", 200): 303,
    ("POST", "courses/sums/meetings", 200): 303,
    ("POST", "courses/sums/draft", 200): 400,
    ("PUT", "api/v1/courses/sums/draft", 200): 400,
    # There is no draft, no such review, and one version only.
    ("POST", "api/v1/courses/sums/reviews", 200): 409,
    ("PUT", "api/v1/courses/sums/reviews/1", 200): 404,
    ("POST", "courses/sums/versions", 200): 409,
    ("POST", "api/v1/courses/sums/rollback", 200): 409,
    ("POST", "courses/sums/term", 200): 400,
    ("POST", "api/v1/courses/sums/terms", 200): 400,
}
numbers = count(1)
WRITTEN: dict[str, int] = {}
WANTED = {"request": {"topic": "Python", "modules": 1}, "provider": "bank"}
EXCEPTION = {"json": {"excused": True, "reason": "ill"}}
QUESTION = {"cell": "why", "text": "Why?"}
FACTS = {
    "category": "", "level": None, "objectives": [], "hours": None, "price": "", "currency": "",
    "visibility": "open", "term": "", "starts": None, "ends": None,
}  # fmt: skip
SENT: dict[str, dict[str, Any]] = {
    "courses/sums/gradebook": {"data": {"lesson": "adding", "held": "no"}},
    "courses/sums/weights": {"data": {"categories": "yes"}},
    "api/v1/courses/sums/weights": {"json": {"categories": []}},
    "courses/sums/grades/grace": {"data": {"item": "adding/", "excuse": "yes", "reason": "ill"}},
    "api/v1/courses/sums/grades/grace/lessons/adding": EXCEPTION,
    "api/v1/courses/sums/grades/grace/lessons/adding/quizzes/colours": EXCEPTION,
    "api/v1/courses/sums/grades/grace/quizzes/week-one": EXCEPTION,
    "api/v1/courses/sums/quizzes/week-one/release": {"json": {"held": False}},
    "api/v1/courses/sums/members/grace/extra-time": {"json": {"factor": 1.5}},
    "calendar": {"data": {"renew": "yes"}},
    "api/v1/submissions/{grace}/requests": {"json": QUESTION},
    "api/v1/courses/sums/requests/{request}/messages": {"json": {"text": "Because"}},
    "api/v1/courses/sums/requests/{request}/state": {"json": {"settled": True}},
    "courses/sums/requests/{request}": {"data": {"write": "yes", "text": "Because"}},
    "courses/sums/submissions/{grace}/ask": {"data": QUESTION},
    "api/v1/courses/sums/lessons/adding/quizzes/colours/attempts": {"json": {"answers": {}}},
    "api/v1/generations/problems": {"json": WANTED},
    "api/v1/generations": {"json": WANTED, "headers": {"Idempotency-Key": "of-the-table"}},
    "api/v1/courses/sums/checks": {"json": source()},
    "api/v1/courses/sums/versions": {
        "json": {"source": source(), "message": "More", "check": 10**9}
    },
    "api/v1/courses/sums/preview": {"json": {"lesson": "adding", "notebook": samples.notebook()}},
    "api/v1/courses/sums/lessons/adding/copies": {"json": {"sha256": "0" * 64, "path": "a.ipynb"}},
    COPY: {"content": samples.content(), "headers": {"Notebook-Path": "adding.ipynb"}},
    "api/v1/courses/sums/activity": {
        "json": {"name": "learning.here", "lesson": "adding", "exercise": None, "detail": {}}
    },
    "api/v1/courses/sums/lessons/adding/release": {"json": {"held": False}},
    "api/v1/courses/sums/members/hopper": {"json": {"role": "student"}},
    "api/v1/courses/sums/members/grace/group": {"json": {"group": "early"}},
    "courses/sums/regrades/{regrade}": {"data": {"discard": "yes"}},
    "courses/sums/deadlines": {"data": {"person": "grace", "group": ""}},
    "courses/sums/lessons/adding/deadline": {"data": {"clear": "yes"}},
    "api/v1/courses/sums/lessons/adding/rubric": {
        "json": {"grade_id": "draw", "label": "axes", "points": 1}
    },
    "api/v1/courses/sums/rubric/{item}": {"json": {"label": "axes", "points": 1}},
    "courses/sums/submissions/{grace}/marks": {
        "data": {"cell": "draw", "add": "yes", "label": "axes", "points": "1"}
    },
    "api/v1/courses/sums/bank": {"json": {"question": QUESTIONS["single"]}},
    "api/v1/courses/sums/bank/imports": {"json": {"questions": []}},
    "api/v1/courses/sums/bank/{question}": {"json": {"question": QUESTIONS["single"]}},
    "api/v1/courses/sums/bank/{question}/archived": {"json": {"archived": False}},
    "api/v1/courses/sums/bank/{question}/copies": {"json": {"to": "mine"}},
    "courses/sums/bank": {"data": {"questions": "kind,prompt\n"}},
    "courses/sums/bank/new": {
        "data": {"kind": "short-text", "prompt": "?", "accepted": "a", "points": "1"}
    },
    "courses/sums/bank/{question}": {"data": {"restore": "yes"}},
    "api/v1/courses/sums/quizzes": {"json": {"key": "begun", "title": "?", "picks": []}},
    "api/v1/courses/sums/quizzes/week-one/settings": {
        "json": {
            "title": "Week one",
            "state": "open",
            "attempts": 99,
            "picks": [{"concept": "colours", "count": 1}],
        }
    },
    "api/v1/courses/sums/quizzes/begun/attempts/1/answers": {"json": {"answers": {}}},
    "api/v1/courses/sums/quizzes/begun/attempts/1/submission": {"json": {"answers": {}}},
    "courses/sums/quizzes": {"data": {"title": "Begun"}},
    "courses/sums/quizzes/week-one": {"data": {"save": "yes"}},
    "courses/sums/quizzes/week-one/settings": {
        "data": {
            "title": "Week one",
            "state": "open",
            "attempts": "9",
            "draw-0": "1",
            "concept": "colours",
        }
    },
    "api/v1/enrolments": {"json": {"code": "22222222"}},
    "api/v1/courses/sums/joining": {"json": {"open": True}},
    "api/v1/courses/sums/facts": {"json": FACTS},
    "api/v1/courses/sums/server": {
        "json": {"image": "", "cpu": 0.5, "memory_mb": None, "idle_minutes": None}
    },
    "api/v1/courses/sums/archived": {"json": {"archived": False}},
    "courses/sums/settings": {"data": {"save": "yes", "category": "Mathematics"}},
    "api/v1/courses/sums/meetings": {"json": {"meetings": []}},
    "courses/sums/meetings": {"data": {"remove": "0-09:00"}},
    "api/v1/courses/sums/reviews": {"json": {"message": "Look"}},
    "api/v1/courses/sums/reviews/1": {"json": {"act": "approve"}},
    "courses/sums/versions": {"data": {"version": "1", "base": "1", "message": "Back"}},
    "api/v1/courses/sums/rollback": {"json": {"version": 1, "message": "Back"}},
    "api/v1/courses/sums/codes": {"json": {}},
    "courses/sums/codes": {"data": {"open": "yes"}},
    "api/v1/courses/sums/lessons/adding/exercises/add/hints": {"json": {"tier": 1}},
    "courses/sums/members/grace": {"data": {"section": "", "group": ""}},
    "courses/sums/people/sections": {
        "data": {"change": "yes", "section": "Tuesday", "name": "Tuesday"}
    },
    "courses/sums/people/waiting": {"data": {"set": "yes", "may_wait": "yes"}},
    "courses/sums/people/roster": {"data": {"apply": "yes", "csv": "name\ngrace\n"}},
    "api/v1/courses/sums/roster": {"json": {"csv": "name\ngrace\n"}},
    "api/v1/courses/sums/sections/Monday": {"json": {}},
    "api/v1/courses/sums/placement": {"json": {"people": ["grace"], "section": None}},
    "api/v1/courses/sums/line": {"json": {"capacity": None, "may_wait": True}},
    "api/v1/courses/sums/line/nobody": {"json": {"place": 1}},
    "api/v1/courses/sums/messages": {"json": {"to": ["grace"], "text": "Hello"}},
    "courses/sums/messages": {"data": {"to": "grace", "text": "Hello"}},
    "admin/jobs": {"data": {"all": "yes"}},
    "courses/sums/people": {"data": {"person": "hopper", "role": "student", "change": "yes"}},
}
