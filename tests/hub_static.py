"""What the Hub itself serves to its pages, for a browser before which no Hub runs."""

from __future__ import annotations

from pathlib import Path

from jupyterhub._data import DATA_FILES_PATH
from playwright.sync_api import Route

STATIC = Path(DATA_FILES_PATH) / "static"
KINDS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
}


def serve(route: Route) -> None:
    """As the Hub does."""
    path = route.request.url.partition("?")[0]
    name = path.partition("/hub/static/")[2] or "images/jupyterhub-80.png"
    file = STATIC / name
    if file.is_file():
        route.fulfill(path=file, content_type=KINDS.get(file.suffix, "application/octet-stream"))
    else:
        route.fulfill(status=404)
