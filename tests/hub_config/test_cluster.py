"""The Hub's configuration in a cluster, beside what the chart has put there."""

from __future__ import annotations

from typing import Any

import pytest
from traitlets.config import Config

from coursewright.hub_config.cluster import Cluster, configure
from coursewright.hub_config.pods import CoursewrightKubeSpawner
from coursewright.hub_config.roles import SERVICE

CLUSTER = Cluster(
    "postgresql+psycopg://someone:database-secret@db/coursewright",
    "http://school-service:8082/services/coursewright",
    "school.example/coursewright-pod:1",
)


def configured(given: Config | None = None, **changes: Any) -> Any:
    config = given or Config()
    configure(config, Cluster(**{**vars(CLUSTER), **changes}))
    return config


def test_the_environment_says_what_a_cluster_is() -> None:
    environ = {
        "COURSEWRIGHT_DATABASE_URL": "postgresql://someone@db/coursewright",
        "COURSEWRIGHT_CLUSTER_SERVICE_URL": "http://service/",
        "COURSEWRIGHT_CLUSTER_POD_IMAGE": "pod:1",
        "COURSEWRIGHT_CLUSTER_CPU_LIMIT": "0.75",
        "COURSEWRIGHT_CLUSTER_MEMORY_LIMIT": "1Gi",
        "COURSEWRIGHT_CLUSTER_RUNTIME_CLASS": "gvisor",
        "COURSEWRIGHT_CLUSTER_START_TIMEOUT": "120",
    }
    found = Cluster.from_environ(environ)
    assert (found.cpu_limit, found.start_timeout, found.runtime_class) == (0.75, 120, "gvisor")
    assert found.usual.memory == 2**30
    assert found.database.startswith("postgresql")


def test_what_the_chart_settled_stays() -> None:
    given = Config()
    given.JupyterHub.services = [
        {"name": "jupyterhub-idle-culler", "command": ["cull"]},
        {"name": SERVICE, "url": "http://school-service:8082", "api_token": "the-charts"},
    ]
    given.JupyterHub.load_roles = [{"name": "jupyterhub-idle-culler"}]
    given.JupyterHub.template_paths = ["/usr/local/share/templates"]
    given.KubeSpawner.namespace = "school"
    given.KubeSpawner.environment = {"TZ": "Europe/Vienna"}
    given.KubeSpawner.extra_labels = {"team": "school"}
    given.Authenticator.admin_users = {"head"}
    config = configured(given)
    culler, service = config.JupyterHub.services
    assert culler == {"name": "jupyterhub-idle-culler", "command": ["cull"]}
    assert service["api_token"] == "the-charts"
    assert service["oauth_no_confirm"]
    names = [role["name"] for role in config.JupyterHub.load_roles]
    assert names[:2] == ["jupyterhub-idle-culler", "user"]
    assert "idle-culler" not in names
    assert config.JupyterHub.template_paths[-1] == "/usr/local/share/templates"
    assert config.KubeSpawner.namespace == "school"
    assert config.CoursewrightKubeSpawner.environment["TZ"] == "Europe/Vienna"
    assert config.CoursewrightKubeSpawner.extra_labels["team"] == "school"
    assert config.Authenticator.admin_users == {"head", "admin"}


@pytest.mark.parametrize("before", ["", "dummy"])
def test_without_a_sign_in_of_its_own_a_site_keeps_accounts_and_lets_nobody_in_unasked(
    before: str,
) -> None:
    given = Config()
    if before:
        given.JupyterHub.authenticator_class = before
    config = configured(given)
    assert config.JupyterHub.authenticator_class == "coursewright-local"
    assert config.NativeAuthenticator.open_signup is False


def test_another_sign_in_stays_and_refuses_who_is_deactivated() -> None:
    given = Config()
    given.JupyterHub.authenticator_class = "generic-oauth"
    config = configured(given)
    assert config.JupyterHub.authenticator_class == "generic-oauth"
    assert "allow_all" not in config.Authenticator
    assert callable(config.Authenticator.post_auth_hook)


def test_pods_outlive_the_hub_and_homes_outlive_pods() -> None:
    config = configured(storage="2Gi", storage_class="fast", runtime_class="gvisor")
    pod = config.CoursewrightKubeSpawner
    assert config.JupyterHub.spawner_class is CoursewrightKubeSpawner
    assert config.JupyterHub.cleanup_servers is False
    assert (pod.storage_capacity, pod.storage_class, pod.delete_pvc) == ("2Gi", "fast", False)
    assert pod.extra_pod_config == {"runtimeClassName": "gvisor"}
    assert (pod.cpu_guarantee, pod.cpu_limit) == (0.2, 0.5)
    assert (pod.mem_guarantee, pod.mem_limit) == (2**28, 2**29)


def test_no_secret_goes_to_a_pod() -> None:
    config = configured()
    assert "secret" not in repr((config.CoursewrightKubeSpawner.environment, config.Spawner))
