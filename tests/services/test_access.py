"""Who gets in where: every route and verb, for everybody."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from itertools import count
from typing import Any

import fake_hub
import pytest
import samples
from banking import QUESTIONS, fill_bank, make_quiz
from drafting import an_author, source
from school import Client
from sqlalchemy.orm import Session, sessionmaker

from coursewright.grader import bank_quizzes as grader_of_quizzes
from coursewright.records import bank_quizzes, courses
from coursewright.services.routes import Route
from coursewright.services.scopes import LEARN, TEACH
from coursewright.services.web import ROUTES

# Not signed in; with a token of ada's that the Hub has ended; in no course; in the course;
# assisting in it; teaching it; an instructor's pod, where student code may run; teaching another
# course; a Hub administrator.
WHO = (None, "expired", "kay", "grace", "olga", "ada", "pod", "alan", "root")
# A student of another course meets what somebody meets who is in none.
AS_KAY = "mona"

LEARNERS = (401, 401, 404, 200, 200, 200, 200, 404, 404)
ANYBODY = (401, 401, 200, 200, 200, 200, 200, 200, 200)
TEACHERS = (401, 401, 404, 403, 200, 200, 403, 404, 200)
INSTRUCTORS = (401, 401, 404, 403, 403, 200, 403, 404, 200)
# Somebody's work: the student's, the teachers' with a sign-in that may teach, administrators'.
READERS = (401, 401, 404, 200, 200, 200, 404, 404, 200)
EVERYBODY = (200,) * 9
# What authors ask, for a course that is there; for one that is new, with the scope to teach.
AUTHORS = (401, 401, 403, 403, 403, 200, 403, 200, 200)
# A generation, or a check, of somebody else: an administrator alone may look.
ADMINISTRATORS = (401, 401, 404, 404, 404, 404, 403, 404, 200)
ITS_INSTRUCTORS = (401, 401, 404, 404, 404, 200, 403, 404, 200)
NOBODY_HERE = (401, 401, *(404,) * 7)
WAITS_NOT = (401, 401, 404, 403, 403, 404, 403, 404, 404)
# What is asked of a course as its student.
ITS_STUDENT = (401, 401, 404, 200, *(404,) * 5)
GRACE = (401, 401, 404, 200, *(404,) * 5)

NAMED = re.compile(r"\{\w+\}")
# Of nobody's: who may not administrate is told so.
ADMINS_ALONE = (401, 401, *(403,) * 6, 200)
ADMIN_FORMS = (
    "admin/people",
    "admin/people/grace",
    "admin/bulk",
    "admin/servers",
    "admin/jobs",
    "admin/spending",
    "admin/settings",
    "admin/courses",
)
ADMIN_PAGES = (
    *ADMIN_FORMS,
    "admin",
    "admin/audit",
    "admin/audit.csv",
    "admin/storage",
    "admin/sheets/queues",
)

COPY = f"api/v1/courses/sums/lessons/adding/copies/{hashlib.sha256(samples.content()).hexdigest()}"

TABLE = {
    ("GET", "healthz"): EVERYBODY,
    ("GET", "readyz"): EVERYBODY,
    ("GET", "api/v1/openapi.json"): EVERYBODY,
    ("GET", "static/style.css"): EVERYBODY,
    ("GET", "oauth_callback"): (400,) * 9,
    ("GET", ""): ANYBODY,
    ("GET", "api/v1/courses"): ANYBODY,
    ("GET", "api/v1/courses/sums"): LEARNERS,
    ("GET", "api/v1/courses/none"): NOBODY_HERE,
    ("GET", "api/v1/courses/sums/lessons/adding"): LEARNERS,
    ("GET", "api/v1/courses/sums/lessons/adding/changes?since=1"): LEARNERS,
    ("GET", "api/v1/courses/sums/lessons/adding/submissions"): LEARNERS,
    ("POST", "api/v1/courses/sums/lessons/adding/submissions"): LEARNERS,
    ("GET", "api/v1/courses/sums/copies"): LEARNERS,
    ("GET", "api/v1/courses/sums/lessons/adding/copies"): LEARNERS,
    ("POST", "api/v1/courses/sums/lessons/adding/copies"): LEARNERS,
    # Copies are each person's own: nobody has this one.
    ("GET", f"api/v1/courses/sums/lessons/adding/copies/{0:064}"): NOBODY_HERE,
    ("PUT", COPY): LEARNERS,
    ("GET", "api/v1/submissions/{grace}"): READERS,
    ("GET", "api/v1/submissions/{grace}/feedback"): READERS,
    ("GET", "api/v1/submissions/{grace}/notebook"): READERS,
    # Signed in, but no WebSocket; tests/services/test_live.py opens some.
    ("GET", "api/v1/live"): (401, 401, *(400,) * 7),
    ("GET", "submissions/{grace}/feedback"): (302, 302, *READERS[2:]),
    ("GET", "api/v1/submissions/{grace}/feedback.ipynb"): READERS,
    ("GET", "submissions/{grace}/feedback.ipynb"): (302, 302, *READERS[2:]),
    ("GET", "courses/sums/lessons/adding/feedback"): (302, 302, 404, 200, *(404,) * 5),
    ("GET", "api/v1/courses/sums/lessons/adding/hints"): LEARNERS,
    ("GET", "api/v1/courses/sums/lessons/adding/exercises/add/hints"): LEARNERS,
    ("POST", "api/v1/courses/sums/lessons/adding/exercises/add/hints"): LEARNERS,
    ("GET", "api/v1/courses/sums/gradebook"): TEACHERS,
    ("GET", "courses/sums/gradebook"): TEACHERS,
    ("GET", "courses/sums/gradebook.csv"): TEACHERS,
    ("GET", "api/v1/courses/sums/members"): TEACHERS,
    ("PUT", "api/v1/courses/sums/members/hopper"): INSTRUCTORS,
    ("DELETE", "api/v1/courses/sums/members/leaver"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/mastery"): LEARNERS,
    ("GET", "api/v1/courses/sums/lessons/adding/quizzes"): LEARNERS,
    ("POST", "api/v1/courses/sums/lessons/adding/quizzes/colours/attempts"): LEARNERS,
    ("GET", "api/v1/courses/sums/deadlines"): TEACHERS,
    # What If-Match is for: each of these has a tag of its own.
    ("GET", "api/v1/courses/sums/lessons/adding/deadline"): TEACHERS,
    ("GET", "api/v1/courses/sums/rubric/{item}"): TEACHERS,
    ("GET", "courses/sums/deadlines"): TEACHERS,
    ("POST", "courses/sums/deadlines"): INSTRUCTORS,
    ("GET", "courses/sums/lessons/adding/deadline"): TEACHERS,
    ("POST", "courses/sums/lessons/adding/deadline"): INSTRUCTORS,
    ("PUT", "api/v1/courses/sums/lessons/adding/deadline"): INSTRUCTORS,
    ("DELETE", "api/v1/courses/sums/lessons/adding/deadline"): INSTRUCTORS,
    ("PUT", "api/v1/courses/sums/lessons/adding/extensions/people/grace"): INSTRUCTORS,
    ("DELETE", "api/v1/courses/sums/lessons/adding/extensions/people/grace"): INSTRUCTORS,
    ("PUT", "api/v1/courses/sums/lessons/adding/extensions/groups/late"): INSTRUCTORS,
    ("DELETE", "api/v1/courses/sums/lessons/adding/extensions/groups/late"): INSTRUCTORS,
    ("PUT", "api/v1/courses/sums/members/grace/group"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/regrades"): INSTRUCTORS,
    ("POST", "api/v1/courses/sums/regrades"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/regrades/{regrade}"): INSTRUCTORS,
    ("POST", "api/v1/courses/sums/regrades/{regrade}/apply"): INSTRUCTORS,
    ("POST", "api/v1/courses/sums/regrades/{regrade}/discard"): INSTRUCTORS,
    ("GET", "courses/sums/regrades"): INSTRUCTORS,
    ("POST", "courses/sums/regrades"): INSTRUCTORS,
    ("GET", "courses/sums/regrades/{regrade}"): INSTRUCTORS,
    ("POST", "courses/sums/regrades/{regrade}"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/lessons/adding/rubric"): TEACHERS,
    ("POST", "api/v1/courses/sums/lessons/adding/rubric"): TEACHERS,
    ("PUT", "api/v1/courses/sums/rubric/{item}"): TEACHERS,
    ("GET", "api/v1/courses/sums/submissions/{grace}/marks"): TEACHERS,
    ("PUT", "api/v1/courses/sums/submissions/{grace}/marks/draw"): TEACHERS,
    ("GET", "courses/sums/submissions/{grace}/marks"): TEACHERS,
    ("POST", "courses/sums/submissions/{grace}/marks"): TEACHERS,
    ("POST", "api/v1/courses/sums/activity"): LEARNERS,
    ("GET", "api/v1/courses/sums/class"): TEACHERS,
    ("GET", "api/v1/courses/sums/ungraded"): TEACHERS,
    ("GET", "api/v1/courses/sums/submissions/{grace}/paper"): TEACHERS,
    ("GET", "api/v1/courses/sums/submissions/{grace}/notebook"): TEACHERS,
    ("GET", "api/v1/courses/sums/lessons/adding/release"): TEACHERS,
    ("PUT", "api/v1/courses/sums/lessons/adding/release"): INSTRUCTORS,
    ("GET", "courses/sums/people"): TEACHERS,
    ("GET", "api/v1/standing"): ANYBODY,
    ("PUT", "api/v1/submissions/{grace}/read"): (401, 401, 404, 200, *(404,) * 5),
    ("POST", "api/v1/enrolments"): NOBODY_HERE,
    ("GET", "api/v1/courses/sums/joining"): INSTRUCTORS,
    ("PUT", "api/v1/courses/sums/joining"): INSTRUCTORS,
    ("POST", "api/v1/courses/sums/codes"): INSTRUCTORS,
    ("DELETE", "api/v1/courses/sums/codes/22222222"): (401, 401, 404, 403, 403, 404, 403, 404, 404),
    ("POST", "courses/sums/codes"): INSTRUCTORS,
    ("POST", "courses/sums/people"): INSTRUCTORS,
    ("GET", "api/v1/generations/options"): AUTHORS,
    ("POST", "api/v1/generations/problems"): AUTHORS,
    ("GET", "api/v1/generations"): (401, 401, 200, 200, 200, 200, 403, 200, 200),
    ("POST", "api/v1/generations"): AUTHORS,
    ("GET", "api/v1/generations/{generation}"): ADMINISTRATORS,
    ("GET", "api/v1/generations/{generation}/receipts"): ADMINISTRATORS,
    ("POST", "api/v1/generations/{generation}/cancel"): ADMINISTRATORS,
    ("POST", "api/v1/generations/{generation}/resume"): ADMINISTRATORS,
    ("GET", "api/v1/generations/{generation}/source"): ADMINISTRATORS,
    ("GET", "api/v1/courses/sums/source"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/versions"): INSTRUCTORS,
    ("POST", "api/v1/courses/sums/checks"): INSTRUCTORS,
    ("GET", "api/v1/checks/{check}"): ITS_INSTRUCTORS,
    ("POST", "api/v1/courses/sums/preview"): INSTRUCTORS,
    ("POST", "api/v1/courses/sums/versions"): INSTRUCTORS,
    ("PUT", "api/v1/courses/open/enrolment"): ANYBODY,
    ("PUT", "api/v1/courses/none/enrolment"): NOBODY_HERE,
    ("POST", "courses/open/enrolment"): (401, 401, *(303,) * 7),
    # The people of a course: list, file, sections, places and who waits, who looked.
    ("GET", "courses/sums/people.csv"): TEACHERS,
    ("GET", "courses/sums/members/grace"): TEACHERS,
    ("POST", "courses/sums/members/grace"): INSTRUCTORS,
    ("GET", "courses/sums/members/grace/looks.csv"): INSTRUCTORS,
    ("GET", "courses/sums/people/sections"): TEACHERS,
    ("POST", "courses/sums/people/sections"): INSTRUCTORS,
    ("GET", "courses/sums/people/sections.csv"): TEACHERS,
    ("GET", "courses/sums/people/waiting"): INSTRUCTORS,
    ("POST", "courses/sums/people/waiting"): INSTRUCTORS,
    ("GET", "courses/sums/people/waiting.csv"): INSTRUCTORS,
    ("GET", "courses/sums/people/joining"): INSTRUCTORS,
    ("GET", "courses/sums/people/roster"): INSTRUCTORS,
    ("POST", "courses/sums/people/roster"): INSTRUCTORS,
    ("POST", "api/v1/courses/sums/roster"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/sections"): TEACHERS,
    ("PUT", "api/v1/courses/sums/sections/Monday"): INSTRUCTORS,
    ("DELETE", "api/v1/courses/sums/sections/Ended"): INSTRUCTORS,
    ("PUT", "api/v1/courses/sums/placement"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/line"): INSTRUCTORS,
    ("PUT", "api/v1/courses/sums/line"): INSTRUCTORS,
    # Nobody of this name waits.
    ("PUT", "api/v1/courses/sums/line/nobody"): WAITS_NOT,
    ("DELETE", "api/v1/courses/sums/line/nobody"): WAITS_NOT,
    ("PUT", "api/v1/courses/sums/line/nobody/admission"): WAITS_NOT,
    ("GET", "api/v1/courses/sums/members/grace/looks"): INSTRUCTORS,
    ("GET", "api/v1/waiting"): ANYBODY,
    # One's own turn, which nobody here has.
    ("DELETE", "api/v1/courses/sums/waiting"): NOBODY_HERE,
    ("POST", "courses/sums/waiting"): NOBODY_HERE,
    # Final grades, requests about a mark, certificates.
    ("POST", "courses/sums/gradebook"): INSTRUCTORS,
    ("GET", "courses/sums/weights"): TEACHERS,
    ("POST", "courses/sums/weights"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/weights"): TEACHERS,
    ("PUT", "api/v1/courses/sums/weights"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/grades"): TEACHERS,
    ("GET", "api/v1/courses/sums/grades/grace"): TEACHERS,
    ("GET", "courses/sums/grades/grace"): TEACHERS,
    ("POST", "courses/sums/grades/grace"): INSTRUCTORS,
    ("PUT", "api/v1/courses/sums/grades/grace/lessons/adding"): INSTRUCTORS,
    ("DELETE", "api/v1/courses/sums/grades/grace/lessons/adding"): INSTRUCTORS,
    ("PUT", "api/v1/courses/sums/grades/grace/lessons/adding/quizzes/colours"): INSTRUCTORS,
    ("DELETE", "api/v1/courses/sums/grades/grace/lessons/adding/quizzes/colours"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/progress"): ITS_STUDENT,
    ("GET", "courses/sums/progress"): LEARNERS,
    ("GET", "courses/sums/progress.csv"): LEARNERS,
    ("POST", "api/v1/submissions/{grace}/requests"): ITS_STUDENT,
    ("GET", "api/v1/courses/sums/requests"): (401, 401, 404, 200, 200, 200, 200, 404, 200),
    ("GET", "api/v1/courses/sums/requests/{request}"): READERS,
    ("POST", "api/v1/courses/sums/requests/{request}/messages"): READERS,
    ("PUT", "api/v1/courses/sums/requests/{request}/state"): READERS,
    ("GET", "courses/sums/requests"): TEACHERS,
    ("GET", "courses/sums/requests.csv"): TEACHERS,
    ("GET", "courses/sums/requests/{request}"): READERS,
    ("POST", "courses/sums/requests/{request}"): READERS,
    ("GET", "courses/sums/submissions/{grace}/ask?cell=why"): ITS_STUDENT,
    ("POST", "courses/sums/submissions/{grace}/ask"): ITS_STUDENT,
    # grace has not completed it, and nobody has a certificate.
    ("GET", "courses/sums/certificate"): (302, 302, *(404,) * 7),
    ("POST", "courses/sums/certificate"): ITS_STUDENT,
    ("GET", "api/v1/courses/sums/certificate"): ITS_STUDENT,
    ("PUT", "api/v1/courses/sums/certificate"): ITS_STUDENT,
    ("DELETE", "api/v1/courses/sums/certificates/grace"): INSTRUCTORS,
    ("GET", "certificates/2222-2222-2222-2222"): (404,) * 9,
    # The life of a course
    ("POST", "api/v1/courses"): AUTHORS,
    ("GET", "courses/new"): AUTHORS,
    ("POST", "courses/new"): AUTHORS,
    # Whoever may join it may read what is said of it.
    ("GET", "api/v1/courses/sums/facts"): ANYBODY,
    ("PUT", "api/v1/courses/sums/facts"): INSTRUCTORS,
    ("PUT", "api/v1/courses/sums/archived"): INSTRUCTORS,
    ("GET", "courses/sums/settings"): INSTRUCTORS,
    ("POST", "courses/sums/settings"): INSTRUCTORS,
    ("GET", "courses/sums/draft"): INSTRUCTORS,
    ("POST", "courses/sums/draft"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/draft"): INSTRUCTORS,
    ("PUT", "api/v1/courses/sums/draft"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/reviews"): INSTRUCTORS,
    ("POST", "api/v1/courses/sums/reviews"): INSTRUCTORS,
    ("PUT", "api/v1/courses/sums/reviews/1"): INSTRUCTORS,
    ("GET", "courses/sums/versions"): INSTRUCTORS,
    ("POST", "courses/sums/versions"): INSTRUCTORS,
    ("GET", "courses/sums/versions.csv"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/differences?from=1&to=1"): INSTRUCTORS,
    ("POST", "api/v1/courses/sums/rollback"): INSTRUCTORS,
    ("GET", "courses/sums/term"): INSTRUCTORS,
    ("POST", "courses/sums/term"): INSTRUCTORS,
    ("POST", "api/v1/courses/sums/terms"): INSTRUCTORS,
    ("GET", "courses/sums/export.zip"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/export"): INSTRUCTORS,
    # The pages of a class, and messages to a part of it.
    ("GET", "courses/sums/class"): TEACHERS,
    ("GET", "courses/sums/class.csv"): TEACHERS,
    ("GET", "api/v1/courses/sums/class/rows"): TEACHERS,
    ("GET", "courses/sums/matrix"): TEACHERS,
    ("GET", "courses/sums/matrix.csv"): TEACHERS,
    ("GET", "courses/sums/analytics"): TEACHERS,
    ("GET", "courses/sums/analytics.csv"): TEACHERS,
    ("GET", "courses/sums/report"): INSTRUCTORS,
    ("GET", "courses/sums/report.csv"): INSTRUCTORS,
    ("GET", "courses/sums/messages"): TEACHERS,
    ("POST", "courses/sums/messages"): TEACHERS,
    ("GET", "api/v1/courses/sums/messages"): TEACHERS,
    ("POST", "api/v1/courses/sums/messages"): TEACHERS,
    ("GET", "messages"): ANYBODY,
    ("GET", "api/v1/messages"): ANYBODY,
    ("PUT", "api/v1/messages/{message}/read"): (401, 401, 404, 200, *(404,) * 5),
    ("POST", "messages/{message}/read"): (401, 401, 404, 303, *(404,) * 5),
    # Question banks and the quizzes made from them
    ("GET", "api/v1/courses/sums/bank"): TEACHERS,
    ("POST", "api/v1/courses/sums/bank"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/bank/questions.json"): TEACHERS,
    ("POST", "api/v1/courses/sums/bank/imports"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/bank/{question}"): TEACHERS,
    ("PUT", "api/v1/courses/sums/bank/{question}"): INSTRUCTORS,
    ("PUT", "api/v1/courses/sums/bank/{question}/archived"): INSTRUCTORS,
    ("POST", "api/v1/courses/sums/bank/{question}/copies"): INSTRUCTORS,
    ("GET", "courses/sums/bank"): TEACHERS,
    ("POST", "courses/sums/bank"): INSTRUCTORS,
    ("GET", "courses/sums/bank.csv"): TEACHERS,
    ("GET", "courses/sums/bank/new"): INSTRUCTORS,
    ("POST", "courses/sums/bank/new"): INSTRUCTORS,
    ("GET", "courses/sums/bank/{question}"): TEACHERS,
    ("POST", "courses/sums/bank/{question}"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/quizzes"): LEARNERS,
    ("POST", "api/v1/courses/sums/quizzes"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/quizzes/week-one"): LEARNERS,
    ("GET", "api/v1/courses/sums/quizzes/week-one/settings"): TEACHERS,
    ("PUT", "api/v1/courses/sums/quizzes/week-one/settings"): INSTRUCTORS,
    ("GET", "api/v1/courses/sums/quizzes/week-one/all-attempts"): TEACHERS,
    # The pod is ada's, whose attempt is open by then.
    ("POST", "api/v1/courses/sums/quizzes/week-one/attempts"): (
        *(401, 401, 404, 201, 201, 201, 200, 404, 404),
    ),
    # Everybody's attempts are their own: only grace has begun one.
    ("PUT", "api/v1/courses/sums/quizzes/begun/attempts/1/answers"): GRACE,
    ("POST", "api/v1/courses/sums/quizzes/begun/attempts/1/submission"): GRACE,
    ("GET", "courses/sums/quizzes"): (302, 302, 404, *(200,) * 4, 404, 200),
    ("POST", "courses/sums/quizzes"): INSTRUCTORS,
    ("GET", "courses/sums/quizzes/week-one"): (302, 302, *LEARNERS[2:]),
    ("POST", "courses/sums/quizzes/week-one"): LEARNERS,
    ("GET", "courses/sums/quizzes/week-one/settings"): TEACHERS,
    ("POST", "courses/sums/quizzes/week-one/settings"): INSTRUCTORS,
    ("GET", "courses/sums/quizzes/week-one/attempts.csv"): TEACHERS,
    ("GET", "courses/sums/questions"): TEACHERS,
    ("GET", "courses/sums/questions.csv"): TEACHERS,
    ("GET", "api/v1/courses/sums/questions"): TEACHERS,
    # Administration
    **{("GET", page): ADMINS_ALONE for page in ADMIN_PAGES},
    **{("POST", page): ADMINS_ALONE for page in ADMIN_FORMS},
    # Operations
    ("GET", "metrics"): (401, 401, *(403,) * 6, 200),
    ("GET", "api/v1/courses/sums/sessions"): LEARNERS,
}
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
    "courses/sums/people/joining",
    "courses/sums/people/roster",
    "courses/sums/weights",
    "courses/sums/grades/grace",
    "courses/sums/progress",
    "courses/sums/progress.csv",
    "courses/sums/requests",
    "courses/sums/requests.csv",
    "courses/sums/requests/{request}",
    "courses/sums/submissions/{grace}/ask?cell=why",
    "courses/new",
    "courses/sums/settings",
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
    "api/v1/courses/sums/archived": {"json": {"archived": False}},
    "courses/sums/settings": {"data": {"save": "yes", "category": "Mathematics"}},
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
CASES = [
    (verb, path, who, ANSWERS.get((verb, path, status), status))
    for (verb, path), statuses in TABLE.items()
    for who, status in [*zip(WHO, statuses, strict=True), (AS_KAY, statuses[WHO.index("kay")])]
]


@pytest.fixture(scope="module", autouse=True)
def others(client: Client, make: sessionmaker[Session]) -> None:
    """mona learns in another course; a token of ada's has ended."""
    with make.begin() as session:
        courses.enrol(session, "mona", "other")
    client.tokens["expired"] = client.hub.token("ada")
    del client.hub.models[client.tokens["expired"]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(map(str, case)))
