"""The values of Zero-to-JupyterHub: valid by its own schema, and at one with ours."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest
import yaml
from charts import ENVIRONMENTS, ROOT, of_kind, pods, rendered, values

from coursewright.hub_config.roles import SERVICE

# Zero-to-JupyterHub's schema lies beside the checkout; elsewhere its first level is held.
SCHEMA = ROOT.parent / "shared" / "z2jh" / "values.schema.json"
FIRST_LEVEL = {
    "cull",
    "custom",
    "debug",
    "enabled",
    "fullnameOverride",
    "global",
    "httpRoute",
    "hub",
    "imagePullSecret",
    "imagePullSecrets",
    "ingress",
    "nameOverride",
    "prePuller",
    "proxy",
    "rbac",
    "scheduling",
    "singleuser",
}
# What the environments' files must not leave to its defaults.
COMPONENTS = ("hub", "proxy", "singleuser", "scheduling", "prePuller", "cull")


def schema() -> dict[str, Any]:
    """Of values that stand above the chart's own, so nothing is required."""
    if SCHEMA.exists():
        return without_required(json.loads(SCHEMA.read_text()))
    return {"properties": {key: {} for key in FIRST_LEVEL}, "additionalProperties": False}


def without_required(part: Any) -> Any:
    if isinstance(part, list):
        return [without_required(item) for item in part]
    if isinstance(part, dict):
        kept = part.items()
        listed = isinstance(part.get("required"), list)
        return {key: without_required(to) for key, to in kept if key != "required" or not listed}
    return part


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_hubs_values_are_those_that_its_chart_knows(environment: str) -> None:
    given = values(environment)["jupyterhub"]
    jsonschema.Draft7Validator(schema()).validate(given)
    assert set(COMPONENTS) <= set(given)


def hub(environment: str) -> dict[str, Any]:
    return values(environment)["jupyterhub"]["hub"]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_what_the_hub_asks_of_the_configmap_is_there(environment: str) -> None:
    (told,) = (
        one["data"]
        for one in of_kind(rendered(environment), "ConfigMap")
        if one["metadata"]["name"] == "coursewright-cluster"
    )
    sources = [one["valueFrom"] for one in hub(environment)["extraEnv"].values()]
    asked = {one["configMapKeyRef"]["key"] for one in sources if "configMapKeyRef" in one}
    assert asked == set(told)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_hub_and_service_use_the_same_secret_of_the_database(environment: str) -> None:
    (service,) = (
        template["spec"]["containers"][0]
        for name, template in pods(rendered(environment))
        if name == "Deployment/coursewright-service"
    )
    theirs = {one["name"]: one.get("valueFrom") for one in service["env"]}
    ours = hub(environment)["extraEnv"]
    for name in ("PGUSER", "PGPASSWORD"):
        assert ours[name]["valueFrom"] == theirs[name]


def test_the_hub_loads_our_configuration_and_nothing_weaker() -> None:
    assert hub("production")["extraConfig"]["10-coursewright"].splitlines() == [
        "from coursewright.hub_config.cluster import configure",
        "configure(c)",
    ]
    assert hub("production")["config"]["JupyterHub"]["authenticator_class"] == "coursewright-local"
    assert SERVICE in hub("production")["services"]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_no_container_is_root_for_a_student(environment: str) -> None:
    single = values(environment)["jupyterhub"]["singleuser"]
    assert single["cloudMetadata"]["blockWithIptables"] is False
    assert single["allowPrivilegeEscalation"] is False


@pytest.mark.parametrize("name", ["fluent-bit", "opentelemetry-collector"])
def test_what_ships_logs_and_traces_holds_no_secret(name: str) -> None:
    text = (ROOT / "helm-values" / f"{name}.yaml").read_text()
    assert yaml.safe_load(text)
    assert not re.search(r"(?i)(password|token|secret)\s*[:=]\s*[^$\s{<\[]", text)
