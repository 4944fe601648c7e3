"""The policy itself: an unsafe pod does not pass it."""

from __future__ import annotations

from typing import Any

import pytest
from pod_policy import assert_safe, faults

SAFE: dict[str, Any] = {
    "automountServiceAccountToken": False,
    "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
    "containers": [
        {
            "name": "notebook",
            "env": [{"name": "LANG", "value": "C.UTF-8"}],
            "resources": {"limits": {"cpu": "500m", "memory": "512Mi"}},
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            },
        }
    ],
}
KEY = {"secretKeyRef": {"name": "hub", "key": "token"}}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"automountServiceAccountToken": True}, "token"),
        ({"hostNetwork": True}, "hostNetwork"),
        ({"volumes": [{"name": "node", "hostPath": {"path": "/"}}]}, "folder of the node"),
        ({"volumes": [{"name": "files", "secret": {}}]}, "is a Secret"),
        ({"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}}}, "root"),
        ({"securityContext": {"runAsNonRoot": True}}, "seccomp"),
    ],
)
def test_an_unsafe_pod_is_told_so(change: dict[str, Any], fault: str) -> None:
    assert_safe(SAFE, student=True)
    (found,) = faults({**SAFE, **change}, student=True)
    assert fault in found


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"env": [{"name": "JUPYTERHUB_API_TOKEN", "value": "abc"}]}, "in the clear"),
        ({"env": [{"name": "URL", "value": "postgresql://me:secret@db/x"}]}, "in the clear"),
        ({"env": [{"name": "JUPYTERHUB_API_TOKEN", "valueFrom": KEY}]}, "holds a secret"),
        ({"envFrom": [{"secretRef": {"name": "hub"}}]}, "whole Secret"),
        ({"resources": {"limits": {"cpu": 1}}}, "memory"),
        ({"resources": {}}, "cpu"),
    ],
)
def test_an_unsafe_container_is_told_so(change: dict[str, Any], fault: str) -> None:
    container = {**SAFE["containers"][0], **change}
    found = list(faults({**SAFE, "containers": [container]}, student=True))
    assert fault in found[0]


def test_a_variable_may_be_let_through_by_its_name() -> None:
    env = [{"name": "JUPYTERHUB_API_TOKEN", "valueFrom": KEY}]
    spec = {**SAFE, "containers": [{**SAFE["containers"][0], "env": env}]}
    assert_safe(spec, student=True, by_reference=["JUPYTERHUB_API_TOKEN"])
    assert_safe(spec)


def test_the_students_own_token_may_be_a_file() -> None:
    env = [{"name": "COURSEWRIGHT_TOKEN_FILE", "value": "/run/coursewright/token"}]
    volumes = [{"name": "token", "secret": {"secretName": "jupyter-ann-token"}}]
    spec = {**SAFE, "containers": [{**SAFE["containers"][0], "env": env}], "volumes": volumes}
    assert_safe(spec, student=True, files=["token"])