def test_access(
    client: Client,
    make: sessionmaker[Session],
    marked: int,
    case: tuple[str, str, str | None, int],
) -> None:
    verb, path, who, status = case
    if "sums/quizzes" in path or path.endswith("/bank"):
        asked_of_all(make)
    if path.endswith("adding/submissions") and verb == "POST":
        answer = client.submit(who, key=f"the access table, {who}".replace(" ", "-"))
        status = 201 if status == 200 else status
    else:
        if verb == "DELETE" and "/members/" in path:
            client.ask("PUT", "root", path, json={"role": "student"})
        if verb == "DELETE" and "/sections/" in path:
            client.ask("PUT", "root", path, json={})
        sent = {} if verb == "GET" else SENT.get(path, {})
        if verb == "DELETE" and "/grades/" in path:
            client.ask("PUT", "root", path, **sent)
            sent = {}
        full = filled(client, path, marked, who)
        headers = {"Idempotency-Key": f"the-access-table-{who}"}
        answer = client.ask(verb, who, full, **{"headers": headers, **sent})
    assert answer.status_code == status, answer.text
    if status >= 400 and path.startswith("api/"):
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == status


@pytest.mark.parametrize(
    "case", [case for case in CASES if case[0] == "GET"], ids=lambda case: " ".join(map(str, case))
)
def test_a_head_is_a_get_without_its_body(
    client: Client,
    make: sessionmaker[Session],
    marked: int,
    case: tuple[str, str, str | None, int],
) -> None:
    _, path, who, status = case
    if "sums/quizzes" in path or path.endswith("/bank"):
        asked_of_all(make)
    answer = client.ask("HEAD", who, filled(client, path, marked, who))
    assert (answer.status_code, answer.content) == (status, b"")
    # What is sent as it is read has no length yet.
    assert int(answer.headers.get("Content-Length", 1)) > 0 or status == 302


