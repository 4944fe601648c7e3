"""The chart renders for every environment, and what it renders is valid."""

from __future__ import annotations

import functools
import json
from typing import Any

import kubernetes_validate.utils
import pytest
from charts import ENVIRONMENTS, Manifest, Refused, of_kind, pods, rendered
from custom_resources import CUSTOM, complaint

VERSIONS = ("1.31", "1.32", "1.33", "1.34", "1.35")


@pytest.fixture(scope="module")
def all_manifests() -> list[Manifest]:
    """Each that an environment has, at its installation or at an upgrade, once."""
    distinct = {
        json.dumps(manifest, sort_keys=True): manifest
        for environment in ENVIRONMENTS
        for upgrade in (False, True)
        for manifest in rendered(environment, upgrade=upgrade)
    }
    return list(distinct.values())


@pytest.mark.parametrize("version", VERSIONS)
def test_every_manifest_is_valid_in_every_kubernetes(
    version: str, all_manifests: list[Manifest], monkeypatch: pytest.MonkeyPatch
) -> None:
    # It reads a megabyte of definitions for each manifest.
    read = functools.cache(kubernetes_validate.utils.schema_contents)
    monkeypatch.setattr(kubernetes_validate.utils, "schema_contents", read)
    for manifest in all_manifests:
        if not of(manifest):
            kubernetes_validate.validate(manifest, version, strict=True)


def test_every_resource_of_an_operator_has_what_it_needs(all_manifests: list[Manifest]) -> None:
    custom = [one for one in all_manifests if of(one)]
    assert {(one["apiVersion"], one["kind"]) for one in custom} == set(CUSTOM)
    assert [said for said in map(complaint, custom) if said] == []


