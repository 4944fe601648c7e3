"""What the Hub is told in the same words wherever it runs, on one machine or in a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from coursewright.hub_config.admission import Admission, Announcement
from coursewright.hub_config.operations import HUB_LOG
from coursewright.hub_config.roles import ACCESS, ADMINS, AUTHORS, SERVICE, custom_scopes, roles
from coursewright.hub_config.teaching import TokenScopes
from coursewright.services.hub_frame import OURS
from coursewright.services.scopes import ADMIN, AUTHOR, HUB_POWERS, LEARN, TEACH

TEMPLATES = Path(__file__).parent / "templates"
# Shortest password that may be chosen; NIST SP 800-63B-4 asks for 8 beside a check for common ones.
PASSWORD_LENGTH = 8


def pages(c: Any, database: str) -> None:
    """The Hub's own pages: our templates, and the message to all."""
    c.JupyterHub.logging_config = HUB_LOG
    c.JupyterHub.template_paths = [str(TEMPLATES), str(OURS)]
    told = Announcement(Admission(database))
    c.JupyterHub.template_vars.update({"announcement": told, "announcement_login": told})
    c.JupyterHub.allow_named_servers = False


def rights(c: Any, admin: str) -> None:
    """Who may do what; what is there already stays."""
    c.Authenticator.admin_users = {admin, *(c.Authenticator.get("admin_users") or ())}
    c.JupyterHub.custom_scopes = custom_scopes()
    c.JupyterHub.load_roles.extend(roles(admin))
    c.JupyterHub.load_groups.update({ADMINS: {"users": []}, AUTHORS: {"users": []}})


def accounts(c: Any, database: str, ticket_file: str) -> None:
    """Accounts that the Hub keeps itself, for whoever has no sign-in of their own."""
    c.JupyterHub.authenticator_class = "coursewright-local"
    # Whoever has an account may come in; who gets an account is the authenticator's to say.
    c.Authenticator.allow_all = True
    c.LocalAuthenticator.admission = Admission(database)
    c.LocalAuthenticator.ticket_file = ticket_file
    c.NativeAuthenticator.minimum_password_length = PASSWORD_LENGTH
    c.NativeAuthenticator.check_common_password = True
    c.NativeAuthenticator.allowed_failed_logins = 10
    c.NativeAuthenticator.seconds_before_next_try = 60


def servers(c: Any, database: str, service_url: str) -> None:
    """What every student's server gets, whatever starts it."""
    c.Spawner.server_token_scopes = TokenScopes(database)
    c.Spawner.default_url = "/lab"
    # Seconds; a class that arrives at once keeps a small machine busy for longer than the usual 30.
    c.Spawner.http_timeout = 90
    c.Spawner.environment = {"COURSEWRIGHT_SERVICE_URL": service_url}


def service() -> dict[str, Any]:
    """What the Hub lets the course service do."""
    return {
        "name": SERVICE,
        "oauth_no_confirm": True,
        "oauth_client_allowed_scopes": [ACCESS, LEARN, TEACH, AUTHOR, ADMIN, *HUB_POWERS],
        "display": True,
    }
