"""A site on one server with Docker Compose: its facts, and the Hub's configuration of them.

Each student gets a container and a volume. The network of those containers has no way out, and
reaches the Hub and the course service, never the database.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

from coursewright.hub_config import school
from coursewright.hub_config.accounts import PATH as FIRST_ADMIN
from coursewright.hub_config.roles import CULLER, SERVICE
from coursewright.records import database

PREFIX = "COURSEWRIGHT_COMPOSE_"
IDLE = 3600  # seconds without activity after which a student's server is stopped
HOME = "/home/jovyan"
TMP = "/tmp"  # noqa: S108 (the container's own, in memory)


@dataclass(frozen=True)
class Compose:
    """`database`, `hub_database` and `service_token` are secrets; no student's container has one.

    `memory` is Docker's quantity, `cpus` a number of processors; both are a container's limits.
    """

    database: str
    hub_database: str
    service_token: str
    pod_image: str
    network: str = "coursewright_students"
    hub: str = "hub"
    proxy_url: str = "http://proxy:8001"
    service_url: str = "http://service:8082"
    memory: str = "512M"
    cpus: str = "0.5"
    tmp: str = "256m"
    admin: str = "admin"
    hub_dir: str = "/srv/jupyterhub/data"

    @property
    def ticket_file(self) -> Path:
        return Path(self.hub_dir) / FIRST_ADMIN

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> Self:
        environ = os.environ if environ is None else environ
        told = {
            item.name: environ[PREFIX + item.name.upper()]
            for item in fields(cls)
            if PREFIX + item.name.upper() in environ
        }
        return cls(**{**told, "database": database.database_url(environ)})


def configure(c: Any, site: Compose | None = None) -> None:
    """Fill the traitlets configuration `c`. Talks to nobody and writes nothing."""
    site = site or Compose.from_environ()
    c.JupyterHub.template_vars = {}
    c.JupyterHub.load_roles = []
    c.JupyterHub.load_groups = {}
    school.pages(c, site.database)
    school.rights(c, site.admin)
    school.accounts(c, site.database, str(site.ticket_file))
    # Whoever signs up waits for an administrator.
    c.NativeAuthenticator.enable_signup = True
    c.NativeAuthenticator.open_signup = False
    _hub(c, site)
    _servers(c, site)
    _services(c, site)


def _hub(c: Any, site: Compose) -> None:
    c.JupyterHub.db_url = site.hub_database
    c.JupyterHub.upgrade_db = True
    c.JupyterHub.bind_url = "http://:8000"
    c.JupyterHub.hub_ip = "0.0.0.0"  # noqa: S104 (in networks of its own)
    c.JupyterHub.hub_connect_ip = site.hub
    c.JupyterHub.cookie_secret_file = str(Path(site.hub_dir) / "cookie_secret")
    c.ConfigurableHTTPProxy.should_start = False
    c.ConfigurableHTTPProxy.api_url = site.proxy_url
    # Students' containers and the proxy go on while the Hub is started again.
    c.JupyterHub.cleanup_servers = False
    c.JupyterHub.cleanup_proxy = False


def _servers(c: Any, site: Compose) -> None:
    school.servers(c, site.database, f"{site.service_url}/services/{SERVICE}")
    c.JupyterHub.spawner_class = "docker"
    c.Spawner.env_keep = []
    container = c.DockerSpawner
    container.image = site.pod_image
    container.pull_policy = "ifnotpresent"
    container.cmd = ["coursewright-singleuser"]
    container.network_name = site.network
    container.use_internal_ip = True
    container.remove = True
    container.name_template = "coursewright-{username}"
    container.volumes = {"coursewright-home-{username}": HOME}
    container.notebook_dir = HOME
    container.mem_limit = site.memory
    container.cpu_limit = float(site.cpus)
    container.extra_create_kwargs = {
        "user": "1000:1000",
        "labels": {"org.opencontainers.image.vendor": "coursewright", "coursewright.student": "1"},
    }
    container.extra_host_config = {
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "read_only": True,
        "tmpfs": {TMP: f"rw,nosuid,nodev,size={site.tmp},mode=1777"},
        "pids_limit": 512,
        "memswap_limit": site.memory,
        "log_config": {"type": "local", "config": {"max-size": "5m", "max-file": "2"}},
    }


def _services(c: Any, site: Compose) -> None:
    c.JupyterHub.services = [
        {**school.service(), "url": site.service_url, "api_token": site.service_token},
        {
            "name": CULLER,
            "command": [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={IDLE}"],
            "environment": {"PATH": os.environ.get("PATH", os.defpath)},
            "display": False,
        },
    ]
