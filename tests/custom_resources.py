"""What the operators' own kinds must have, as far as this chart uses them.

Each row was held against the operator's own definition once; a key that the operator does not know
would not be found here.
"""

from __future__ import annotations

from typing import Any

CUSTOM: dict[tuple[str, str], tuple[str, ...]] = {
    ("postgresql.cnpg.io/v1", "Cluster"): (
        "instances",
        "imageName",
        "storage.size",
        "bootstrap",
        "postgresql.parameters",
    ),
    ("postgresql.cnpg.io/v1", "Database"): ("cluster.name", "name", "owner"),
    ("postgresql.cnpg.io/v1", "Pooler"): ("cluster.name", "type", "pgbouncer.poolMode"),
    ("postgresql.cnpg.io/v1", "ScheduledBackup"): (
        "cluster.name",
        "schedule",
        "method",
        "pluginConfiguration.name",
    ),
    ("barmancloud.cnpg.io/v1", "ObjectStore"): (
        "configuration.destinationPath",
        "configuration.s3Credentials.accessKeyId.key",
        "configuration.s3Credentials.secretAccessKey.key",
        "retentionPolicy",
    ),
    ("keda.sh/v1alpha1", "ScaledObject"): (
        "scaleTargetRef.name",
        "minReplicaCount",
        "maxReplicaCount",
        "triggers",
    ),
    ("keda.sh/v1alpha1", "TriggerAuthentication"): ("secretTargetRef",),
    ("monitoring.coreos.com/v1", "ServiceMonitor"): ("selector.matchLabels", "endpoints"),
    ("monitoring.coreos.com/v1", "PodMonitor"): ("selector.matchLabels", "podMetricsEndpoints"),
    ("monitoring.coreos.com/v1", "PrometheusRule"): ("groups",),
}


def complaint(manifest: dict[str, Any]) -> str | None:
    """The first key that is missing or empty."""
    for path in CUSTOM[manifest["apiVersion"], manifest["kind"]]:
        value: Any = manifest["spec"]
        for key in path.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        if value in (None, "", [], {}):
            return f"{manifest['kind']}/{manifest['metadata']['name']} has no spec.{path}"
    return None
