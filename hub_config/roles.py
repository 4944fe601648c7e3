"""Who may do what, as data: the Hub's roles over the course service's scopes."""

from __future__ import annotations

from typing import Any

from coursewright.services import scopes
from coursewright.services.scopes import ADMIN, AUTHOR, HUB_POWERS, LEARN, SCOPES, TEACH

SERVICE = "coursewright"
CULLER = "idle-culler"
ADMINS = scopes.ADMINISTRATORS
AUTHORS = scopes.AUTHORS
ACCESS = f"access:services!service={SERVICE}"
# What every student's server may do with its own token; teaching.py adds to it for those who teach.
SERVER = ("users:activity!user", "access:servers!server", ACCESS, LEARN)


def custom_scopes() -> dict[str, dict[str, str]]:
    return {name: {"description": text} for name, text in SCOPES.items()}


def roles(admin: str) -> list[dict[str, Any]]:
    """The roles of a site whose first administrator is `admin`.

    A person's own session may learn and teach; in which course, the course's membership decides.
    A pod's token may only learn: what runs there is the student's code. That of somebody who
    teaches may teach as well.
    """
    return [
        {
            "name": "user",
            "description": "Everybody who has signed in",
            "scopes": ["self", ACCESS, LEARN, TEACH],
        },
        {
            "name": "server",
            "description": "A student's server: its own activity, and learning",
            "scopes": list(SERVER),
        },
        {
            "name": "coursewright-admin",
            "description": "Sees and manages every course, people and servers",
            "scopes": [ADMIN, AUTHOR, *HUB_POWERS],
            "users": [admin],
            "groups": [ADMINS],
        },
        {
            "name": "coursewright-author",
            "description": "Asks for new courses and publishes them",
            "scopes": [AUTHOR],
            "groups": [AUTHORS],
        },
    ]


def culling() -> dict[str, Any]:
    """The role of our own idle culler, where the Hub runs one."""
    return {
        "name": CULLER,
        "description": "Stops servers that nobody uses",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": [CULLER],
    }
