"""What Kubernetes says of a student's pod, in the student's words.

A pod and an event are dictionaries, as the cluster's API gives them. The words for reasons come
from the kubelet and the scheduler; they are many, and one that we do not know is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coursewright.records.errors import CoursewrightError

KEPT = "Your files are kept."
AGAIN = "Start it again in a few minutes; if that does not help, tell an administrator"
# By name: what stands on the page when a start fails, or a server has ended by itself.
SENTENCES = {
    "image": (
        f"The image of your server cannot be loaded. {KEPT} Trying again will not help:"
        " tell your instructor or an administrator, who can name another image"
    ),
    "quota": (
        "All servers that this site may run at once are in use, and yours would be one too many."
        f" {KEPT} Try again when others have left; an administrator can allow more"
    ),
    "no room": (
        f"No machine had a free place for your server, and none became free in time. {KEPT} {AGAIN}"
    ),
    "storage": f"The place of your files could not be attached to your server. {KEPT} {AGAIN}",
    "disk": (
        "Your server was stopped because a disk is full: that of its machine, or its own /tmp."
        f" {KEPT} Start it again, and delete large files that you do not need"
    ),
    "memory": (
        f"Your server was stopped because it used more memory than it may. {KEPT} Start it again;"
        " what runs then should need less, for example a smaller part of the data"
    ),
    "evicted": (
        f"Your server was stopped because its machine had to be freed. {KEPT}"
        " Start it again; it gets another place"
    ),
    "settings": (
        f"The cluster refuses a server made like this. {KEPT}"
        " Trying again will not help: tell an administrator"
    ),
    "ended": f"Your server ended while it was starting. {KEPT} {AGAIN}",
    "cluster": f"The cluster did not answer when your server was to start. {KEPT} {AGAIN}",
    "late": f"Your server was not ready in time. {KEPT} {AGAIN}",
}
WAITING = {
    "ImagePullBackOff": "image",
    "InvalidImageName": "image",
    "ErrImageNeverPull": "image",
    "CreateContainerConfigError": "settings",
    "CrashLoopBackOff": "ended",
}
PROGRESS = {
    "Scheduled": "Your server has a place.",
    "TriggeredScaleUp": "All machines are full, so another one is being started. "
    "This can take some minutes.",
    "Pulling": "The image of your server is being loaded. The first one on a machine takes longer.",
    "Pulled": "The image of your server is there.",
    "SuccessfulAttachVolume": "Your files are there.",
    "FailedAttachVolume": "Your files are not there yet; it is tried again.",
    "Started": "JupyterLab is starting.",
    "Evicted": "Its machine has to be freed, so your server is stopped.",
    "Preempting": "A place is being freed for your server.",
}


class SpawnFailed(CoursewrightError):
    """A server did not start; `reason` is a name of SENTENCES."""

    def __init__(self, reason: str) -> None:
        super().__init__(SENTENCES[reason])
        # What the Hub shows of an exception; its API and its pages ask for this name.
        self.jupyterhub_message = f"{SENTENCES[reason]}."


def progress(event: Mapping[str, Any]) -> str:
    """A sentence about an event; empty where there is nothing to say."""
    reason, message = event.get("reason", ""), event.get("message") or ""
    if reason == "FailedScheduling":
        if _storage(message):
            return "The place of your files is being made."
        return "No machine has a free place for your server yet; it waits for one."
    if reason in ("Failed", "BackOff") and "image" in message.lower():
        return "The image of your server cannot be loaded; it is tried again."
    return PROGRESS.get(reason, "")


def hopeless(pod: Mapping[str, Any]) -> str:
    """The name of the reason for which a pod that starts will never run; empty while it may."""
    if ending := ended(pod):
        return ending
    for container in _containers(pod):
        reason = container.get("state", {}).get("waiting", {}).get("reason", "")
        if reason in WAITING:
            return WAITING[reason]
    return ""


def missing(pod: Mapping[str, Any] | None) -> str:
    """The name of what a pod still waits for."""
    if pod is None:
        return "cluster"
    if hopeless(pod):
        return hopeless(pod)
    for container in _containers(pod):
        if container.get("state", {}).get("waiting", {}).get("reason") == "ErrImagePull":
            return "image"
    for condition in pod["status"].get("conditions") or ():
        if condition["type"] == "PodScheduled" and condition["status"] == "False":
            return "storage" if _storage(condition.get("message") or "") else "no room"
    if not pod["status"].get("podIP"):
        return "storage"
    return "late"


def ended(pod: Mapping[str, Any]) -> str:
    """The name of the reason for which a pod has ended; empty while it has not."""
    status = pod["status"]
    if status.get("reason") in ("Evicted", "Preempting", "NodeShutdown", "Terminated", "NodeLost"):
        return _evicted(status.get("message") or "")
    for container in _containers(pod):
        end = container.get("state", {}).get("terminated")
        if end:
            return "memory" if end.get("reason") == "OOMKilled" else "ended"
    return "ended" if status.get("phase") in ("Failed", "Succeeded") else ""


def refused(status: int | None, body: str) -> str:
    """The name of the reason for which the cluster's API did not make a pod or its storage."""
    if status == 403 and "exceeded quota" in body:
        return "quota"
    return "settings" if status in (400, 403, 422) else "cluster"


def _evicted(message: str) -> str:
    said = message.lower()
    if any(word in said for word in ("ephemeral", "emptydir", "inode", "disk")):
        return "disk"
    return "evicted"


def _storage(message: str) -> bool:
    return "PersistentVolumeClaim" in message or "persistentvolumeclaim" in message


def _containers(pod: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return pod["status"].get("containerStatuses") or []
