"""Nothing answers without a guard."""

from __future__ import annotations

import pytest

from coursewright.services.guards import Guard, guard_of, needs, open_to_all
from coursewright.services.routes import Route
from coursewright.services.scopes import LEARN, SCOPES
from coursewright.services.web import ELSEWHERE, ROUTES

VERBS = [(route, verb) for route in [*ROUTES, ELSEWHERE] for verb in route.verbs]
OPEN = {
    "calendars/{secret}.ics",
    "calendars/{secret}/{course}.ics",
    "certificates/{code}",
    "elsewhere",
    "healthz",
    "readyz",
    "api/v1/openapi.json",
    "static/{asset}",
    "oauth_callback",
}


@pytest.mark.parametrize(
    ("route", "verb"), VERBS, ids=[f"{verb} /{route.path}" for route, verb in VERBS]
)
def test_every_verb_of_every_route_has_a_guard(route: Route, verb: str) -> None:
    guard = guard_of(getattr(route.handler, verb))
    assert guard is not None
    assert (guard.scope is None) == (route.path in OPEN)


def test_every_route_answers_to_something() -> None:
    assert all(route.verbs for route in ROUTES)
    assert len({route.path for route in ROUTES}) == len(ROUTES)


def test_a_misspelt_scope_is_refused_when_the_module_is_imported() -> None:
    with pytest.raises(ValueError, match="No such scope: custom:coursewright:lern"):
        needs("custom:coursewright:lern")


def test_a_misspelt_role_is_too() -> None:
    with pytest.raises(ValueError, match="No such role of a guard: student"):
        needs(LEARN, role="student")


async def verb(handler: object) -> None:
    """A verb."""


def test_a_guard_can_be_read_from_its_verb() -> None:
    assert guard_of(verb) is None
    assert guard_of(open_to_all(verb)) == Guard(None)
    assert guard_of(needs(LEARN, role="assistant")(verb)) == Guard(LEARN, "assistant")


def test_the_scopes_are_ones_that_the_hub_accepts() -> None:
    assert all(name.startswith("custom:coursewright:") for name in SCOPES)
    assert all(SCOPES.values())
