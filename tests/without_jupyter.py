"""For tests beside a browser: a conftest imports these to set aside what pytest-jupyter brings."""

from __future__ import annotations

import pytest


@pytest.fixture
def jp_asyncio_loop() -> None:
    """pytest-jupyter's, which every test gets, is none that a browser can live beside."""


@pytest.fixture
def jp_server_cleanup() -> None:
    """There is no Jupyter server here to clean up after."""
