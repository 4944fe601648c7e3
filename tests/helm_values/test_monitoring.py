"""Dashboards and alerts ask for numbers that there are, by labels that these have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

import jupyterhub.metrics  # noqa: F401 (its metrics join the registry of the process)
import pytest
from charts import CHART, Manifest, of_kind, rendered
from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.metrics import MetricWrapperBase

from coursewright.services.meters import Meters

# Other programs' numbers, with the labels by which they are asked for here: kube-state-metrics, the
# kubelet, CloudNativePG's exporter, Prometheus itself.
OTHERS: dict[str, set[str]] = {
    "kube_statefulset_replicas": {"statefulset"},
    "kube_statefulset_status_replicas_ready": {"statefulset"},
    "kubelet_volume_stats_available_bytes": {"persistentvolumeclaim"},
    "kubelet_volume_stats_capacity_bytes": {"persistentvolumeclaim"},
    "cnpg_pg_stat_archiver_seconds_since_last_archival": set(),
    "cnpg_pg_replication_lag": set(),
    "process_resident_memory_bytes": set(),
    "process_cpu_seconds_total": set(),
    "up": set(),
}
# Prometheus adds these to whatever it reads.
TARGET = {"namespace", "pod", "service"}
PARTS = {
    "counter": ("_total",),
    "gauge": ("",),
    "histogram": ("_bucket", "_count", "_sum"),
    "info": ("_info",),
}

METRIC = re.compile(
    r"\b((?:coursewright|jupyterhub|kube|kubelet|cnpg|process)_\w+|up)\b(?=[{\[) ]|$)"
)
SELECTOR = re.compile(r"(\w+)\{([^}]*)\}")
GROUPED = re.compile(r"\b(?:by|ignoring) \(([^)]*)\)")


def known(registries: Iterable[CollectorRegistry]) -> dict[str, set[str]]:
    """The name of every series that these registries can have, with its labels."""
    found = dict(OTHERS)
    for registry in registries:
        for collector in list(registry._collector_to_names):
            if isinstance(collector, MetricWrapperBase):
                more = {"le"} if collector._type == "histogram" else set()
                for part in PARTS[collector._type]:
                    found[collector._name + part] = {*collector._labelnames, *more}
    return found


KNOWN = known((Meters().registry, REGISTRY))
DASHBOARDS = {path.stem: json.loads(path.read_text()) for path in CHART.glob("dashboards/*.json")}
ALERTS = [
    rule
    for manifest in of_kind(rendered("production"), "PrometheusRule")
    for group in manifest["spec"]["groups"]
    for rule in group["rules"]
]


def expressions() -> Iterator[tuple[str, str]]:
    for name, dashboard in DASHBOARDS.items():
        for panel in dashboard["panels"]:
            for target in panel["targets"]:
                yield f"{name}: {panel['title']}", target["expr"]
    for rule in ALERTS:
        yield rule["alert"], rule["expr"]


@pytest.mark.parametrize(("where", "expression"), list(expressions()))
def test_every_number_is_one_that_is_counted(where: str, expression: str) -> None:
    metrics = set(METRIC.findall(expression))
    assert metrics, expression
    assert metrics <= set(KNOWN)
    labels = set().union(*(KNOWN[metric] for metric in metrics)) | TARGET
    for metric, selector in SELECTOR.findall(expression):
        asked = set(re.findall(r"(\w+)\s*(?:=~|!=|!~|=)", selector))
        assert asked <= KNOWN[metric] | TARGET, metric
    for group in GROUPED.findall(expression):
        assert set(re.split(r",\s*", group)) <= labels, expression


def test_what_workers_did_is_not_summed_over_the_processes_that_count_it() -> None:
    same_rows = ("queue", "workers", "grading", "model", "events", "mastery", "database_up")
    for where, expression in expressions():
        for metric in METRIC.findall(expression):
            if metric.startswith(tuple(f"coursewright_{name}" for name in same_rows)):
                assert "sum" not in expression, where


def test_every_dashboard_has_a_name_of_its_own_and_shows_one_namespace() -> None:
    assert len({dashboard["uid"] for dashboard in DASHBOARDS.values()}) == len(DASHBOARDS) == 3
    for dashboard in DASHBOARDS.values():
        for panel in dashboard["panels"]:
            assert all('namespace="$namespace"' in one["expr"] for one in panel["targets"])


def test_the_cluster_gets_every_dashboard() -> None:
    found = [
        one
        for one in of_kind(rendered("production"), "ConfigMap")
        if one["metadata"]["labels"].get("grafana_dashboard") == "1"
    ]
    assert {name for one in found for name in one["data"]} == {
        f"{name}.json" for name in DASHBOARDS
    }
    for one in found:
        for text in one["data"].values():
            assert json.loads(text)["panels"]


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: rule["alert"])
def test_every_alert_says_what_it_means_and_stands_in_the_guide(rule: Manifest) -> None:
    guide = (CHART.parent.parent / "docs/kubernetes.md").read_text()
    assert rule["annotations"]["summary"].endswith(".")
    assert rule["labels"]["severity"] in ("warning", "critical")
    assert f"`{rule['alert'].removeprefix('Coursewright')}`" in guide
