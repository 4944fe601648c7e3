"""What every pod of a Coursewright keeps to, ours and a student's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

Spec = Mapping[str, Any]

SECRET = re.compile(r"TOKEN|PASSWORD|PASSWD|SECRET|API_?KEY|COOKIE|CREDENTIAL|_KEY$", re.I)
# What only speaks of one: a file's place, a switch.
ABOUT = re.compile(r"_(FILE|PATH|DIR|ENABLED)$")
# scheme://user:password@host
IN_ADDRESS = re.compile(r"://[^/\s:@]+:[^/\s@]+@")
CONFINED = ("RuntimeDefault", "Localhost")


def assert_safe(spec: Spec, **allowed: Any) -> None:
    """`spec` is a pod's, as in a manifest; `allowed` as of `faults`."""
    found = list(faults(spec, **allowed))
    assert not found, "\n".join(found)


def faults(
    spec: Spec,
    *,
    student: bool = False,
    token: bool = False,
    by_reference: Collection[str] = (),
    files: Collection[str] = (),
    unconfined: Collection[str] = (),
) -> Iterator[str]:
    """What is wrong, in a line each.

    `student`: a secret must not even come by reference, but for the variables `by_reference` and
    the volumes `files`, which may hold the student's own.
    `token`: the pod works with the Kubernetes API. `unconfined`: containers without seccomp.
    """
    if spec.get("automountServiceAccountToken") is not False and not token:
        yield "a service account's token is mounted"
    for name in ("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace"):
        if spec.get(name):
            yield f"{name} is on"
    for volume in spec.get("volumes") or ():
        if "hostPath" in volume:
            yield f"the volume {volume['name']} is a folder of the node"
        if student and "secret" in volume and volume["name"] not in files:
            yield f"the volume {volume['name']} is a Secret"
    for container in (*(spec.get("initContainers") or ()), *spec["containers"]):
        context = {
            **(spec.get("securityContext") or {}),
            **(container.get("securityContext") or {}),
        }
        confined = container["name"] in unconfined
        for fault in (
            *_of_security(context, spec, confined),
            *_of_limits(container),
            *_of_environment(container, student, by_reference),
        ):
            yield f"{container['name']}: {fault}"


def _of_security(context: Spec, spec: Spec, unconfined: bool) -> Iterator[str]:
    if context.get("runAsNonRoot") is not True or context.get("runAsUser") == 0:
        yield "may run as root"
    if context.get("allowPrivilegeEscalation") is not False:
        yield "may gain privileges"
    if context.get("privileged"):
        yield "is privileged"
    capabilities = context.get("capabilities") or {}
    if capabilities.get("drop") != ["ALL"] or capabilities.get("add"):
        yield "keeps capabilities"
    if context.get("readOnlyRootFilesystem") is not True:
        yield "may write to its root"
    if (context.get("seccompProfile") or {}).get("type") not in CONFINED and not unconfined:
        yield "has no seccomp profile"
    if context.get("procMount", "Default") != "Default" and spec.get("hostUsers") is not False:
        yield "sees all of /proc without users of its own"


def _of_limits(container: Spec) -> Iterator[str]:
    limits = (container.get("resources") or {}).get("limits") or {}
    for name in ("cpu", "memory"):
        if name not in limits:
            yield f"has no limit of {name}"


def _of_environment(container: Spec, student: bool, by_reference: Collection[str]) -> Iterator[str]:
    if container.get("envFrom"):
        yield "takes a whole Secret or ConfigMap as its environment"
    for variable in container.get("env") or ():
        name, value = variable["name"], variable.get("value") or ""
        named = SECRET.search(name) and not ABOUT.search(name)
        if (named and value) or IN_ADDRESS.search(value):
            yield f"{name} holds a secret in the clear"
        referred = "secretKeyRef" in (variable.get("valueFrom") or {})
        if student and referred and name not in by_reference:
            yield f"{name} holds a secret"
