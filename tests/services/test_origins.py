"""Other sites' pages: closed to them unless a setting names them, and never with cookies."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from fake_hub import Hub
from school import Client, Running
from sqlalchemy import Engine
from traitlets import TraitError

from coursewright.services.app import ServiceApp
from coursewright.services.web import ROUTES

SITE = "https://school.example"
PATH = "api/v1/courses/sums/members/hopper"
ASKING = {
    "Access-Control-Request-Method": "PUT",
    "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
}


@pytest.fixture(scope="module")
def friendly(hub: Hub, engine: Engine) -> Iterator[Client]:
    """A service that one other site may use."""
    running = Running(hub, engine, allowed_origins=[SITE])
    client = Client(running.url, hub)
    yield client
    client.http.close()
    running.stop()


def told(answer: httpx.Response) -> dict[str, str]:
    """The headers by which a browser lets another site's page in."""
    return {name: text for name, text in answer.headers.items() if name.startswith("access-")}


def preflight(client: Client, origin: str, path: str = PATH) -> httpx.Response:
    return client.ask("OPTIONS", None, path, headers={"Origin": origin, **ASKING})


def test_the_api_is_closed_to_other_sites_unless_a_setting_opens_it(client: Client) -> None:
    answer = preflight(client, SITE)
    assert (answer.status_code, told(answer)) == (204, {})
    assert answer.headers["Allow"] == "DELETE, PUT, OPTIONS"
    assert told(client.get("grace", "api/v1/courses", headers={"Origin": SITE})) == {}


def test_a_preflight_of_an_allowed_site_is_answered(friendly: Client) -> None:
    answer = preflight(friendly, SITE)
    found = told(answer)
    assert (answer.status_code, answer.content) == (204, b"")
    assert found["access-control-allow-origin"] == SITE
    assert found["access-control-allow-methods"] == "DELETE, PUT"
    wanted = {"authorization", "content-type", "idempotency-key", "if-match"}
    assert wanted <= set(found["access-control-allow-headers"].lower().split(", "))
    assert int(found["access-control-max-age"]) > 0


STATUSES = {"grace": 200, None: 401}


@pytest.mark.parametrize("who", STATUSES)
def test_an_allowed_site_reads_answers_and_refusals(friendly: Client, who: str | None) -> None:
    answer = friendly.get(who, "api/v1/courses", headers={"Origin": SITE})
    assert answer.status_code == STATUSES[who]
    assert told(answer)["access-control-allow-origin"] == SITE
    assert "Retry-After" in told(answer)["access-control-expose-headers"]
    assert answer.headers["Vary"] == "Origin"


def test_cookies_are_never_accepted_from_there(friendly: Client) -> None:
    for answer in (
        preflight(friendly, SITE),
        friendly.get("grace", "api/v1/courses", headers={"Origin": SITE}),
    ):
        assert "access-control-allow-credentials" not in told(answer)


OTHERS = ("https://evil.example", "http://school.example", f"{SITE}.evil.example", "null", "")


@pytest.mark.parametrize("origin", OTHERS)
def test_all_other_sites_stay_outside(friendly: Client, origin: str) -> None:
    asked = preflight(friendly, origin)
    read = friendly.get("grace", "api/v1/courses", headers={"Origin": origin})
    assert (told(asked), told(read)) == ({}, {})
    assert read.headers["Vary"] == "Origin"
    assert read.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_pages_are_open_to_no_other_site(friendly: Client) -> None:
    assert told(friendly.get("grace", "", headers={"Origin": SITE})) == {}


def test_every_address_of_the_api_answers_a_preflight(friendly: Client) -> None:
    for route in ROUTES:
        if not route.path.startswith("api/"):
            continue
        path = route.path
        for name in route.parts:
            path = path.replace(f"{{{name}}}", "0" * 64 if name == "sha" else "1")
        answer = preflight(friendly, SITE, path)
        assert answer.status_code == 204, route.path
        assert told(answer)["access-control-allow-methods"] == ", ".join(route.methods)


@pytest.mark.parametrize("origin", ["*", "school.example", f"{SITE}/", "null", "ftp://x", ""])
def test_a_setting_that_names_no_origin_is_refused(origin: str) -> None:
    with pytest.raises(TraitError, match="is not an origin"):
        ServiceApp(allowed_origins=[origin])
