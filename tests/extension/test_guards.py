"""No verb of the extension is open to anyone but the student whose server it is."""

from __future__ import annotations

import ast
import inspect
from asyncio import AbstractEventLoop
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from fake_service import FakeService
from tornado.httpclient import AsyncHTTPClient
from tornado.web import RequestHandler

from coursewright.extension import handler as handlers
from coursewright.extension import table

Ask = Callable[..., Awaitable[tuple[int, Any]]]
Route = tuple[str, str]

COURSE = "courses/python-foundations"
LESSON = f"{COURSE}/lessons/names"
VERBS = {verb.lower() for verb in RequestHandler.SUPPORTED_METHODS} - {"options"}
EVERY_ROUTE = (
    ("GET", "courses"),
    ("GET", COURSE),
    ("PUT", f"{COURSE}/enrolment"),
    ("POST", f"{LESSON}/open"),
    ("GET", f"{LESSON}/submissions"),
    ("POST", f"{LESSON}/submissions"),
    ("GET", "submissions/1/feedback"),
    ("GET", "submissions/1/notebook"),
    ("POST", "diff"),
    ("GET", f"{LESSON}/changes?since=1"),
    ("GET", f"{LESSON}/versions/1"),
    ("POST", f"{LESSON}/merge"),
    ("POST", f"{LESSON}/merge/undo"),
    ("GET", "safety"),
    ("GET", "outbox"),
    ("POST", "outbox"),
    ("DELETE", "outbox/some-old-key"),
    ("GET", f"{LESSON}/copies"),
    ("GET", f"{LESSON}/copies/{0:064}"),
    ("POST", f"{LESSON}/copies/{0:064}"),
    ("POST", f"{COURSE}/restore"),
    ("POST", f"{COURSE}/activity"),
    ("GET", f"{COURSE}/class"),
    ("GET", f"{COURSE}/ungraded"),
    ("GET", f"{COURSE}/submissions/1/paper"),
    ("GET", f"{COURSE}/submissions/1/notebook"),
    ("PUT", f"{COURSE}/submissions/1/marks/why"),
    ("POST", f"{LESSON}/rubric"),
    ("GET", f"{LESSON}/release"),
    ("PUT", f"{LESSON}/release"),
    ("GET", "standing"),
    ("POST", "enrolments"),
    ("GET", f"{COURSE}/mastery"),
    ("PUT", "submissions/1/read"),
    ("GET", f"{LESSON}/quizzes"),
    ("POST", f"{LESSON}/quizzes/sums/attempts"),
    ("GET", "author/options"),
    ("POST", "author/problems"),
    ("GET", "author/generations"),
    ("POST", "author/generations"),
    ("GET", "author/generations/7"),
    ("GET", "author/generations/7/receipts"),
    ("POST", "author/generations/7/cancel"),
    ("POST", "author/generations/7/resume"),
    ("POST", "author/generations/7/open"),
    ("POST", "author/courses/tiny-course/open"),
    ("GET", "author/drafts"),
    ("GET", "author/folders"),
    ("POST", "author/check"),
    ("GET", "author/checks/3"),
    ("GET", "author/versions/tiny-course"),
    ("POST", "author/preview"),
    ("POST", "author/published"),
    ("POST", "author/publish"),
    ("GET", f"{LESSON}/hints"),
    ("GET", f"{LESSON}/exercises/double/hints"),
    ("POST", f"{LESSON}/exercises/double/hints"),
    ("GET", f"{LESSON}/exercises/double/released"),
    ("POST", "untouched"),
)


@pytest.mark.parametrize("route", EVERY_ROUTE)
async def test_nobody_gets_in_without_the_server_s_token(
    http_server_client: AsyncHTTPClient, jp_base_url: str, service: FakeService, route: Route
) -> None:
    method, path = route
    response = await http_server_client.fetch(
        f"{jp_base_url}coursewright/api/{path}",
        method=method,
        body=b"{}" if method in {"POST", "PUT"} else None,
        raise_error=False,
    )
    assert response.code == 403
    assert not service.seen


@pytest.mark.parametrize(("_", "handler"), table.ROUTES)
def test_every_verb_carries_its_own_two_guards(_: str, handler: type[RequestHandler]) -> None:
    own = {name for name in vars(handler) if name in VERBS}
    assert own
    assert not [verb for verb in VERBS - own if getattr(handler, verb) is not _unused(verb)]
    for verb in own:
        assert _guards(handler, verb) == ["web.authenticated", "authorized"]


def test_every_handler_is_in_the_table_of_routes() -> None:
    found = {
        item
        for module in table.MODULES
        for item in vars(module).values()
        if inspect.isclass(item) and issubclass(item, handlers.PanelHandler)
    }
    assert found - {handlers.PanelHandler} == {handler for _, handler in table.ROUTES}
    assert all(handler.auth_resource == "coursewright" for handler in found)


def test_authorisation_asks_for_the_right_action(
    jp_asyncio_loop: AbstractEventLoop, ask: Ask, jp_serverapp: Any
) -> None:
    asked: list[Mapping[str, str]] = []

    class Noting(type(jp_serverapp.authorizer)):  # type: ignore[misc]
        def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
            asked.append({"action": action, "resource": resource})
            return False

    jp_serverapp.web_app.settings["authorizer"] = Noting(parent=jp_serverapp)
    for method, path in EVERY_ROUTE:
        code, _ = jp_asyncio_loop.run_until_complete(ask(method, path))
        assert code == 403
        action = "read" if method == "GET" else "write"
        assert asked.pop() == {"action": action, "resource": "coursewright"}


def _unused(verb: str) -> Any:
    return getattr(RequestHandler, verb)


def _guards(handler: type, verb: str) -> list[str]:
    tree = ast.parse(inspect.getsource(inspect.getmodule(handler)))  # type: ignore[arg-type]
    for item in ast.walk(tree):
        if isinstance(item, ast.ClassDef) and item.name == handler.__name__:
            for method in item.body:
                if isinstance(method, ast.AsyncFunctionDef) and method.name == verb:
                    return [ast.unparse(guard) for guard in method.decorator_list]
    return []


def test_every_module_with_handlers_is_in_the_table() -> None:
    folder = Path(table.__file__).parent
    having = {
        file.stem
        for file in folder.glob("*.py")
        if "(PanelHandler)" in file.read_text() and file.stem != "handler"
    }
    assert having == {module.__name__.rpartition(".")[2] for module in table.MODULES}
