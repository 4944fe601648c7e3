"""One running site: the facts that `coursewright up` settles and the Hub's configuration reads."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

PREFIX = "COURSEWRIGHT_SITE_"


@dataclass(frozen=True)
class Site:
    """All values are text or numbers, so that they can cross to the Hub in its environment.

    `hub_database` is a secret where it holds a password: it travels in the environment of the Hub
    only, never in an argument, and the Hub passes no variable of its own to a student's server.
    """

    data_dir: str
    database: str
    hub_database: str
    ip: str = "127.0.0.1"
    port: int = 8000
    hub_port: int = 8081
    proxy_port: int = 8001
    service_port: int = 8082
    admin: str = "admin"
    tls_key: str = ""
    tls_cert: str = ""
    isolated: bool = True

    @property
    def loopback(self) -> bool:
        return self.ip in ("127.0.0.1", "::1", "localhost")

    @property
    def url(self) -> str:
        scheme = "https" if self.tls_key else "http"
        host = f"[{self.ip}]" if ":" in self.ip else self.ip
        return f"{scheme}://{host}:{self.port}/"

    @property
    def data(self) -> Path:
        return Path(self.data_dir)

    def to_environ(self) -> dict[str, str]:
        values = ((item.name, getattr(self, item.name)) for item in fields(self))
        return {
            PREFIX + name.upper(): str(int(value) if isinstance(value, bool) else value)
            for name, value in values
        }

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] | None = None) -> Self:
        return cls(**told(cls, PREFIX, os.environ if environ is None else environ))


def told(facts: type, prefix: str, environ: Mapping[str, str]) -> dict[str, Any]:
    """Those fields of a dataclass that the environment names, each as its type."""
    kinds: dict[str, Callable[[str], Any]] = {
        "bool": lambda text: text == "1",
        "float": float,
        "int": int,
        "str": str,
    }
    return {
        item.name: kinds[str(item.type)](environ[prefix + item.name.upper()])
        for item in fields(facts)
        if prefix + item.name.upper() in environ
    }
