"""The pages' own files (static/), under an address that changes with their content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from coursewright.records.errors import NotFound
from coursewright.services.base import Handler
from coursewright.services.guards import open_to_all
from coursewright.services.routes import Route

STATIC = Path(__file__).parent / "static"
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class File:
    kind: str
    content: bytes

    @cached_property
    def version(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:12]


class Asset(Handler):
    @open_to_all
    async def get(self, asset: str) -> None:
        """A style sheet or a picture; kept by browsers for good when its version is named."""
        file = files().get(asset)
        if file is None:
            raise NotFound(f"There is no file {asset}")
        self.set_header("Content-Type", file.kind)
        if self.get_query_argument("v", "") == file.version:
            self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        self.write(file.content)


@cache
def files() -> dict[str, File]:
    """By name; only what is in the folders when it is first asked can be had.

    `vendor/` is what `make install` brings from elsewhere.
    """
    return {
        path.name: File(KINDS[path.suffix], path.read_bytes())
        for path in (*STATIC.glob("vendor/*"), *STATIC.iterdir())
        if path.suffix in KINDS
    }


def address(prefix: str, name: str) -> str:
    """Where a page finds the file."""
    return f"{prefix}static/{name}?v={files()[name].version}"


ROUTES = [Route("static/{asset}", Asset)]