def filled(client: Client, path: str, marked: int, who: str | None = None) -> str:
    """The path with numbers for its names in braces, of things in sums or of other people."""
    return path.format(
        grace=marked,
        regrade=asked(client, path),
        item=noted(client, path),
        request=questioned(client, path, marked),
        generation=wanted(client, path),
        check=begun(client, path),
        message=written(client, path),
        question=banked(client, path, who),
    )


def asked(client: Client, path: str) -> int:
    """A regrade that waits for its workers, where the path is about one."""
    if "{regrade}" not in path:
        return 0
    return int(client.ask("POST", "root", "api/v1/courses/sums/regrades").json()["id"])


def questioned(client: Client, path: str, submission: int) -> int:
    """What grace asks about an answer of hers, where the path is about it."""
    if "{request}" not in path and not path.endswith("?cell=why"):
        return 0
    path = f"api/v1/submissions/{submission}/requests"
    return int(client.ask("POST", "grace", path, json=QUESTION).json()["id"])


def noted(client: Client, path: str) -> int:
    """A rubric item, where the path is about one."""
    if "{item}" not in path:
        return 0
    sent = {"grade_id": "draw", "label": "axes", "points": 1}
    answer = client.ask("POST", "root", "api/v1/courses/sums/lessons/adding/rubric", json=sent)
    return int(answer.json()["id"])


