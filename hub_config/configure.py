"""The whole configuration of the Hub under `coursewright up`, as one function of a Site."""

from __future__ import annotations

import os
import sys
from typing import Any

from coursewright.hub_config import proxy, school
from coursewright.hub_config.accounts import PATH as FIRST_ADMIN
from coursewright.hub_config.operations import WATCHED
from coursewright.hub_config.roles import CULLER, SERVICE, culling
from coursewright.hub_config.site import Site
from coursewright.hub_config.supervisor import leash

# Seconds without activity after which a student's server is stopped.
IDLE = 3600
# Of the course service, on a machine with as many cores; a third would wait for the database.
PROCESSES = 2
# Whether a model is set is all that the course service knows of it; its key is the workers'.
MODEL = ("COURSEWRIGHT_LLM_BASE_URL", "COURSEWRIGHT_LLM_MODEL")


def configure(c: Any, site: Site) -> None:
    """Fill the traitlets configuration `c`. Talks to nobody and writes nothing."""
    _hub(c, site)
    _proxy(c, site)
    _people(c, site)
    _servers(c, site)
    _services(c, site)


def _hub(c: Any, site: Site) -> None:
    school.pages(c, site.database)
    c.JupyterHub.db_url = site.hub_database
    c.JupyterHub.bind_url = site.url
    c.JupyterHub.hub_ip = "127.0.0.1"
    c.JupyterHub.hub_port = site.hub_port
    c.JupyterHub.ssl_key = site.tls_key
    c.JupyterHub.ssl_cert = site.tls_cert
    c.JupyterHub.cookie_secret_file = str(site.data / "hub" / "cookie_secret")
    c.JupyterHub.cleanup_servers = True
    c.JupyterHub.upgrade_db = True


def _proxy(c: Any, site: Site) -> None:
    c.ConfigurableHTTPProxy.command = [*leash(), *proxy.command()]
    c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{site.proxy_port}"
    c.ConfigurableHTTPProxy.pid_file = str(site.data / "hub" / "proxy.pid")
    c.ConfigurableHTTPProxy.log_level = "warn"


def _people(c: Any, site: Site) -> None:
    school.accounts(c, site.database, str(site.data / "hub" / FIRST_ADMIN))
    school.rights(c, site.admin)
    c.JupyterHub.load_roles.append(culling())
    # Beyond this machine nobody signs up without an administrator's word; and without isolation
    # a second person's code could read the first one's work.
    c.NativeAuthenticator.enable_signup = site.isolated
    c.NativeAuthenticator.open_signup = site.isolated and site.loopback
    c.LocalAuthenticator.may_sign_up = site.isolated


def _servers(c: Any, site: Site) -> None:
    school.servers(c, site.database, f"http://127.0.0.1:{site.service_port}/services/{SERVICE}")
    c.JupyterHub.spawner_class = "coursewright-local"
    c.SandboxedSpawner.homes = str(site.data / "homes")
    c.SandboxedSpawner.logs = str(site.data / "logs" / "servers")
    c.SandboxedSpawner.isolated = site.isolated
    c.Spawner.env_keep = ["LANG", "LC_ALL", "TZ"]
    if not site.isolated:
        c.JupyterHub.active_server_limit = 1


def _services(c: Any, site: Site) -> None:
    environment = {
        "COURSEWRIGHT_DATABASE_URL": site.database,
        "PATH": os.environ.get("PATH", os.defpath),
    }
    told = {name: os.environ[name] for name in (*MODEL, *WATCHED) if name in os.environ}
    c.JupyterHub.services = [
        {
            **school.service(),
            "url": f"http://127.0.0.1:{site.service_port}",
            "command": [
                *leash(),
                sys.executable,
                "-m",
                "coursewright.hub_config.command",
                "service",
                f"--ServiceApp.processes={min(PROCESSES, len(os.sched_getaffinity(0)))}",
            ],
            "environment": environment | told,
        },
        {
            "name": CULLER,
            "command": [
                *leash(),
                sys.executable,
                "-m",
                "jupyterhub_idle_culler",
                f"--timeout={IDLE}",
            ],
            "environment": {"PATH": environment["PATH"]},
            "display": False,
        },
    ]