def of(manifest: Manifest) -> bool:
    return (manifest["apiVersion"], manifest["kind"]) in CUSTOM


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_name_is_used_once(environment: str) -> None:
    names = [
        (one["apiVersion"], one["kind"], one["metadata"]["name"]) for one in rendered(environment)
    ]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"servce": {}}, "''"),
        ({"service": {"replicsa": {"min": 2}}}, "'/service'"),
        ({"graders": {"sandboxes": {"hostUser": False}}}, "'/graders/sandboxes'"),
        ({"postgres": {"backup": {"destnation": "s3://x"}}}, "'/postgres/backup'"),
        ({"service": {"resources": {"limits": {"cpus": 1}}}}, "'/service/resources/limits'"),
        ({"networkPolicies": {"kubernetesApi": {"network": []}}}, "'/networkPolicies/kubernetes"),
        ({"service": {"replicas": {"min": "two"}}}, "'/service/replicas/min'"),
    ],
)
def test_a_wrong_key_is_refused_with_its_path(change: dict[str, Any], path: str) -> None:
    with pytest.raises(Refused) as refused:
        rendered("production", change)
    assert f"at {path}" in str(refused.value)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"images": {"tag": "2.0"}}, "Hub and service must be of one release"),
        ({"ingress": {"host": ""}}, "ingress.host is empty"),
        ({"postgres": {"enabled": False}}, "database.host is empty"),
        ({"postgres": {"enabled": False}, "database": {"host": "db"}}, "existingSecret is empty"),
        (
            {
                "postgres": {"enabled": False},
                "database": {"host": "db", "existingSecret": "database"},
            },
            "database.networks is empty",
        ),
        ({"postgres": {"backup": {"destination": ""}}}, "be without backups"),
        (
            {"postgres": {"recovery": {"enabled": True, "from": "coursewright-postgres"}}},
            "would write over them",
        ),
        ({"model": {"name": "m"}}, "model.networks is empty"),
    ],
)
def test_what_cannot_work_is_refused_with_what_to_do(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        rendered("production", change)


def found(manifests: list[Manifest], kind: str, name: str) -> Manifest:
    (one,) = (one for one in of_kind(manifests, kind) if one["metadata"]["name"] == name)
    return one


def test_the_service_grows_at_once_and_shrinks_slowly() -> None:
    spec = found(rendered("production"), "HorizontalPodAutoscaler", "coursewright-service")["spec"]
    assert (spec["minReplicas"], spec["maxReplicas"]) == (2, 10)
    wanted = {
        one["resource"]["name"]: one["resource"]["target"]["averageUtilization"]
        for one in spec["metrics"]
    }
    assert wanted == {"cpu": 70, "memory": 80}
    up, down = spec["behavior"]["scaleUp"], spec["behavior"]["scaleDown"]
    assert (up["stabilizationWindowSeconds"], down["stabilizationWindowSeconds"]) == (0, 300)
    assert {(one["type"], one["value"]) for one in up["policies"]} == {
        ("Pods", 2),
        ("Percent", 100),
    }
    assert {(one["type"], one["value"]) for one in down["policies"]} == {
        ("Percent", 50),
        ("Pods", 1),
    }


def test_graders_are_scaled_by_the_queue_with_keda_and_without() -> None:
    (scaled,) = of_kind(rendered("production"), "ScaledObject")
    assert "procrastinate_jobs" in scaled["spec"]["triggers"][0]["metadata"]["query"]
    without = rendered("production", {"keda": {"enabled": False}})
    assert not of_kind(without, "ScaledObject", "TriggerAuthentication")
    spec = found(without, "HorizontalPodAutoscaler", "coursewright-grader")["spec"]
    assert spec["metrics"][0]["external"]["metric"]["name"] == "coursewright_queue_jobs"


def test_nobody_says_twice_how_many_there_are() -> None:
    scaled = ("coursewright-service", "coursewright-grader", "coursewright-placeholder")
    for one in of_kind(rendered("production"), "Deployment", "StatefulSet"):
        if one["metadata"]["name"] in scaled:
            assert "replicas" not in one["spec"]


OUTSIDE: dict[str, Any] = {
    "postgres": {"enabled": False},
    "database": {"host": "db", "existingSecret": "database", "networks": ["10.1.0.0/16"]},
}


@pytest.mark.parametrize(
    ("changes", "upgrade", "before"),
    [({}, False, False), ({}, True, True), (OUTSIDE, False, True), (OUTSIDE, True, True)],
)
def test_migrations_run_first_where_there_is_a_database(
    changes: dict[str, Any], upgrade: bool, before: bool
) -> None:
    manifests = rendered("production", changes, upgrade=upgrade)
    job = found(manifests, "Job", "coursewright-migrations")
    hook = job["metadata"].get("annotations", {}).get("helm.sh/hook")
    assert hook == ("pre-install,pre-upgrade" if before else None)


def test_a_recovered_database_starts_from_the_backups_and_writes_elsewhere() -> None:
    recovery = {"enabled": True, "from": "coursewright-postgres", "until": "2026-11-22T09:59:00Z"}
    changes = {"postgres": {"recovery": recovery, "serverName": "after-2026-11-22"}}
    (cluster,) = of_kind(rendered("production", changes), "Cluster")
    spec = cluster["spec"]
    assert spec["bootstrap"]["recovery"]["recoveryTarget"]["targetTime"] == recovery["until"]
    assert spec["externalClusters"][0]["plugin"]["parameters"]["serverName"] == recovery["from"]
    assert spec["plugins"][0]["parameters"]["serverName"] == "after-2026-11-22"


def test_a_model_is_known_to_the_service_and_its_key_to_the_generators_only() -> None:
    model = {"name": "m", "baseUrl": "https://models.example.org/v1", "networks": ["10.9.0.0/24"]}
    manifests = rendered("production", {"model": model})
    who = {
        name
        for name, template in pods(manifests)
        for container in template["spec"]["containers"]
        for variable in container.get("env", ())
        if variable["name"] == "COURSEWRIGHT_LLM_API_KEY"
    }
    assert who == {"Deployment/coursewright-generator"}
