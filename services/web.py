"""The service as a web application: its table of routes, its templates, its access log."""

from __future__ import annotations

import logging
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from tornado.web import Application

from coursewright.grader.deadlines import told
from coursewright.services import (
    activity,
    assets,
    checks,
    classroom,
    copies,
    courses,
    deadline_pages,
    deadlines,
    generations,
    gradebook,
    health,
    hints,
    joining,
    live,
    logs,
    marks,
    mastery,
    members,
    metrics,
    openapi,
    progress,
    publishing,
    quizzes,
    regrades,
    signin,
    sources,
    standing,
    study_sessions,
    submissions,
    versions,
)
from coursewright.services.routes import Route, specs
from coursewright.services.service import TEMPLATES, Service

ROUTES: list[Route] = [
    *courses.ROUTES,
    *submissions.ROUTES,
    *versions.ROUTES,
    *copies.ROUTES,
    *gradebook.ROUTES,
    *members.ROUTES,
    *joining.ROUTES,
    *standing.ROUTES,
    *mastery.ROUTES,
    *quizzes.ROUTES,
    *deadlines.ROUTES,
    *deadline_pages.ROUTES,
    *regrades.ROUTES,
    *marks.ROUTES,
    *live.ROUTES,
    *generations.ROUTES,
    *sources.ROUTES,
    *checks.ROUTES,
    *publishing.ROUTES,
    *hints.ROUTES,
    *activity.ROUTES,
    *classroom.ROUTES,
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
        asset=lambda name: assets.address(service.prefix, name),
    )
    return Application(
        specs(ROUTES, service.prefix, service=service),
        default_handler_class=signin.Elsewhere,
        default_handler_args={"service": service, "route": ELSEWHERE},
        cookie_secret=cookie_secret,
        log_function=log_request,
        routes=ROUTES,
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
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
