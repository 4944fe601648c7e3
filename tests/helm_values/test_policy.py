"""Every pod that the chart makes keeps to the policy, and no network is open by default."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from charts import ENVIRONMENTS, ROOT, Manifest, of_kind, pods, rendered
from pod_policy import faults

# These work with the Kubernetes API; each has a role of its own for what it does there.
WITH_TOKEN = {"CronJob/coursewright-capacity"}
# On a laptop the node has no profile of ours.
WITHOUT_PROFILE = {"local": ("sandboxes",)}
OURS = {"app.kubernetes.io/name": "coursewright"}


def ours(environment: str) -> Iterator[tuple[str, Manifest]]:
    for name, template in pods(rendered(environment)):
        if template["metadata"]["labels"].items() >= OURS.items():
            yield name, template


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_pod_is_safe(environment: str) -> None:
    for name, template in ours(environment):
        found = faults(
            template["spec"],
            token=name in WITH_TOKEN,
            unconfined=WITHOUT_PROFILE.get(environment, ()),
        )
        assert not list(found), name


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_students_code_is_run_by_a_container_without_secrets(environment: str) -> None:
    for name in ("grader", "generator"):
        spec = dict(ours(environment))[f"Deployment/coursewright-{name}"]["spec"]
        worker, sandboxes = sorted(spec["containers"], key=lambda one: one["name"] != "worker")
        assert not sandboxes.get("env")
        mounted = [{mount["name"] for mount in one["volumeMounts"]} for one in (worker, sandboxes)]
        assert mounted[0] & mounted[1] == {"sandboxes"}
        users = [one["securityContext"]["runAsUser"] for one in (worker, sandboxes)]
        assert users == [1000, 1001]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_nobody_talks_to_anybody_unless_a_policy_says_so(environment: str) -> None:
    policies = of_kind(rendered(environment), "NetworkPolicy")
    closed = [one for one in policies if one["spec"]["podSelector"] == {} and _denies(one)]
    assert [one["metadata"]["name"] for one in closed] == ["coursewright-default-deny"]


def _denies(policy: Manifest) -> bool:
    spec = policy["spec"]
    return spec["policyTypes"] == ["Ingress", "Egress"] and not {"ingress", "egress"} & set(spec)


def test_a_students_code_reaches_the_internet_only_where_that_is_switched_on() -> None:
    for switched in (False, True):
        manifests = rendered("production", {"students": {"internet": switched}})
        (policy,) = (
            one
            for one in of_kind(manifests, "NetworkPolicy")
            if one["metadata"]["name"] == "coursewright-student"
        )
        blocks = [
            peer for rule in policy["spec"]["egress"] for peer in rule["to"] if "ipBlock" in peer
        ]
        assert len(blocks) == switched
        for block in blocks:
            closed = block["ipBlock"]["except"]
            assert {"10.0.0.0/8", "169.254.0.0/16"} <= set(closed)


def test_the_way_in_is_one_and_has_a_certificate() -> None:
    (way,) = of_kind(rendered("production"), "Ingress")
    assert way["metadata"]["annotations"]["cert-manager.io/cluster-issuer"] == "letsencrypt"
    assert way["spec"]["tls"][0]["hosts"] == [rule["host"] for rule in way["spec"]["rules"]]


def test_the_capacity_job_may_only_scale_its_placeholders() -> None:
    manifests = rendered("production")
    (role,) = (
        one
        for one in of_kind(manifests, "Role")
        if one["metadata"]["name"] == "coursewright-capacity"
    )
    assert role["rules"] == [
        {
            "apiGroups": ["apps"],
            "resources": ["statefulsets/scale"],
            "resourceNames": ["coursewright-placeholder"],
            "verbs": ["get", "patch"],
        }
    ]


def test_no_secret_is_written_by_the_chart() -> None:
    for environment in ENVIRONMENTS:
        names = [one["metadata"] for one in of_kind(rendered(environment), "Secret")]
        assert not [one for one in names if one["labels"].items() >= OURS.items()]


@pytest.mark.parametrize("environment", ["production"])
def test_the_guide_says_who_may_talk_to_whom(environment: str) -> None:
    guide = (ROOT / "docs/kubernetes.md").read_text()
    table = guide.split("## Who may talk to whom")[1].split("\n## ")[0]
    told = {
        (one, other, port)
        for one, other, ports in re.findall(
            r"^\| ([^|]+?) \| ([^|]+?) \| ([\d, ]+?) \|", table, re.M
        )
        for port in map(int, ports.split(","))
    }
    assert told == set(edges(of_kind(rendered(environment), "NetworkPolicy")))


def edges(policies: list[Manifest]) -> Iterator[tuple[str, str, int]]:
    """Who may open a connection to whom, at which port, by the policies of those who ask."""
    for policy in policies:
        if not policy["metadata"]["labels"].items() >= OURS.items():
            continue
        spec = policy["spec"]
        for rule in spec.get("egress", ()):
            for peer in rule["to"]:
                for port in rule["ports"]:
                    yield _who(spec["podSelector"]), _whom(peer), port["port"]


def _who(selector: dict[str, Any]) -> str:
    labels = selector.get("matchLabels", {})
    if not selector:
        return "every pod"
    if "matchExpressions" in selector:
        return "service, grader, generator"
    for label, name in (
        ("coursewright.org/database", "clients of the database"),
        ("coursewright.org/kubernetes-api", "clients of the Kubernetes API"),
        ("cnpg.io/cluster", "postgres"),
    ):
        if label in labels:
            return name
    return labels.get("component") or labels["app.kubernetes.io/component"]


def _whom(peer: dict[str, Any]) -> str:
    if "ipBlock" in peer:
        return {"10.0.0.0/8": "Kubernetes API"}.get(peer["ipBlock"]["cidr"], "object store")
    if "namespaceSelector" in peer:
        space = peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
        return {"kube-system": "name servers", "monitoring": "trace collector"}[space]
    return _who(peer["podSelector"])
