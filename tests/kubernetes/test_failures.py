"""What a student is told when the cluster cannot start a server, or ends one."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import requests
from clustered import NOWHERE, PATIENCE, School
from kubelet import FULL
from running import Person

from coursewright.hub_config.pod_reports import SENTENCES
from coursewright.records import courses, servers, settings
from coursewright.records.servers import Server

# A class of servers that starts on a busy machine.
pytestmark = pytest.mark.timeout(900)

USER = "hub.jupyter.org/username"
GONE = "school.example/gone:1"


def student(platform: School, name: str) -> Person:
    """Has an account; signing in will start the server."""
    person = Person(platform, name).sign_up()
    platform.ask("POST", f"hub/api/users/{name}").raise_for_status()
    return person


def start(platform: School, name: str) -> list[dict[str, Any]]:
    """Start a server; gives what its page tells until there is an end to tell of."""
    platform.ask("POST", f"hub/api/users/{name}/server").raise_for_status()
    told = []
    page = platform.ask("GET", f"hub/api/users/{name}/server/progress", stream=True)
    for line in page.iter_lines():
        if line.startswith(b"data:"):
            told.append(json.loads(line.removeprefix(b"data:")))
    return told


def failed_page(person: Person) -> str:
    """What a browser shows to somebody whose server did not start."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        page = person.session.get(f"{person.run.url}hub/spawn-pending/{person.name}")
        if "has failed" in page.text or page.status_code >= 500:
            return page.text
        time.sleep(0.2)
    raise TimeoutError(page.text)


def test_an_image_that_cannot_be_pulled_is_named(platform: School) -> None:
    with platform.session() as session:
        settings.change(session, "admin", {"images": (GONE,)})
        courses.enrol(session, "ida", "python-foundations", "student")
        servers.say(session, "admin", "python-foundations", Server(image=GONE))
    person = student(platform, "ida")
    told = start(platform, "ida")
    assert told[-1]["failed"]
    assert SENTENCES["image"] in told[-1]["message"]
    assert SENTENCES["image"] in failed_page(person.sign_in())


def test_a_pod_without_a_place_says_so_while_it_waits_and_at_its_end(platform: School) -> None:
    person = student(platform, NOWHERE)
    told = start(platform, NOWHERE)
    said = [one["message"] for one in told]
    assert "No machine has a free place for your server yet; it waits for one." in said
    assert SENTENCES["no room"] in said[-1]
    assert SENTENCES["no room"] in failed_page(person.sign_in())


def test_a_site_that_is_full_says_so(platform: School) -> None:
    quota = {"metadata": {"name": "places"}, "spec": {"hard": {"pods": "0"}}}
    platform.kubernetes("create_namespaced_resource_quota", body=quota)
    try:
        student(platform, "quentin")
        told = start(platform, "quentin")
    finally:
        platform.kubernetes("delete_namespaced_resource_quota", name="places")
    assert SENTENCES["quota"] in told[-1]["message"]


@pytest.mark.parametrize(
    ("name", "message", "reason"),
    [
        ("eve", "The node was low on resource: memory.", "evicted"),
        ("dora", 'Usage of EmptyDir volume "tmp" exceeds the limit "512Mi".', "disk"),
    ],
)
def test_a_pod_that_is_evicted_says_why_on_the_servers_page(
    platform: School, name: str, message: str, reason: str
) -> None:
    person = student(platform, name).sign_in()
    person.start_server()
    status = {"phase": "Failed", "reason": "Evicted", "message": message}
    pod = platform.kubernetes("list_namespaced_pod", label_selector=f"{USER}={name}")["items"][0]
    platform.kubernetes(
        "patch_namespaced_pod_status",
        name=pod["metadata"]["name"],
        body={"status": status},
    )
    page = requests.Response()
    deadline = time.monotonic() + PATIENCE
    while "is not running" not in page.text:
        assert time.monotonic() < deadline, page.text
        page = person.session.get(f"{platform.url}hub/user/{name}/")
        time.sleep(0.2)
    assert SENTENCES[reason] in page.text
    person.start_server()
    assert person.session.get(f"{platform.url}user/{name}/lab").status_code == 200


def test_a_server_whose_home_is_full_starts_and_says_so(platform: School) -> None:
    claim = {
        "metadata": {"name": "claim-flora", "labels": {FULL: "yes"}},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "1Gi"}},
        },
    }
    platform.kubernetes("create_namespaced_persistent_volume_claim", body=claim)
    person = student(platform, "flora").sign_in()
    server = person.start_server()
    assert person.session.get(f"{server}lab").status_code == 200
    safety = person.session.get(f"{server}coursewright/api/safety").json()
    assert safety["full"]