def banked(client: Client, path: str, who: str | None) -> int:
    """A question of the course, where the path is about one; a new one for each who asks."""
    if "{question}" not in path:
        return 0
    item = {**QUESTIONS["single"], "prompt": f"For {who}, {next(numbers)}"}
    sent = {"question": item}
    answer = client.ask("POST", "root", "api/v1/courses/sums/bank", json=sent)
    return int(answer.json()["id"])


def asked_of_all(make: sessionmaker[Session]) -> None:
    """The quizzes `week-one`, which anybody may begin, and `begun`, which grace has."""
    with make.begin() as session:
        if any(quiz.key == "begun" for quiz in bank_quizzes.listed(session, "sums")):
            return
        found = fill_bank(session)
        make_quiz(session, found, attempts=99)
        make_quiz(session, found, key="begun")
    with make.begin() as session:
        grader_of_quizzes.start(session, "grace", "sums", "begun", "of-the-access-table")


def wanted(client: Client, path: str) -> int:
    """A course that somebody else has asked for, where the path is about one."""
    if "{generation}" not in path:
        return 0
    who = an_author(client, f"requester-{next(numbers)}")
    answer = client.ask("POST", who, "api/v1/generations", **SENT["api/v1/generations"])
    return int(answer.json()["id"])


def begun(client: Client, path: str) -> int:
    """An administrator's check of a course, where the path is about one."""
    if "{check}" not in path:
        return 0
    answer = client.ask("POST", "root", "api/v1/courses/sums/checks", json=source(summary="Anew"))
    return int(answer.json()["id"])


