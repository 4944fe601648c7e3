"""A Jupyter server with the extension, and the course service that it talks to."""

from __future__ import annotations

import json
from asyncio import AbstractEventLoop
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fake_service import TOKEN, FakeService
from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from traitlets.config import Config

from coursewright.extension.pod import Pod

Ask = Callable[..., Awaitable[tuple[int, Any]]]


@pytest.fixture
def service(jp_asyncio_loop: AbstractEventLoop) -> Iterator[FakeService]:
    fake = FakeService()

    async def start() -> None:
        fake.start()

    jp_asyncio_loop.run_until_complete(start())
    yield fake
    jp_asyncio_loop.run_until_complete(fake.stop())


@pytest.fixture
def jp_server_config(service: FakeService, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", TOKEN)
    monkeypatch.setenv("COURSEWRIGHT_SERVICE_URL", service.url)
    return Config(
        {
            "ServerApp": {
                "jpserver_extensions": {"coursewright.extension": True},
                "allow_unauthenticated_access": False,
            },
            "CoursewrightExtension": {
                "timeout": 0.5,
                "submission_limit": 5000,
                "copy_after": 0.05,
                "copy_every": 0.2,
                "retry_after": 0.05,
            },
        }
    )


@pytest.fixture
def ask(
    jp_serverapp: Any,
    http_server_client: AsyncHTTPClient,
    jp_base_url: str,
    jp_auth_header: Mapping[str, str],
) -> Ask:
    """Ask the extension as the panel does: answers the status and the parsed JSON."""

    async def fetch(method: str, path: str, body: Any = None) -> tuple[int, Any]:
        sends = method in {"POST", "PUT"}
        response: HTTPResponse = await http_server_client.fetch(
            f"{jp_base_url}coursewright/api/{path}",
            method=method,
            headers=jp_auth_header,
            body=json.dumps({} if body is None else body) if sends else None,
            raise_error=False,
        )
        return response.code, json.loads(response.body)

    return fetch


@pytest.fixture
def pod(jp_serverapp: Any, jp_asyncio_loop: AbstractEventLoop) -> Pod:
    """What the handlers share, with its background work begun as a started server has it."""
    extensions = jp_serverapp.extension_manager
    jp_asyncio_loop.run_until_complete(extensions.start_all_extensions())
    found: Pod = extensions.extension_points["coursewright"].app.pod
    found.safety.line.longest = 0.2
    found.safety.copier.trying = 1.0
    return found


@pytest.fixture
def lesson_file(jp_root_dir: Path) -> Path:
    """Where the lesson `names` belongs on disk."""
    return jp_root_dir / "courses" / "python-foundations" / "names.ipynb"
