"""The whole path: Hub, KubeSpawner, the cluster's API, a pod, OAuth, JupyterLab."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import pytest
from clustered import PATIENCE, School
from running import Person

# A class of servers that starts on a busy machine.
pytestmark = pytest.mark.timeout(900)

STUDENTS = [f"student-{number}" for number in range(1, 21)]


def ready(platform: School) -> set[str]:
    users = platform.ask("GET", "hub/api/users?state=ready").json()
    return {user["name"] for user in users}


def wait_for(platform: School, names: set[str]) -> None:
    """Until exactly these have a server."""
    deadline = time.monotonic() + PATIENCE
    while (found := ready(platform)) != names:
        assert time.monotonic() < deadline, f"{len(found)}\n{platform.told()}"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def ada(platform: School) -> Person:
    person = Person(platform, "ada").sign_up().sign_in()
    person.start_server()
    return person


def test_a_student_comes_to_jupyterlab_by_the_hubs_sign_in(platform: School, ada: Person) -> None:
    lab = ada.session.get(f"{platform.url}user/ada/lab")
    assert lab.status_code == 200
    assert "jupyter-config-data" in lab.text
    courses = ada.session.get(f"{platform.url}user/ada/coursewright/api/courses")
    assert [one["key"] for one in courses.json()["courses"]] == ["python-foundations"]


def test_a_students_pod_may_do_little_and_holds_no_secret_in_its_environment(
    platform: School, ada: Person
) -> None:
    (pod,) = pods(platform)
    spec, (container,) = pod["spec"], pod["spec"]["containers"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["enableServiceLinks"] is False
    assert spec["securityContext"]["fsGroup"] == 1000
    assert "hostNetwork" not in spec
    assert container["securityContext"] == {
        "runAsUser": 1000,
        "runAsGroup": 1000,
        "runAsNonRoot": True,
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    sizes = container["resources"]
    assert sizes["limits"] == {"cpu": 0.5, "memory": 512 * 2**20}
    assert sizes["requests"] == {"cpu": 0.2, "memory": 256 * 2**20}
    assert pod["metadata"]["labels"]["coursewright.org/course"] == "none"
    (secret,) = platform.kubernetes("list_namespaced_secret")["items"]
    assert secret["metadata"]["ownerReferences"][0]["uid"] == pod["metadata"]["uid"]
    token = base64.b64decode(secret["data"]["token"]).decode()
    assert len(token) >= 32
    assert token not in json.dumps(pod)
    assert "JUPYTERHUB_API_TOKEN" not in {one["name"] for one in container["env"]}


def test_a_class_starts_at_once_outlives_the_hub_and_keeps_its_files(
    platform: School, ada: Person
) -> None:
    platform.ask("DELETE", "hub/api/users/ada/server")
    platform.ask("POST", "hub/api/users", json={"usernames": STUDENTS}).raise_for_status()
    for name in STUDENTS:
        assert platform.ask("POST", f"hub/api/users/{name}/server").status_code in (201, 202)
    wait_for(platform, set(STUDENTS))
    note = {"type": "file", "format": "text", "content": "kept"}
    for name in STUDENTS:
        platform.ask("PUT", f"user/{name}/api/contents/note.txt", json=note).raise_for_status()
    before = {pod["metadata"]["uid"] for pod in pods(platform)}

    platform.restart_hub()
    wait_for(platform, set(STUDENTS))
    for name in STUDENTS:
        note_there = platform.ask("GET", f"user/{name}/api/contents/note.txt").json()
        assert note_there["content"] == "kept"
    assert {pod["metadata"]["uid"] for pod in pods(platform)} == before

    for name in STUDENTS:
        stopped = platform.ask("DELETE", f"hub/api/users/{name}/server")
        assert stopped.status_code in (202, 204)
    wait_for(platform, set())
    assert pods(platform) == []
    assert not platform.kubernetes("list_namespaced_secret")["items"]
    claims = platform.kubernetes("list_namespaced_persistent_volume_claim")["items"]
    assert {f"claim-{name}" for name in STUDENTS} <= {claim["metadata"]["name"] for claim in claims}

    platform.ask("POST", f"hub/api/users/{STUDENTS[0]}/server")
    wait_for(platform, {STUDENTS[0]})
    again = platform.ask("GET", f"user/{STUDENTS[0]}/api/contents/note.txt")
    assert again.json()["content"] == "kept"


def pods(platform: School) -> list[dict[str, Any]]:
    return list(platform.kubernetes("list_namespaced_pod")["items"])
