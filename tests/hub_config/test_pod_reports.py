"""What is told of a pod, by what Kubernetes says of it."""

from __future__ import annotations

from typing import Any

import pytest

from coursewright.hub_config import pod_reports
from coursewright.hub_config.pod_reports import SENTENCES, SpawnFailed


def pod(phase: str = "Pending", container: dict[str, Any] | None = None, **status: Any) -> Any:
    states = [{"name": "notebook", "state": container}] if container else None
    return {"status": {"phase": phase, "containerStatuses": states, **status}}


def waiting(reason: str) -> dict[str, Any]:
    return {"waiting": {"reason": reason}}


def unplaced(message: str) -> Any:
    condition = {"type": "PodScheduled", "status": "False", "message": message}
    return pod(conditions=[condition])


CLAIM = "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims."


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (pod(), ""),
        (pod("Running", {"running": {}}), ""),
        (pod(container=waiting("ContainerCreating")), ""),
        # The first failure may be the registry's; the second counts.
        (pod(container=waiting("ErrImagePull")), ""),
        (pod(container=waiting("ImagePullBackOff")), "image"),
        (pod(container=waiting("InvalidImageName")), "image"),
        (pod(container=waiting("CreateContainerConfigError")), "settings"),
        (pod("Failed", {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}), "memory"),
        (pod("Failed", {"terminated": {"exitCode": 1, "reason": "Error"}}), "ended"),
        (pod("Failed", reason="Evicted", message="The node was low on resource: memory."),
         "evicted"),
        (pod("Failed", reason="Evicted", message="low on resource: ephemeral-storage."), "disk"),
        (pod("Failed", reason="Evicted", message='EmptyDir volume "tmp" exceeds the limit'),
         "disk"),
    ],
)  # fmt: skip
def test_what_a_start_is_given_up_for(found: Any, reason: str) -> None:
    assert pod_reports.hopeless(found) == reason


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (None, "cluster"),
        (unplaced("0/3 nodes are available: 3 Insufficient memory."), "no room"),
        (unplaced(CLAIM), "storage"),
        (pod(container=waiting("ErrImagePull")), "image"),
        (pod(container=waiting("ContainerCreating")), "storage"),
        (pod("Running", {"running": {}}, podIP="10.0.0.1"), "late"),
    ],
)
def test_what_was_missing_when_the_time_is_over(found: Any, reason: str) -> None:
    assert pod_reports.missing(found) == reason


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (403, 'pods "ada" is forbidden: exceeded quota: places', "quota"),
        (403, "violates PodSecurity", "settings"),
        (422, "invalid", "settings"),
        (500, "", "cluster"),
        (None, "", "cluster"),
    ],
)
def test_why_the_cluster_did_not_make_it(status: int | None, body: str, reason: str) -> None:
    assert pod_reports.refused(status, body) == reason


@pytest.mark.parametrize(
    ("reason", "message", "part"),
    [
        ("Scheduled", "", "has a place"),
        ("FailedScheduling", "0/3 nodes are available: 3 Insufficient cpu.", "free place"),
        ("FailedScheduling", CLAIM, "place of your files"),
        ("TriggeredScaleUp", "", "another one is being started"),
        ("Pulling", "", "image of your server is being loaded"),
        ("BackOff", 'Back-off pulling image "x"', "cannot be loaded"),
        ("Started", "", "JupyterLab is starting"),
    ],
)
def test_an_event_is_told_in_a_sentence(reason: str, message: str, part: str) -> None:
    assert part in pod_reports.progress({"reason": reason, "message": message})


def test_what_says_nothing_to_a_student_is_left_out() -> None:
    assert pod_reports.progress({"reason": "FailedMount", "message": "secret not found"}) == ""


def test_every_sentence_says_that_the_files_are_kept() -> None:
    for reason, sentence in SENTENCES.items():
        assert "Your files are kept." in sentence
        assert SpawnFailed(reason).jupyterhub_message == f"{sentence}."