def written(client: Client, path: str) -> int:
    """A message to grace, where the path is about one; one is enough for all."""
    if "{message}" not in path:
        return 0
    if client.url not in WRITTEN:
        address = "api/v1/courses/sums/messages"
        WRITTEN[client.url] = int(client.ask("POST", "root", address, **SENT[address]).json()["id"])
    return WRITTEN[client.url]


def test_the_table_knows_every_route_and_verb() -> None:
    known = {(verb, route_of(path).path) for verb, path in TABLE}
    routes = {(verb.upper(), route.path) for route in ROUTES for verb in route.verbs}
    assert known == routes


def route_of(path: str) -> Route:
    """The route that answers at a path of the table, as the service would find it."""
    bare = NAMED.sub("1", path.partition("?")[0])
    return next(route for route in ROUTES if re.fullmatch(route.pattern, bare))


def test_every_role_of_the_matrix_is_asked_for_every_row() -> None:
    asked_for = Counter((verb, path) for verb, path, *_ in CASES)
    assert set(asked_for.values()) == {10}
    assert set(asked_for) == set(TABLE)


# What belongs to the course sums, asked for through a course that one teaches oneself.
THROUGH_ANOTHER = [
    (verb, path) for verb, path in TABLE if "courses/sums/" in path and NAMED.search(path)
]


