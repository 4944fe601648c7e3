"""The service as a web application: its table of routes, its templates, its access log."""

from __future__ import annotations

import logging
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from tornado.web import Application

from coursewright.grader.deadlines import told
from coursewright.services import (
    activity,
    admin_audit,
    admin_bulk,
    admin_capacity,
    admin_courses,
    admin_health,
    admin_jobs,
    admin_people,
    admin_servers,
    admin_settings,
    admin_sheets,
    admin_spending,
    analytics,
    assets,
    bank,
    bank_pages,
    calendars,
    certificates,
    checks,
    class_page,
    classroom,
    copies,
    course_quiz_pages,
    course_quiz_setting_pages,
    course_quiz_settings,
    course_quizzes,
    course_servers,
    course_sheets,
    courses,
    creating,
    deadline_pages,
    deadlines,
    drafts,
    extra_time,
    figures,
    generations,
    grade_answers,
    gradebook,
    gradebook_pages,
    health,
    hints,
    history,
    hub_frame,
    item_analysis,
    joining,
    live,
    logs,
    marks,
    mastery,
    matrix,
    meetings,
    member_page,
    members,
    messages,
    metrics,
    openapi,
    people_pages,
    progress,
    progress_pages,
    publishing,
    quizzes,
    regrades,
    report_page,
    request_pages,
    requests,
    roster_page,
    rosters,
    sections,
    settings,
    signin,
    sources,
    standing,
    study_sessions,
    submissions,
    terms,
    transfer,
    versions,
    waiting,
    weights,
)
from coursewright.services.kept_figures import KeptFigures
from coursewright.services.routes import Route, specs
from coursewright.services.service import TEMPLATES, Service

ROUTES: list[Route] = [
    *courses.ROUTES,
    *submissions.ROUTES,
    *versions.ROUTES,
    *copies.ROUTES,
    *gradebook.ROUTES,
    *gradebook_pages.ROUTES,
    *grade_answers.ROUTES,
    *weights.ROUTES,
    *progress_pages.ROUTES,
    *calendars.ROUTES,
    *certificates.ROUTES,
    *members.ROUTES,
    *member_page.ROUTES,
    *people_pages.ROUTES,
    *roster_page.ROUTES,
    *joining.ROUTES,
    *rosters.ROUTES,
    *sections.ROUTES,
    *waiting.ROUTES,
    *standing.ROUTES,
    *mastery.ROUTES,
    *quizzes.ROUTES,
    *deadlines.ROUTES,
    *deadline_pages.ROUTES,
    *extra_time.ROUTES,
    *regrades.ROUTES,
    *requests.ROUTES,
    *request_pages.ROUTES,
    *marks.ROUTES,
    *live.ROUTES,
    *generations.ROUTES,
    *sources.ROUTES,
    *checks.ROUTES,
    *publishing.ROUTES,
    *creating.ROUTES,
    *settings.ROUTES,
    *course_servers.ROUTES,
    *drafts.ROUTES,
    *history.ROUTES,
    *terms.ROUTES,
    *transfer.ROUTES,
    *hints.ROUTES,
    *activity.ROUTES,
    *classroom.ROUTES,
    *class_page.ROUTES,
    *matrix.ROUTES,
    *analytics.ROUTES,
    *meetings.ROUTES,
    *messages.ROUTES,
    *report_page.ROUTES,
    *bank.ROUTES,
    *bank_pages.ROUTES,
    *course_quizzes.ROUTES,
    *course_quiz_settings.ROUTES,
    *course_quiz_pages.ROUTES,
    *course_quiz_setting_pages.ROUTES,
    *item_analysis.ROUTES,
    *course_sheets.ROUTES,
    *admin_audit.ROUTES,
    *admin_bulk.ROUTES,
    *admin_capacity.ROUTES,
    *admin_courses.ROUTES,
    *admin_health.ROUTES,
    *admin_jobs.ROUTES,
    *admin_people.ROUTES,
    *admin_servers.ROUTES,
    *admin_settings.ROUTES,
    *admin_sheets.ROUTES,
    *admin_spending.ROUTES,
    *health.ROUTES,
    *metrics.ROUTES,
    *study_sessions.ROUTES,
    *openapi.ROUTES,
    *assets.ROUTES,
    *signin.ROUTES,
]
ELSEWHERE = Route("elsewhere", signin.Elsewhere)


def make_app(service: Service, cookie_secret: bytes) -> Application:
    """The table of routes under the service's prefix."""
    service.pages.globals.update(
        prefix=service.prefix,
        hub_prefix=service.hub_prefix,
        left=progress.left,
        told=told,
        figures=figures,
        asset=lambda name: assets.address(service.prefix, name),
        maintenance=lambda: service.house.settings.maintenance,
    )
    names = {name: one for name, one in service.pages.globals.items() if name != "prefix"}
    return Application(
        specs(ROUTES, service.prefix, service=service),
        default_handler_class=signin.Elsewhere,
        default_handler_args={"service": service, "route": ELSEWHERE},
        cookie_secret=cookie_secret,
        log_function=log_request,
        routes=ROUTES,
        counts=KeptFigures(admin_health.AGE),
        counted=KeptFigures(admin_courses.AGE),
        analytics=KeptFigures(analytics.AGE, analytics.MOST),
        admin_pages=hub_frame.environment(ours=service.prefix, **names),
    )


def log_request(handler: Any) -> None:
    """One line for each answer."""
    status = handler.get_status()
    level = logging.WARNING if status >= 500 else logging.INFO
    quiet = health.Alive | health.Ready | metrics.Metrics
    if isinstance(handler, quiet) and status < 400:
        level = logging.DEBUG
    seconds = handler.request.request_time()
    route = f"/{handler.route.path}"
    handler.service.meters.request(route, handler.request.method, status, seconds)
    if handler.service.meters.shared is not None:
        # Another process may be the one that is asked.
        handler.service.stand()
    fields = {
        "method": handler.request.method,
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
    }
    logs.log.log(level, "request", extra={"fields": fields})


def pages() -> Environment:
    """The templates; everything put into them is escaped, and a misspelt name is an error."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        auto_reload=False,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
