"""The Hub's own page around ours: its template, its navigation, its Bootstrap.

JupyterHub's templates are installed beside us. They are rendered here with what they ask for; the
style sheets and scripts that they name come from the Hub itself.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader
from jupyterhub._data import DATA_FILES_PATH
from jupyterhub.utils import url_path_join

from coursewright.services.service import TEMPLATES

OURS = Path(__file__).parent / "hub_templates"
HUBS = Path(DATA_FILES_PATH) / "templates"
# The Hub's page has one script of its own in its head, before anything of ours.
INLINE = re.compile(r"<script type=\"text/javascript\">(.*?)</script>", re.DOTALL)

POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "script-src 'self' {script}; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'"
)


@dataclass(frozen=True)
class HubUser:
    """As the Hub's templates know somebody who is signed in."""

    name: str
    admin: bool

    @property
    def json_escaped_name(self) -> str:
        """Inside a script's text, which it cannot end."""
        return json.dumps(self.name)[1:-1].replace("<", "\\u003c").replace(">", "\\u003e")


def environment(**names: Any) -> Environment:
    """The templates of the administrators' pages over the Hub's. A name of the Hub's that we do
    not know is empty, for each release asks for others.
    """
    hubs = FileSystemLoader(HUBS)
    made = Environment(
        loader=ChoiceLoader(
            [PrefixLoader({"templates": hubs}), FileSystemLoader([OURS, TEMPLATES]), hubs]
        ),
        auto_reload=False,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(names)
    return made


def frame(
    hub_prefix: str, service_prefix: str, name: str, scopes: frozenset[str]
) -> dict[str, Any]:
    """What the Hub gives to its page, for somebody of these scopes."""

    def static_url(path: str, **_: Any) -> str:
        return url_path_join(hub_prefix, "static", path)

    return {
        "base_url": hub_prefix,
        "prefix": hub_prefix.removesuffix("hub/"),
        "user": HubUser(name, "admin:users" in scopes),
        "login_url": f"{hub_prefix}login",
        "logout_url": f"{hub_prefix}logout",
        "static_url": static_url,
        "services": [{"name": "coursewright", "href": service_prefix}],
        "parsed_scopes": {scope.partition("!")[0]: True for scope in scopes},
        "expanded_scopes": scopes,
        "no_spawner_check": True,
        "in_coursewright": True,
    }


def policy(page: str) -> str:
    """The Content-Security-Policy of a page: the Hub's one script is let in by its digest."""
    found = INLINE.search(page)
    if found is None:
        return POLICY.format(script="")
    digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
    return POLICY.format(script=f"'sha256-{digest}'")
