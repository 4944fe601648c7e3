"""A site in a Kubernetes cluster: its facts, and the Hub's configuration as a function of them.

Under the Zero-to-JupyterHub chart this comes last, by `hub.extraConfig`: `configure(c)` keeps what
the chart has settled (addresses, proxy, database, its own services and roles) and adds ours. What
must hold of a student's pod is set for our own class, which goes before what the chart says of
KubeSpawner.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from coursewright.hub_config import school
from coursewright.hub_config.accounts import PATH as FIRST_ADMIN
from coursewright.hub_config.admission import Admission
from coursewright.hub_config.pods import CoursewrightKubeSpawner
from coursewright.hub_config.profiles import Profiles, Usual, size
from coursewright.hub_config.roles import SERVICE
from coursewright.hub_config.site import told
from coursewright.records import database

PREFIX = "COURSEWRIGHT_CLUSTER_"
OWN_ACCOUNTS = ("", "dummy", "coursewright-local")
LABELS = {"app.kubernetes.io/part-of": "coursewright", "hub.jupyter.org/network-access-hub": "true"}


@dataclass(frozen=True)
class Cluster:
    """`database` is a secret; the Hub passes nothing of its own environment to a pod.

    Sizes are Kubernetes' quantities. `start_timeout` is seconds until a start is given up; a new
    machine takes minutes. `hub_dir` is where the Hub may write; nothing there needs to last.
    """

    database: str
    service_url: str
    pod_image: str
    runtime_class: str = ""
    storage: str = "1Gi"
    storage_class: str = ""
    cpu_request: float = 0.2
    cpu_limit: float = 0.5
    memory_request: str = "256Mi"
    memory_limit: str = "512Mi"
    admin: str = "admin"
    placeholder_priority: str = ""
    start_timeout: int = 300
    hub_dir: str = tempfile.gettempdir()

    @property
    def ticket_file(self) -> Path:
        return Path(self.hub_dir) / FIRST_ADMIN

    @property
    def usual(self) -> Usual:
        """A pod of which no course says anything."""
        return Usual(
            self.pod_image,
            self.cpu_request,
            self.cpu_limit,
            size(self.memory_request),
            size(self.memory_limit),
        )

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> Self:
        environ = os.environ if environ is None else environ
        url = database.database_url(environ)
        return cls(**{**told(cls, PREFIX, environ), "database": url})


def configure(c: Any, cluster: Cluster | None = None) -> None:
    """Fill the traitlets configuration `c`, beside what the chart put there."""
    cluster = cluster or Cluster.from_environ()
    before = _text(c.JupyterHub.get("template_paths"))
    school.pages(c, cluster.database)
    c.JupyterHub.template_paths += before
    school.rights(c, cluster.admin)
    _people(c, cluster)
    _service(c)
    # Pods outlive the Hub, and the page that tells how far a start is comes at once.
    c.JupyterHub.cleanup_servers = False
    c.JupyterHub.cleanup_proxy = False
    c.JupyterHub.tornado_settings.update({"slow_spawn_timeout": 0})
    _servers(c, cluster)


def _people(c: Any, cluster: Cluster) -> None:
    """The site's own sign-in where one is set; else accounts that the Hub keeps itself."""
    if c.JupyterHub.get("authenticator_class", "") in OWN_ACCOUNTS:
        school.accounts(c, cluster.database, str(cluster.ticket_file))
        # Whoever signs up waits for an administrator, until one decides otherwise.
        c.NativeAuthenticator.enable_signup = True
        c.NativeAuthenticator.open_signup = False
    else:
        c.Authenticator.post_auth_hook = Admission(cluster.database).refuse_deactivated


def _service(c: Any) -> None:
    """Its address and its token come from the chart; what it may do comes from us."""
    services = c.JupyterHub.get("services", [])
    for one in services if isinstance(services, list) else []:
        if one["name"] == SERVICE:
            one.update(school.service())


def _servers(c: Any, cluster: Cluster) -> None:
    c.JupyterHub.spawner_class = CoursewrightKubeSpawner
    school.servers(c, cluster.database, cluster.service_url)
    pod = c.CoursewrightKubeSpawner
    pod.profile_list = Profiles(cluster.database, cluster.usual)
    pod.environment = _said(c, "environment") | dict(c.Spawner.environment)
    pod.start_timeout = cluster.start_timeout
    pod.cmd = ["coursewright-singleuser"]
    pod.extra_labels = _said(c, "extra_labels") | LABELS
    pod.pvc_name_template = "claim-{user_server}"
    pod.storage_pvc_ensure = True
    pod.storage_capacity = cluster.storage
    pod.storage_access_modes = ["ReadWriteOnce"]
    pod.delete_pvc = False
    if cluster.storage_class:
        pod.storage_class = cluster.storage_class
    if cluster.placeholder_priority:
        pod.priority_class_name = cluster.placeholder_priority
    if cluster.runtime_class:
        runtime = {"runtimeClassName": cluster.runtime_class}
        pod.extra_pod_config = _said(c, "extra_pod_config") | runtime
    # The chart's own home and files would stand beside ours, at other places.
    pod.volumes, pod.volume_mounts = {}, {}
    usual = cluster.usual
    pod.image = usual.image
    pod.cpu_guarantee, pod.cpu_limit = usual.cpu_request, usual.cpu
    pod.mem_guarantee, pod.mem_limit = usual.memory_request, usual.memory


def _said(c: Any, name: str) -> dict[str, Any]:
    """What the chart says of KubeSpawner, which ours would replace and not add to."""
    found = c.KubeSpawner.get(name)
    return dict(found) if isinstance(found, dict) else {}


def _text(paths: Any) -> list[str]:
    return list(paths) if isinstance(paths, list) else []
