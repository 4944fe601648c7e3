"""The whole configuration of the Hub under `coursewright up`, as one function of a Site."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from coursewright.hub_config import proxy
from coursewright.hub_config.accounts import PATH as FIRST_ADMIN
from coursewright.hub_config.admission import Admission, Announcement
from coursewright.hub_config.operations import HUB_LOG, WATCHED
from coursewright.hub_config.roles import (
    ACCESS,
    ADMINS,
    AUTHORS,
    CULLER,
    SERVICE,
    custom_scopes,
    roles,
)
from coursewright.hub_config.site import Site
from coursewright.hub_config.supervisor import leash
from coursewright.hub_config.teaching import TokenScopes
from coursewright.services.hub_frame import OURS
from coursewright.services.scopes import ADMIN, AUTHOR, HUB_POWERS, LEARN, TEACH

TEMPLATES = Path(__file__).parent / "templates"
# Seconds without activity after which a student's server is stopped.
IDLE = 3600
# Of the course service, on a machine with as many cores; a third would wait for the database.
PROCESSES = 2
# Whether a model is set is all that the course service knows of it; its key is the workers'.
MODEL = ("COURSEWRIGHT_LLM_BASE_URL", "COURSEWRIGHT_LLM_MODEL")
# Shortest password that may be chosen; NIST SP 800-63B-4 asks for 8 beside a check for common ones.
PASSWORD_LENGTH = 8


def configure(c: Any, site: Site) -> None:
    """Fill the traitlets configuration `c`. Talks to nobody and writes nothing."""
    _hub(c, site)
    _proxy(c, site)
    _people(c, site)
    _servers(c, site)
    _services(c, site)


def _hub(c: Any, site: Site) -> None:
    c.JupyterHub.logging_config = HUB_LOG
    c.JupyterHub.db_url = site.hub_database
    c.JupyterHub.bind_url = site.url
    c.JupyterHub.hub_ip = "127.0.0.1"
    c.JupyterHub.hub_port = site.hub_port
    c.JupyterHub.ssl_key = site.tls_key
    c.JupyterHub.ssl_cert = site.tls_cert
    c.JupyterHub.cookie_secret_file = str(site.data / "hub" / "cookie_secret")
    c.JupyterHub.template_paths = [str(TEMPLATES), str(OURS)]
    admission = Admission(site.database)
    told = Announcement(admission)
    c.JupyterHub.template_vars = {"announcement": told, "announcement_login": told}
    c.LocalAuthenticator.admission = admission
    c.JupyterHub.cleanup_servers = True
    c.JupyterHub.upgrade_db = True
    c.JupyterHub.allow_named_servers = False


def _proxy(c: Any, site: Site) -> None:
    c.ConfigurableHTTPProxy.command = [*leash(), *proxy.command()]
    c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{site.proxy_port}"
    c.ConfigurableHTTPProxy.pid_file = str(site.data / "hub" / "proxy.pid")
    c.ConfigurableHTTPProxy.log_level = "warn"


def _people(c: Any, site: Site) -> None:
    c.JupyterHub.authenticator_class = "coursewright-local"
    c.Authenticator.admin_users = {site.admin}
    # Whoever has an account may come in; who gets an account is the authenticator's to say.
    c.Authenticator.allow_all = True
    # Beyond this machine nobody signs up without an administrator's word; and without isolation
    # a second person's code could read the first one's work.
    c.NativeAuthenticator.enable_signup = site.isolated
    c.NativeAuthenticator.open_signup = site.isolated and site.loopback
    c.LocalAuthenticator.may_sign_up = site.isolated
    c.NativeAuthenticator.minimum_password_length = PASSWORD_LENGTH
    c.NativeAuthenticator.check_common_password = True
    c.NativeAuthenticator.allowed_failed_logins = 10
    c.NativeAuthenticator.seconds_before_next_try = 60
    c.LocalAuthenticator.ticket_file = str(site.data / "hub" / FIRST_ADMIN)
    c.JupyterHub.custom_scopes = custom_scopes()
    c.JupyterHub.load_roles = roles(site.admin)
    c.JupyterHub.load_groups = {ADMINS: {"users": []}, AUTHORS: {"users": []}}


def _servers(c: Any, site: Site) -> None:
    c.JupyterHub.spawner_class = "coursewright-local"
    c.SandboxedSpawner.homes = str(site.data / "homes")
    c.SandboxedSpawner.logs = str(site.data / "logs" / "servers")
    c.SandboxedSpawner.isolated = site.isolated
    c.Spawner.server_token_scopes = TokenScopes(site.database)
    c.Spawner.default_url = "/lab"
    # Seconds; a class that arrives at once keeps a small machine busy for longer than the usual 30.
    c.Spawner.http_timeout = 90
    c.Spawner.env_keep = ["LANG", "LC_ALL", "TZ"]
    c.Spawner.environment = {
        "COURSEWRIGHT_SERVICE_URL": f"http://127.0.0.1:{site.service_port}/services/{SERVICE}",
    }
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
            "name": SERVICE,
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
            "oauth_no_confirm": True,
            "oauth_client_allowed_scopes": [ACCESS, LEARN, TEACH, AUTHOR, ADMIN, *HUB_POWERS],
            "display": True,
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