@pytest.mark.parametrize("case", THROUGH_ANOTHER, ids=" ".join)
def test_another_courses_things_are_not_found_through_ones_own(
    client: Client, marked: int, case: tuple[str, str]
) -> None:
    verb, path = case
    sent = {} if verb == "GET" else dict(SENT.get(path, {"headers": {"If-Match": '"1"'}}))
    elsewhere = path.replace("courses/sums/", "courses/other/")
    full = filled(client, elsewhere, marked)
    answer = client.ask(verb, "alan", full, **sent)
    assert answer.status_code == 404, answer.text
    if path.startswith("api/"):
        # Nor does the answer tell it from what is not there at all.
        absent = NAMED.sub("987654321", elsewhere)
        detail = client.ask(verb, "alan", absent, **sent).json()["detail"]
        assert answer.json()["detail"] == detail.replace("987654321", full_number(full, elsewhere))


def full_number(full: str, path: str) -> str:
    """What stands in `full` where `path` has a name in braces."""
    before, _, after = NAMED.sub("|", path).partition("|")
    return full.removeprefix(before).removesuffix(after)


SIGN_INS = {
    "no scope for the service": ((LEARN, TEACH), "user", 403),
    "the service, but no scope of ours": ((fake_hub.ACCESS,), "user", 403),
    "another service": (fake_hub.PERSON, "service", 403),
    "a person": (fake_hub.PERSON, "user", 200),
}


@pytest.mark.parametrize("case", SIGN_INS)
def test_a_sign_in_counts_for_what_the_hub_put_into_it(client: Client, case: str) -> None:
    scopes, kind, status = SIGN_INS[case]
    token = client.hub.token("grace", scopes, kind)
    answer = client.http.get("api/v1/courses", headers={"Authorization": f"token {token}"})
    assert answer.status_code == status


def test_the_pod_of_an_instructor_may_not_teach(client: Client) -> None:
    detail = client.get("pod", "api/v1/courses/sums/gradebook").json()["detail"]
    assert detail == "Your sign-in does not allow this; it needs custom:coursewright:teach"


def test_a_token_in_the_address_counts_for_nothing(client: Client) -> None:
    assert client.get(None, f"api/v1/courses?token={client.token('grace')}").status_code == 401


def test_who_is_not_signed_in_is_told_how(client: Client) -> None:
    answer = client.get(None, "api/v1/courses")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "Authorization" in answer.json()["detail"]
